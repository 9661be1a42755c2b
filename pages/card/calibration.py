"""How far the probabilities can be believed, and what a read says where they cannot."""

from functools import partial

import streamlit as st

from cxr_core.artifacts import CalibrationResult, ModelCard, StabilityResult
from cxr_core.figures import reliability_figure, set_sizes_figure
from cxr_core.model_card import calibration_card, tables
from pages.card.parts import chart, findings, not_measured, section, show_table


def calibration(card: ModelCard) -> None:
    """Show calibration, prediction sets and the operating point of COVID."""
    section("calibration")
    found = card.calibration
    if found is not None:
        st.markdown(f"{found.note} Temperature, thresholds of the sets and operating point were fitted on the validation films alone.")
    left, right = st.columns(2, gap="large")
    with left:
        draw = partial(reliability_figure, card.reliability, found.reliability_before if found is not None else ())
        chart(draw, "reliability", calibration_card.calibration_sentence(card.results, card.reliability))
    with right:
        if found is None:
            st.markdown("The same by range of the top class's probability. A point from few films says little.")
            show_table(tables.reliability_table(card.reliability), "reliability")
        else:
            st.markdown(calibration_card.temperature_sentence(found, card.results.expected_calibration_error))
            st.markdown("By range of the top class's probability. A point from few films says little.")
            show_table(calibration_card.calibration_table(card.reliability, found.reliability_before), "reliability")
    if found is None:
        st.markdown("**Temperature scaling, prediction sets, operating point**")
        not_measured()
    else:
        sets_and_point(found)
    if card.stability is None:
        st.markdown("**Small changes**")
        not_measured()
    else:
        stability(card.stability)


def sets_and_point(found: CalibrationResult) -> None:
    """Show what else was fitted on the validation films, on the card's films."""
    left, right = st.columns(2, gap="large")
    with left:
        findings([("Prediction sets", calibration_card.coverage_finding(found))])
        show_table(calibration_card.coverage_table(found), "coverage")
    with right:
        chart(partial(set_sizes_figure, found.set_sizes), "set-sizes", calibration_card.sizes_sentence(found))
    findings([("Operating point of COVID", calibration_card.point_finding(found))])
    show_table(calibration_card.point_table(found), "operating-point", words=["chosen for"])


def stability(found: StabilityResult) -> None:
    """Show what small changes of the films do to the answer."""
    left, right = st.columns(2, gap="large")
    with left:
        findings([("Small changes", calibration_card.stability_finding(found))])
    with right:
        show_table(calibration_card.stability_table(found), "stability")
