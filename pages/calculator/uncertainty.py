"""How sure the choice is, when what it rests on is not known exactly."""

from typing import Literal

import streamlit as st

from cxr_core.calculator import CalculatorState, amount_text, share_text
from cxr_core.decision import DRAWS, PARAMETERS, Simulation, acceptability, axis_values, break_even, histogram, simulate
from cxr_core.figures import acceptability_figure, difference_histogram_figure
from pages.calculator.controls import ALONE, box, titled, view_choice
from pages.plot import look, plot


def uncertainty_tab(state: CalculatorState) -> None:
    """Draw how sure the choice is."""
    first, second, third = st.columns(3)
    with first:
        linked = state.source != "typed"
        box("cases_xray", "COVID patients behind $S_\\text{xray}$", disabled=linked, help="0: taken as certain.")
    with second:
        box("cases_pcr", "COVID patients behind $S_\\text{pcr}$", help="0: taken as certain.")
    with third:
        box("spread", "P and C uncertain by, %", help="Prevalence and both costs are drawn evenly, from this far below to this far above.")
    simulation = simulate(state.xray(), state.pcr(), state.scenario(), state.uncertainty())
    chance, interval = st.columns([1, 2])
    chance.metric(
        "X-ray is better than PCR in" if state.sequential else "X-ray is preferred in",
        share_text(simulation.probability_xray),
        help=f"Of {DRAWS:,} draws of what is uncertain.",
    )
    interval.metric("Difference, central 95% of draws", f"{amount_text(simulation.low)} to {amount_text(simulation.high)}")
    plot(
        difference_histogram_figure(histogram(simulation), simulation.low, simulation.high, look=look()),
        "histogram",
        "Draws of the difference of the net benefits.",
    )
    _acceptability(state, simulation)


def _acceptability(state: CalculatorState, simulation: Simulation) -> None:
    if state.sequential:
        st.caption(ALONE)
    options = {"cost_importance": titled("cost_importance"), "value": titled("value")}
    chosen = view_choice("over", "Probability that X-ray is preferred, over", options)
    over: Literal["cost_importance", "value"] = "value" if chosen == "value" else "cost_importance"
    crossing = break_even(over, state.xray(), state.pcr(), state.scenario())
    places = axis_values(crossing, 121)
    plot(
        acceptability_figure(PARAMETERS[over], places, acceptability(simulation, over, places), crossing.current, look=look()),
        "acceptability",
        "Probability that X-ray is preferred over a parameter.",
    )
