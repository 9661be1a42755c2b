"""What becomes of the model on films from elsewhere."""

import streamlit as st

from cxr_core.artifacts import ModelCard
from cxr_core.labels import split_films
from cxr_core.model_card import elsewhere_card
from pages.card.finder import link
from pages.card.parts import findings, not_measured, section, show_table


def elsewhere(card: ModelCard) -> None:
    """Show the figures of other collections, what the features know of where films come from, and where the maps point."""
    section("elsewhere")
    found = card.elsewhere
    if found is None:
        not_measured()
        return
    st.markdown("Your films come from a place that the model never saw. These figures come closest to how it does there.")
    if found.unseen is None:
        st.markdown("**No films from elsewhere were given, so nobody knows how the model does there.**")
    else:
        findings([("Films that no training saw", elsewhere_card.unseen_finding(found.unseen, card.results))])
    if found.collections:
        show_table(elsewhere_card.collection_table(found.collections), "elsewhere", words=["what it is", "seen in training"])
        st.markdown("What the films were called, by what they are.")
        show_table(elsewhere_card.called_table(found.collections), "elsewhere-called", words=["films of"])
    left, right = st.columns(2, gap="large")
    with left:
        findings([("Source probe", elsewhere_card.probe_finding(found.probes))])
        st.markdown("Beside it: the class, with the lungs or their surroundings blanked.")
        blanked = [audit for audit in card.audits if "blanked" in audit.name]
        show_table(elsewhere_card.probe_table(found.probes, blanked), "elsewhere-probe")
        link("More such audits", "shortcuts")
    with right:
        st.markdown(f"The {split_films(card.data.split)} by where they came from.")
        show_table(elsewhere_card.source_table(found.sources), "elsewhere-sources", words=["source"])
        if found.by_source:
            st.markdown("The same films by source alone.")
            show_table(elsewhere_card.source_total_table(found.by_source), "elsewhere-by-source", words=["source", "classes"])
    findings([("Does the gate notice?", elsewhere_card.detector_finding(found))])
    if found.collections:
        show_table(elsewhere_card.gate_table(found), "elsewhere-gate", words=["seen in training"])
    if found.disagreement:
        findings([("Two networks", elsewhere_card.disagreement_finding(found.disagreement))])
    if found.alone:
        show_table(elsewhere_card.network_table(found.alone, found, card.results), "elsewhere-networks", words=["network"])
    if found.pointing is None:
        st.markdown("**Pointing game.** Not measured: there were no masks.")
    else:
        left, right = st.columns(2, gap="large")
        with left:
            findings([("Pointing game", elsewhere_card.pointing_finding(found.pointing))])
        with right:
            findings([("Inside the lungs", elsewhere_card.lung_ratio_finding(found.pointing))])
