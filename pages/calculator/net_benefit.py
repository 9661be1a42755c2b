"""Net benefit against prevalence: the first plot, how far its axis reaches, and what stands beneath it."""

import streamlit as st

from cxr_core.calculator import (
    CalculatorState,
    answer,
    quadrant_sentence,
    ranking_of,
    results_of,
    special_cases,
    strategy_rows,
)
from cxr_core.decision import PrevalenceCurves, break_even, prevalence_curves, shown_prevalences
from cxr_core.figures import net_benefit_figure
from pages.calculator.controls import view_choice
from pages.plot import look, plot

AXES = {"auto": "Fitted", "0.01": "to 1%", "0.1": "to 10%", "1.0": "to 100%", "log": "Log"}


def net_benefit_plot(state: CalculatorState, *, height: int = 400, text_size: int = 13, width: int = 570) -> PrevalenceCurves:
    """Draw net benefit over the prevalences that the reader wants to see; return the curves."""
    xray, pcr, scenario = state.xray(), state.pcr(), state.scenario()
    places, log = shown_prevalences(break_even("prevalence", xray, pcr, scenario), st.session_state.get("kept_axis", "auto"))
    curves = prevalence_curves(xray, pcr, scenario, places, sequential=state.sequential)
    here = {result.strategy: result.net_benefit for result in results_of(state)}
    plot(
        net_benefit_figure(curves, state.prevalence, here, log=log, height=height, width=width, look=look(text_size)),
        "net_benefit",
        f"Net benefit of {'every strategy' if state.sequential else 'both tests'} against prevalence. {answer(state).change}",
    )
    return curves


def prevalence_axis() -> None:
    """Draw how far the plot's prevalence axis reaches."""
    view_choice("axis", "Prevalence axis", AXES)


def in_words(state: CalculatorState) -> None:
    """Say what sensitivity and cost alone mean for the choice, and what is out of the ordinary; compare all strategies if wanted."""
    tests, of_all = (state.xray(), state.pcr(), state.scenario()), state.sequential
    st.caption(" ".join([quadrant_sentence(*tests, of_all=of_all), *special_cases(*tests, of_all=of_all)]))
    if state.sequential:
        _strategies_table(state)


def _strategies_table(state: CalculatorState) -> None:
    ranking = ranking_of(state)
    best = {strategy.value for strategy in ranking.best}
    rows = [
        f"| {f'**{name}**' if name in best else name} | {' | '.join(figures)} |"
        for name, *figures in strategy_rows(ranking, results_of(state))
    ]
    st.markdown("| Strategy | Net benefit | Finds | Cost | Second test |\n|---|---:|---:|---:|---:|\n" + "\n".join(rows))
    if not state.false_positives:
        st.caption("Best in bold. Without *False positives* neither test raises a false alarm, so few have PCR after a positive X-ray.")
