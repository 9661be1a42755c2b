"""The two-way map: which test is preferred over two parameters."""

import streamlit as st

from cxr_core.calculator import CalculatorState
from cxr_core.decision import BASE_PARAMETERS, PARAMETERS, axis_values, break_even, two_way
from cxr_core.figures import difference_map_figure
from pages.calculator.controls import ALONE, from_widget, titled
from pages.plot import look, plot


def map_tab(state: CalculatorState) -> None:
    """Draw the difference over two parameters of choice."""
    names = list(PARAMETERS if state.false_positives else BASE_PARAMETERS)
    across, up = st.columns(2)
    for column, field, other, label in ((across, "map_x", state.map_y, "Across"), (up, "map_y", state.map_x, "Up")):
        current = getattr(state, field)
        offered = [name for name in names if name != other]
        st.session_state[f"set_{field}"] = current
        column.selectbox(
            label,
            offered if current in offered else [current, *offered],
            format_func=titled,
            key=f"set_{field}",
            on_change=from_widget,
            args=(field,),
        )
    xray, pcr, scenario = state.xray(), state.pcr(), state.scenario()
    across_tie, up_tie = (break_even(name, xray, pcr, scenario) for name in (state.map_x, state.map_y))
    grid = two_way(state.map_x, state.map_y, axis_values(across_tie), axis_values(up_tie), xray=xray, pcr=pcr, scenario=scenario)
    plot(
        difference_map_figure(grid, across_tie.current, up_tie.current, look=look()),
        "map",
        "Which test is preferred over two parameters.",
    )
    if state.sequential:
        st.caption(ALONE)
    st.caption("Darker means a larger difference. The tests tie on the line. The white ring is where the sliders are.")
