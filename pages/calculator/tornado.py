"""The tornado: what each parameter alone can do, and where it makes the tests tie."""

import streamlit as st

from cxr_core.decision import CalculatorState, Comparison, break_even_rows, break_evens, default_ranges, tornado, turning_sentence
from cxr_core.figures import tornado_figure
from pages.calculator.controls import symbol
from pages.calculator.plot import look, plot


def tornado_tab(state: CalculatorState, comparison: Comparison) -> None:
    """Draw what each parameter alone can do."""
    tests = (state.xray(), state.pcr(), state.scenario())
    bars = tornado(*tests, default_ranges(*tests))
    plot(
        tornado_figure(bars, comparison.difference, look=look()),
        "tornado",
        "What each parameter's range does to the difference of the net benefits.",
    )
    st.caption(
        "Sensitivities 5 points either way, everything else from half to twice: a convention for drawing, not what is known. "
        + turning_sentence(bars)
    )
    st.markdown("**Where the tests tie**, each parameter moved alone")
    rows = [f"| {symbol(name)} | {now} | {tie} | {where} |" for name, now, tie, where in break_even_rows(break_evens(*tests))]
    st.markdown("| | Now | Tie at | X-ray preferred |\n|---|---:|---:|---|\n" + "\n".join(rows))
