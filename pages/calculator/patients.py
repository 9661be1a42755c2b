"""Both tests among the same 1,000 patients: an icon a patient, the tree of counts, and what they say."""

import streamlit as st

from cxr_core.calculator import (
    CalculatorState,
    TestFrequencies,
    difference_sentence,
    frequency_sentence,
    natural_frequencies,
    predictive_sentences,
    rare_sentence,
    share_text,
)
from cxr_core.figures import FREQUENCY_NAMES, FREQUENCY_STYLES, frequency_tree_figure, icon_array_figure
from pages.calculator.controls import box
from pages.plot import look, plot

MARKS = {"found": "●", "missed": "✖", "alarms": "▲", "cleared": "○"}


def patients_tab(state: CalculatorState) -> None:
    """Draw both tests side by side, and set the specificities where no extension does."""
    tests = natural_frequencies(state)
    legend = "".join(
        f'<span><span style="color:{FREQUENCY_STYLES[group].colour}">{MARKS[group]}</span> {name}</span>'
        for group, name in FREQUENCY_NAMES.items()
    )
    st.html(f'<div class="frequency-legend">{legend}</div>')
    for column, test in zip(st.columns(2, gap="medium"), tests, strict=True):
        with column:
            _one_test(test)
    st.markdown(f"**{difference_sentence(*tests)}** {rare_sentence(state)}")
    if not state.false_positives:
        left, right = st.columns(2, gap="medium")
        with left:
            box("specificity_xray", "Specificity of X-ray, %", disabled=state.source != "typed")
        with right:
            box("specificity_pcr", "Specificity of PCR, %")
        st.caption("False alarms are counted here, but the formula gives them no weight until *False positives* is on.")
    else:
        st.caption(f"Specificity {share_text(state.specificity_xray)} of X-ray, {share_text(state.specificity_pcr)} of PCR.")


def _one_test(test: TestFrequencies) -> None:
    key = "xray" if test.name == "X-ray" else "pcr"
    st.markdown(f"#### {test.name}")
    plot(icon_array_figure(test.counts, key, look=look()), f"icons_{key}", frequency_sentence(test), buttons=False)
    plot(frequency_tree_figure(test.counts, key, look=look()), f"tree_{key}", f"Tree of counts. {frequency_sentence(test)}")
    for sentence in predictive_sentences(test):
        st.markdown(sentence)
