"""The page's other face, for the projector: large type and few controls."""

from pathlib import Path
from typing import Final

import streamlit as st

from cxr_core import DISCLAIMER
from cxr_core.calculator import CalculatorState
from cxr_core.decision import BASE_PARAMETERS, Comparison
from pages.calculator.controls import keep, kept, number, switch, titled
from pages.calculator.memory import link_notes
from pages.calculator.net_benefit import net_benefit_plot
from pages.calculator.steps import steps
from pages.calculator.verdict import height_of_verdict, inequality, verdict

# In pixels. The plot fills the window but for what stands above it.
ABOVE_THE_PLOT, ABOVE_THE_BARE_PLOT, BELOW_THE_PLOT = 91, 48, 20  # beside the verdict and the inequality
A_LINE_OF_THE_INEQUALITY = 55
LOWEST_PLOT, HIGHEST_WINDOW = 280, 4400
TEXT_SIZE, LARGEST_TEXT = 20, 32

# The server does not know how high the browser's window is, and the plot should fill it; nor does it hear a key.
SCREEN_JS: Final = (Path(__file__).parent / "screen.js").read_text(encoding="utf-8")


def presenter_switch() -> None:
    """Draw the switch between the two faces of the page."""
    switch("presenter", "Presenter", "Large type and few controls, for the projector.")


def presenter_page(state: CalculatorState, comparison: Comparison) -> None:
    """Draw the sentence, the inequality, the first plot, and two sliders of choice, all large. The plot fills the window.

    The key H hides all but the sentence and the plot, and brings it back.
    """
    window, bare = _screen()
    with st.container(key="bare" if bare else "presenter", gap="small"):
        verdict(state, large=True)
        if bare:
            _plot(state, window - ABOVE_THE_BARE_PLOT - height_of_verdict(state), 1.2 * window)
            return
        link_notes()
        with st.container(key="presented-inequality"):
            inequality(state, comparison)
        left, right = st.columns([3, 7], gap="medium")
        with left, st.container(key="presented-controls", gap="small"):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                presenter_switch()
                steps()
            _two_sliders(state)
        with left:
            st.caption(f"`H` hides all but the sentence and the plot. {DISCLAIMER}")
        with right:
            lines = 3 if state.false_positives or state.waiting else 2
            _plot(state, window - ABOVE_THE_PLOT - height_of_verdict(state) - lines * A_LINE_OF_THE_INEQUALITY, 0.8 * window)


def _plot(state: CalculatorState, height: int, width: float) -> None:
    """Draw the plot as high as there is room; `width` is what it has at least on a screen of 4 to 3."""
    height = max(LOWEST_PLOT, height - BELOW_THE_PLOT)
    size = min(LARGEST_TEXT, max(TEXT_SIZE, height // 26))
    net_benefit_plot(state, height=height, text_size=size, width=max(LOWEST_PLOT, int(width)))


def _two_sliders(state: CalculatorState) -> None:
    offered = list(BASE_PARAMETERS)
    for key, default in (("presented_first", "prevalence"), ("presented_second", "value")):
        field = kept(key, default)
        if field not in offered:  # the other list has taken it
            field = st.session_state[key] = offered[0]
        st.selectbox("Slider", offered, format_func=titled, key=key, on_change=keep, args=(key,), label_visibility="collapsed")
        number(field, disabled=field == "sensitivity_xray" and state.source != "typed", widths=(3, 2), said=False)
        offered = [name for name in offered if name != field]


def _screen() -> tuple[int, bool]:
    """Return how high the browser's window is, in pixels, 0 until it has told; and whether all but the sentence and the plot is hidden."""
    known, bare = st.session_state.get("kept_screen", 0), st.session_state.get("kept_bare", False)
    # Registered in every run, since every server and every test has a register of its own.
    screen = st.components.v2.component("second_look_screen", js=SCREEN_JS)
    told = screen(
        key="screen",
        data={"height": known, "bare": bare},
        default={"height": known},
        on_height_change=lambda: None,
        on_hide_change=_hide_or_show,
    ).height
    st.session_state.kept_screen = int(told) if told and 0 < told <= HIGHEST_WINDOW else 0
    return st.session_state.kept_screen, bare


def _hide_or_show() -> None:
    st.session_state.kept_bare = not st.session_state.get("kept_bare", False)
