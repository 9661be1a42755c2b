"""The presets: the list, the way back, and what the chosen one teaches."""

import streamlit as st

from cxr_core.decision import load_presets, with_preset
from pages.calculator.memory import calculator, put


def preset_controls() -> None:
    """Draw the list of presets, the way back, and what the preset teaches."""
    state, presets = st.session_state, load_presets()
    key = calculator().preset if calculator().preset in presets else ""
    state.set_preset = key
    listed, back = st.columns([3, 1], vertical_alignment="bottom")
    listed.selectbox(
        "Preset",
        ["", *presets],
        format_func=lambda name: presets[name].name if name else "None: my own numbers",
        key="set_preset",
        on_change=_choose,
    )
    back.button(
        "Undo",
        key="undo",
        help="Back to the numbers that I had before the preset.",
        on_click=_undo,
        disabled=state.before is None,
        width="stretch",
    )
    if key:
        preset = presets[key]
        st.caption(f"{'*Numbers changed since.* ' if preset.changed(calculator()) else ''}**{preset.lesson}**")
        with st.popover("Source of these numbers", type="tertiary", icon=":material/menu_book:"):
            st.markdown(preset.source)


def _choose() -> None:
    state = st.session_state
    if state.chosen != calculator():  # looking through presets one after the other keeps the reader's own numbers
        state.before = calculator()
    put(with_preset(calculator(), state.set_preset))
    state.chosen = calculator()


def _undo() -> None:
    put(st.session_state.before)
    st.session_state.before = None
