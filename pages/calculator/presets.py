"""The presets: the list, and what the chosen one teaches."""

import streamlit as st

from cxr_core.calculator import load_presets, with_preset
from pages.calculator.memory import calculator, put
from pages.calculator.steps import paste, steps


def preset_controls() -> None:
    """Draw the list of presets with undo, redo and paste beside it, and what the chosen one teaches."""
    presets = load_presets()
    key = calculator().preset if calculator().preset in presets else ""
    st.session_state.set_preset = key
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        st.selectbox(
            "Preset",
            ["", *presets],
            format_func=lambda name: presets[name].name if name else "None: my own numbers",
            key="set_preset",
            on_change=_choose,
            width="stretch",
        )
        steps()
        paste()
    if key:
        preset = presets[key]
        st.caption(f"{'*Numbers changed since.* ' if preset.changed(calculator()) else ''}**{preset.lesson}**")
        with st.popover("Source of these numbers", type="tertiary", icon=":material/menu_book:"):
            st.markdown(preset.source)


def _choose() -> None:
    put(with_preset(calculator(), st.session_state.set_preset))
