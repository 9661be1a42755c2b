"""How far the probabilities can be believed, and what a read says where they cannot."""

from functools import partial

import streamlit as st

from cxr_core.card import DoubtResult, ModelCard, StabilityResult
from cxr_core.figures import reliability_figure, set_sizes_figure
from cxr_core.reporting import doubt_card, meaning, tables
from pages.card.parts import chart, findings, not_measured, section, show_table


def doubt(card: ModelCard) -> None:
    """Show calibration, prediction sets and the operating point of COVID."""
    section("doubt")
    found = card.doubt
    if found is not None:
        st.markdown(f"{found.note} Temperature, thresholds of the sets and operating point were fitted and chosen on val alone.")
    left, right = st.columns(2, gap="large")
    with left:
        draw = partial(reliability_figure, card.reliability, found.reliability_before if found is not None else ())
        chart(draw, "reliability", meaning.calibration_sentence(card.results, card.reliability))
    with right:
        if found is None:
            st.markdown("The same by range of the top class's probability. A point that stands on few films says little.")
            show_table(tables.reliability_table(card.reliability), "reliability")
        else:
            st.markdown(doubt_card.temperature_sentence(found, card.results.expected_calibration_error))
            st.markdown("By range of the top class's probability. A point that stands on few films says little.")
            show_table(doubt_card.calibration_table(card.reliability, found.reliability_before), "reliability")
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


def sets_and_point(found: DoubtResult) -> None:
    """Show what else was fitted on val, on the card's films."""
    left, right = st.columns(2, gap="large")
    with left:
        findings([("Prediction sets", doubt_card.coverage_finding(found))])
        show_table(doubt_card.coverage_table(found), "coverage")
    with right:
        chart(partial(set_sizes_figure, found.set_sizes), "set-sizes", doubt_card.sizes_sentence(found))
    findings([("Operating point of COVID", doubt_card.point_finding(found))])
    show_table(doubt_card.point_table(found), "operating-point", words=["chosen for"])


def stability(found: StabilityResult) -> None:
    """Show what small changes of the films do to the answer."""
    left, right = st.columns(2, gap="large")
    with left:
        findings([("Small changes", doubt_card.stability_finding(found))])
    with right:
        show_table(doubt_card.stability_table(found), "stability")
