"""The answer: who is preferred, by how much, what would flip it, and the inequality behind it."""

import streamlit as st

from cxr_core.calculator import (
    STRATEGY_NAMES,
    CalculatorState,
    answer,
    inequality_lines,
    ranking_of,
    shown_benefits,
    shown_comparison,
)
from cxr_core.decision import SINGLE_TESTS, Comparison

HEIGHT, HEIGHT_OF_FIVE = 140, 190
"""In pixels. The frame keeps it, whatever the sentence, so that nothing below it moves with the sliders."""


def height_of_verdict(state: CalculatorState) -> int:
    """Return how high the frame of the verdict is, in pixels."""
    return HEIGHT_OF_FIVE if state.sequential else HEIGHT


def verdict(state: CalculatorState, *, large: bool = False) -> None:
    """Say what is best of what is compared, by how much, and what would change that."""
    said = answer(state)
    with st.container(height=height_of_verdict(state), border=False, key="verdict", gap=None):
        if large:
            st.title(said.sentence, anchor=False)
            st.subheader(said.change, anchor=False)
        else:
            st.subheader(said.sentence, anchor=False)
            st.markdown(f"**{said.change}**")


def verdict_with_inequality(state: CalculatorState, comparison: Comparison) -> None:
    """Say the verdict and both net benefits, the inequality beside them."""
    said, beside = st.columns(2, gap="medium", vertical_alignment="center")
    with said:
        verdict(state)
        st.markdown(_net_benefits(state, comparison))
    # With an extension the inequality has another term, and takes the whole width.
    if state.false_positives or state.waiting:
        inequality(state, comparison)
    else:
        with beside:
            inequality(state, comparison)


def inequality(state: CalculatorState, comparison: Comparison) -> None:
    """Write the inequality, with its numbers. Inline mathematics wraps where the screen is narrow."""
    st.markdown("\n\n".join(f"${line}$" for line in inequality_lines(state, comparison)))


def _net_benefits(state: CalculatorState, comparison: Comparison) -> str:
    unit = ":gray[(units of benefit a patient tested)]"
    if not state.sequential:
        shown = shown_comparison(comparison)
        return f"Net benefit of X-ray **{shown.xray}**, of PCR **{shown.pcr}** {unit}"
    texts, _ = shown_benefits(ranking_of(state))
    named = [*SINGLE_TESTS, *(strategy for strategy in ranking_of(state).best if strategy not in SINGLE_TESTS)]
    return f"Net benefit of {', of '.join(f'{STRATEGY_NAMES[strategy]} **{texts[strategy]}**' for strategy in named)} {unit}"
