"""PCR or X-ray? The net-benefit calculator: controls in, the verdict, its mathematics and its plots out."""

import streamlit as st

from cxr_core import DISCLAIMER
from cxr_core.artifacts import SHIPPED_MODEL
from cxr_core.calculator import CalculatorState
from cxr_core.decision import Comparison, compare
from pages.calculator import (
    ShippedModel,
    explain,
    extensions,
    in_words,
    link_notes,
    net_benefit_plot,
    number,
    open_calculator,
    presenter_page,
    presenter_switch,
    preset_controls,
    prevalence_axis,
    sensitivity_of_xray,
    tabs,
    take_away,
    verdict_with_inequality,
    write_link,
)
from pages.insides import first_screen_first, through_the_router

through_the_router()


def all_controls(model: ShippedModel) -> None:
    """Draw every control."""
    preset_controls()
    number("prevalence")
    number("value")
    sensitivity_of_xray(model)
    for field in ("sensitivity_pcr", "cost_xray", "cost_pcr", "cost_importance"):
        number(field)
    extensions()


def working_page(state: CalculatorState, comparison: Comparison, model: ShippedModel) -> None:
    """Draw everything."""
    verdict_with_inequality(state, comparison)
    link_notes()
    left, right = st.columns([2, 3], gap="large")
    with left:
        all_controls(model)
    first_screen_first()
    with right:
        curves = net_benefit_plot(state)
        reach, mode = st.columns([3, 1], vertical_alignment="bottom")
        with reach:
            prevalence_axis()
        with mode:
            presenter_switch()
        in_words(state)
        tabs(state, comparison, model)
    take_away(state, curves, model)
    explain(state, comparison)
    st.caption(DISCLAIMER)


state, model = open_calculator(ShippedModel.with_chosen_figures(SHIPPED_MODEL))
write_link()
comparison = compare(state.xray(), state.pcr(), state.scenario())
if state.presenter:
    presenter_page(state, comparison)
else:
    working_page(state, comparison, model)
