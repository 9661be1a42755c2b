"""Both tests among the same patients, in words."""

import pytest

from cxr_core.calculator import (
    CalculatorState,
    difference_sentence,
    frequency_sentence,
    natural_frequencies,
    predictive_sentences,
    rare_sentence,
)
from cxr_core.decision import Frequencies


def test_counts_of_the_report_with_the_specificities_that_are_set():
    xray, pcr = natural_frequencies(CalculatorState())
    assert xray.counts == Frequencies(1000, 230, 20, 75, 675)
    assert pcr.counts == Frequencies(1000, 246, 4, 7, 743)  # 246.25 of 250, 742.5 of 750
    assert natural_frequencies(CalculatorState(false_positives=True)) == (xray, pcr)


def test_sentences_hold_the_counts():
    xray, pcr = natural_frequencies(CalculatorState())
    assert frequency_sentence(xray) == (
        "Of 1,000 patients 250 have COVID. X-ray finds 230 and misses 20; of the 750 without COVID it falsely alarms 75."
    )
    assert predictive_sentences(xray) == (
        "Of the 305 called positive, **230** have COVID (75.4%).",
        "Of the 695 called negative, **20** have COVID (2.88%).",
    )
    assert (
        difference_sentence(xray, pcr) == "Among the same 1,000 patients X-ray finds 16 fewer than PCR and falsely alarms 68 more than PCR."
    )


def test_one_patient_has_and_nobody_is_called():
    found = natural_frequencies(CalculatorState(prevalence=0.001, sensitivity_xray=0, specificity_xray=1))[0]
    assert "1 has COVID" in frequency_sentence(found)
    assert predictive_sentences(found)[0] == "Nobody is called positive."
    assert "**1** has COVID" in predictive_sentences(found)[1]


def test_tests_that_do_the_same_are_said_to():
    same = natural_frequencies(CalculatorState(sensitivity_xray=0.985, specificity_xray=0.99))
    assert difference_sentence(*same) == "Among the same 1,000 patients X-ray finds as many as PCR and falsely alarms as many as PCR."


@pytest.mark.parametrize(("prevalence", "said"), [(0, ""), (0.0003, "On average 0.3 of 1,000"), (0.25, "")])
def test_what_whole_patients_hide_is_said(prevalence, said):
    sentence = rare_sentence(CalculatorState(prevalence=prevalence))
    assert sentence.startswith(said)
    assert bool(sentence) is bool(said)
