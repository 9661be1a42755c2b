"""The formula explained with the current numbers, for the classroom."""

import streamlit as st

from cxr_core.calculator import CONTRADICTIONS, LEFT_OUT, QUADRANT_SENTENCES, CalculatorState, derivation, quadrant_bounds
from cxr_core.decision import Comparison, Quadrant
from pages.calculator.controls import ALONE


def explain(state: CalculatorState, comparison: Comparison) -> None:
    """Derive the choice, place it among the quadrants, and say what the formula leaves out and where its report errs."""
    with st.expander("Explain", icon=":material/school:"):
        if state.sequential:
            st.caption(ALONE)
        st.markdown("#### Step by step, with these numbers")
        for count, (sentence, latex) in enumerate(derivation(state), 1):
            st.markdown(f"{count}. {sentence}\n\n   ${latex}$")  # inline, since a displayed formula does not wrap on a narrow screen
        st.markdown("#### The four quadrants")
        if about := quadrant_bounds(state.scenario()):
            st.caption(f"{about}: by sensitivity and cost alone.")
        _quadrants(comparison.quadrant)
        st.markdown("#### What this formula leaves out\n" + "\n".join(f"- {point}" for point in LEFT_OUT))
        st.markdown("#### Where the report contradicts itself\n" + "\n".join(f"- {point}" for point in CONTRADICTIONS))


def _quadrants(here: Quadrant) -> None:
    for quadrant, sentence in QUADRANT_SENTENCES.items():
        text = f"**X-ray {quadrant.value}.** {sentence}"
        if quadrant is here:
            st.info(f"{text} **You are here.**", icon=":material/my_location:")
        elif quadrant is not Quadrant.EQUAL:
            st.markdown(text)
