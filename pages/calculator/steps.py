"""Undo, redo, and the box that takes a scenario that somebody sent."""

import streamlit as st

from cxr_core.calculator import NoScenarioError, from_text
from pages.calculator.memory import bring


def steps() -> None:
    """Draw undo and redo, as icons."""
    history = st.session_state.history
    for key, able, action, keys in (
        ("undo", history.can_undo, history.undo, "Mod+Z"),
        ("redo", history.can_redo, history.redo, "Mod+Shift+Z"),
    ):
        st.button(
            f":material/{key}:",
            key=key,
            help=f"{key.capitalize()} ({keys.replace('Mod', 'Ctrl')})",
            on_click=lambda go=action: bring(go()),
            disabled=not able,
            shortcut=keys,
        )


def paste() -> None:
    """Draw where a scenario that somebody sent is pasted."""
    with st.popover(":material/content_paste:", help="Open a scenario: paste a link, or its text after the ?"):
        st.text_input("A link to a scenario, or its text after the ?", key="pasted", on_change=_open, placeholder="p=0.25&v=1000")
        if complaint := st.session_state.get("paste_complaint"):
            st.error(complaint, icon=":material/link_off:")


def _open() -> None:
    state = st.session_state
    text, state.paste_complaint = state.pasted, ""
    if not text.strip():
        return
    try:
        bring(*from_text(text))
        state.pasted = ""
    except NoScenarioError as error:
        state.paste_complaint = str(error)
