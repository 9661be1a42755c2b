"""Natural frequencies: whole patients that add up."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_core.decision import PATIENTS, Frequencies, InvalidParameterError, frequencies
from tests.decision.draws import DECIMAL_SHARES

SHARES = st.floats(0, 1)


def test_by_hand():
    # 250 sick, 92% found; 750 well, 90% cleared
    counts = frequencies(0.25, 0.92, 0.9)
    assert counts == Frequencies(1000, 230, 20, 75, 675)
    assert (counts.sick, counts.well, counts.positive, counts.negative) == (250, 750, 305, 695)


def test_gigerenzers_mammography_problem():
    """1 in 100 sick, 80% found, 9.6% falsely alarmed: 8 found and 95 false alarms, a predictive value of 8 in 103."""
    counts = frequencies(0.01, 0.8, 0.904)
    assert (counts.sick, counts.found, counts.alarms, counts.positive) == (10, 8, 95, 103)


@given(SHARES, SHARES, SHARES, st.integers(1, 1_000_000))
def test_counts_are_whole_add_up_and_lie_within_a_patient_of_the_share(prevalence, sensitivity, specificity, patients):
    counts = frequencies(prevalence, sensitivity, specificity, patients)
    parts = (counts.found, counts.missed, counts.alarms, counts.cleared)
    assert all(isinstance(part, int) and part >= 0 for part in parts)
    assert sum(parts) == counts.patients == patients
    assert abs(counts.sick - prevalence * patients) <= 0.5 + 1e-6
    assert abs(counts.found - sensitivity * counts.sick) <= 0.5 + 1e-6
    assert abs(counts.cleared - specificity * counts.well) <= 0.5 + 1e-6


@given(DECIMAL_SHARES, DECIMAL_SHARES)
def test_a_half_counts_as_a_patient_whatever_floats_make_of_it(prevalence, sensitivity):
    sick = round(1000 * prevalence)
    exact = Fraction(repr(sensitivity)) * sick
    assert frequencies(prevalence, sensitivity, 1).found == int(exact + Fraction(1, 2))


@given(SHARES, SHARES, SHARES)
def test_both_tests_have_the_same_sick_and_the_more_sensitive_finds_no_fewer(prevalence, one, other):
    first, second = (frequencies(prevalence, sensitivity, 0.9) for sensitivity in sorted((one, other)))
    assert first.sick == second.sick
    assert first.found <= second.found


@pytest.mark.parametrize(
    ("arguments", "parameter"),
    [
        ((1.1, 0.5, 0.5), "prevalence"),
        ((0.5, -0.1, 0.5), "sensitivity"),
        ((0.5, 0.5, float("nan")), "specificity"),
        ((0.5, 0.5, 0.5, 0), "patients"),
        ((0.5, 0.5, 0.5, 10_000_000), "patients"),
    ],
)
def test_bad_input_is_refused_by_name(arguments, parameter):
    with pytest.raises(InvalidParameterError) as caught:
        frequencies(*arguments)
    assert caught.value.parameter == parameter


def test_a_thousand_unless_said_otherwise():
    assert frequencies(0, 1, 1).patients == PATIENTS == 1000
