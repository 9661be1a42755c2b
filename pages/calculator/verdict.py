"""The answer: who is preferred, by how much, what would flip it, and the inequality behind it."""

import streamlit as st

from cxr_core.decision import (
    CalculatorState,
    Comparison,
    amount_text,
    break_evens,
    inequality_lines,
    verdict_sentence,
    what_would_flip,
)

HEIGHT = 140
"""In pixels. The frame keeps it, whatever the sentence, so that nothing below it moves with the sliders."""


def verdict(state: CalculatorState, comparison: Comparison, *, large: bool = False) -> None:
    """Say who is preferred, by how much, and what would flip it."""
    flip = what_would_flip(break_evens(state.xray(), state.pcr(), state.scenario()))
    with st.container(height=HEIGHT, border=False, key="verdict", gap=None):
        if large:
            st.title(verdict_sentence(comparison), anchor=False)
            st.subheader(flip, anchor=False)
        else:
            st.subheader(verdict_sentence(comparison), anchor=False)
            st.markdown(f"**{flip}**")


def verdict_with_inequality(state: CalculatorState, comparison: Comparison) -> None:
    """Say the verdict and both net benefits, the inequality beside them."""
    said, beside = st.columns(2, gap="medium", vertical_alignment="center")
    with said:
        verdict(state, comparison)
        xray, pcr = (amount_text(amount) for amount in (comparison.net_benefit_xray, comparison.net_benefit_pcr))
        st.markdown(f"Net benefit of X-ray **{xray}**, of PCR **{pcr}** :gray[(units of benefit a patient tested)]")
    # With an extension the inequality has another term, and takes the whole width. Inline mathematics wraps where the screen is narrow.
    lines = "\n\n".join(f"${line}$" for line in inequality_lines(state, comparison))
    (st if state.false_positives or state.waiting else beside).markdown(lines)
