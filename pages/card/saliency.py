"""How far the saliency maps can be believed."""

from functools import partial

import streamlit as st

from cxr_core.artifacts import SALIENCY_CAVEAT, ModelCard, read_lung_card
from cxr_core.figures import agreement_figure, patch_curve_figure, randomised_figure
from cxr_core.lungs import LUNG_NETWORK
from cxr_core.model_card import saliency_card
from pages.card.parts import chart, csv_button, findings, not_measured, section, show_table


def saliency(card: ModelCard) -> None:
    """Show where the maps lie, and what becomes of them when film or network is changed."""
    section("saliency")
    st.markdown(SALIENCY_CAVEAT)
    found = card.saliency
    if found is None:
        not_measured()
        return
    st.caption(f"{found.films:,} films. {found.method}")
    findings([("Inside the lungs", saliency_card.inside_finding(found.inside))])
    show_table(saliency_card.inside_table(found.inside), "saliency-inside")
    left, right = st.columns(2, gap="large")
    lungs = read_lung_card(LUNG_NETWORK)
    with left:
        findings([("Lung fields", saliency_card.lung_fields_finding(lungs))])
    with right:
        show_table(saliency_card.dice_table(lungs), "lung-fields")
    left, right = st.columns(2, gap="large")
    with left:
        chart(partial(patch_curve_figure, found.deletion, "taken away"), "deletion", saliency_card.deletion_sentence(found.deletion))
    with right:
        chart(partial(patch_curve_figure, found.insertion, "put back"), "insertion", saliency_card.insertion_sentence(found.insertion))
    csv_button(saliency_card.patch_table(found), "deletion-insertion", "CSV of both")
    left, right = st.columns(2, gap="large")
    with left:
        draw = partial(randomised_figure, found.randomised, found.other_film)
        chart(draw, "randomised", saliency_card.randomised_sentence(found.randomised, found.other_film))
        csv_button(saliency_card.randomised_table(found), "randomised")
    with right:
        draw = partial(agreement_figure, found.agreement)
        chart(draw, "agreement", saliency_card.agreement_sentence(found.agreement, found.agreement_films))
        csv_button(saliency_card.agreement_table(found.agreement), "agreement")
