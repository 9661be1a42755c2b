"""The page's other face, for the projector: large type and few controls."""

import streamlit as st

from cxr_core.decision import BASE_PARAMETERS, CalculatorState, Comparison
from pages.calculator.controls import keep, kept, number, switch, titled
from pages.calculator.net_benefit import net_benefit_plot
from pages.calculator.verdict import verdict

# In pixels. The plot fills the window but for what stands above it.
ABOVE_THE_PLOT = 270
LOWEST_PLOT, HIGHEST_WINDOW = 400, 4400

# The server does not know how high the browser's window is, and the plot should fill it.
SCREEN_JS = """
    export default function ({ data, setStateValue }) {
      const tell = () => { if (window.innerHeight !== data.height) setStateValue("height", window.innerHeight); };
      let waiting;
      const later = () => { clearTimeout(waiting); waiting = setTimeout(tell, 300); };
      tell();
      window.onresize = later;  // in place of the one before: this is called again whenever `data` changes, and cleaned up once
      return () => { clearTimeout(waiting); window.onresize = null; };
    }
    """


def presenter_switch() -> None:
    """Draw the switch between the two faces of the page."""
    switch("presenter", "Presenter", "Large type and few controls, for the projector.")


def presenter_page(state: CalculatorState, comparison: Comparison) -> None:
    """Draw the sentence, the first plot, and two sliders of choice, large. The plot fills the window."""
    verdict(state, comparison, large=True)
    left, right = st.columns([3, 7], gap="medium")
    with left:
        presenter_switch()
        _two_sliders(state)
        st.caption("For research and teaching. Not a medical device.")
        height = max(LOWEST_PLOT, _window_height() - ABOVE_THE_PLOT)
    with right:
        net_benefit_plot(state, height=height, text_size=max(20, height // 32))


def _two_sliders(state: CalculatorState) -> None:
    offered = list(BASE_PARAMETERS)
    for key, default in (("presented_first", "prevalence"), ("presented_second", "value")):
        field = kept(key, default)
        if field not in offered:  # the other list has taken it
            field = st.session_state[key] = offered[0]
        st.selectbox("Slider", offered, format_func=titled, key=key, on_change=keep, args=(key,), label_visibility="collapsed")
        number(field, disabled=field == "sensitivity_xray" and state.source != "typed", widths=(1, 1))
        offered = [name for name in offered if name != field]


def _window_height() -> int:
    """Return how high the browser's window is, in pixels; 0 until it has told."""
    known = st.session_state.get("kept_screen", 0)
    # Registered in every run, since every server and every test has a register of its own.
    screen = st.components.v2.component("second_look_screen", js=SCREEN_JS)
    told = screen(key="screen", data={"height": known}, default={"height": known}, on_height_change=lambda: None).height
    st.session_state.kept_screen = int(told) if told and 0 < told <= HIGHEST_WINDOW else 0
    return st.session_state.kept_screen
