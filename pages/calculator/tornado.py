"""The tornado: what each parameter alone can do, and where it changes what is best."""

import streamlit as st

from cxr_core.calculator import CalculatorState, break_even_rows, lead_sentence, ranking_of, region_rows, turning_sentence
from cxr_core.decision import BASE_PARAMETERS, Comparison, best_regions, break_evens, default_ranges, lead_tornado, tornado
from cxr_core.figures import lead_figure, tornado_figure
from pages.calculator.controls import symbol
from pages.plot import look, plot

RANGES = "Sensitivities 5 points either way, everything else from half to twice: a convention for drawing, not what is known. "


def tornado_tab(state: CalculatorState, comparison: Comparison) -> None:
    """Draw what each parameter alone can do to the choice between the two tests, or to what is best of all strategies."""
    if state.sequential:
        _lead(state)
    else:
        _difference(state, comparison)


def _difference(state: CalculatorState, comparison: Comparison) -> None:
    tests = (state.xray(), state.pcr(), state.scenario())
    bars = tornado(*tests, default_ranges(*tests))
    plot(
        tornado_figure(bars, comparison.difference, look=look()),
        "tornado",
        "What each parameter's range does to the difference of the net benefits.",
    )
    st.caption(RANGES + turning_sentence(bars))
    st.markdown("**Where the tests tie**, each parameter moved alone")
    rows = [f"| {symbol(name)} | {now} | {tie} | {where} |" for name, now, tie, where in break_even_rows(break_evens(*tests))]
    st.markdown("| | Now | Tie at | X-ray preferred |\n|---|---:|---:|---|\n" + "\n".join(rows))


def _lead(state: CalculatorState) -> None:
    tests = (state.xray(), state.pcr(), state.scenario())
    ranking = ranking_of(state)
    bars = lead_tornado(*tests, default_ranges(*tests))
    plot(
        lead_figure(bars, ranking.best[0], ranking.lead, look=look()),
        "tornado",
        "What each parameter's range does to the lead of the best strategy.",
    )
    st.caption(RANGES + lead_sentence(bars))
    st.markdown("**What is best**, each parameter moved alone from low to high")
    regions = {name: best_regions(name, *tests) for name in BASE_PARAMETERS}
    now = {name: getattr(state, name) for name in BASE_PARAMETERS}
    rows = [f"| {symbol(name)} | {current} | {best} |" for name, current, best in region_rows(regions, now)]
    st.markdown("| | Now | Best |\n|---|---:|---|\n" + "\n".join(rows))
