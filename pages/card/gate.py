"""How the input gate does."""

import streamlit as st

from cxr_core.artifacts import ModelCard
from cxr_core.evaluation import external_laterals
from cxr_core.model_card import gate_card
from pages.card.parts import findings, not_measured, section, show_table


def gate(card: ModelCard) -> None:
    """Show what the gate makes of films, of changed films, of pictures of other things, and of films from elsewhere."""
    section("gate")
    found = card.gate
    if found is None:
        not_measured()
        return
    st.markdown(gate_card.gate_sentence(found, card.data.split))
    left, right = st.columns(2, gap="large")
    with left:
        findings([("Chest films", gate_card.films_finding(found, card.data.split))])
        show_table(gate_card.outcome_table(found), "gate-films")
        reasons = gate_card.reason_table(found)
        if not reasons.empty:
            st.markdown("Reasons for warnings and refusals; a film may have several.")
            show_table(reasons, "gate-reasons", words=["outcome"])
    with right:
        findings([("Turned, inverted and mirrored films", gate_card.changed_finding(found))])
        show_table(gate_card.changed_table(found.changed), "gate-changed")
        findings([("Corrupted films", gate_card.corruptions_finding(found))])
        show_table(gate_card.changed_table(found.corruptions), "gate-corruptions")
        findings([("Other proportions", gate_card.narrowed_finding(found))])
    findings([("Pictures of other things", gate_card.others_finding(found))])
    show_table(gate_card.others_table(found), "gate-others")
    if not found.external:
        st.markdown("**Films from elsewhere.** None were given.")
        return
    laterals = external_laterals(card.data.index_sha256)
    findings([("Films from elsewhere", gate_card.external_finding(found.external, laterals))])
    st.markdown(f"These {len(found.external):,} films one by one, lateral views first.")
    listed = gate_card.external_table(found.external, laterals)
    show_table(listed, "gate-external", words=listed.columns[1:])
