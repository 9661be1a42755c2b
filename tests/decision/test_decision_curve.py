"""Decision curves against frozen results of the dcurves package."""

import numpy as np
import pytest

from cxr_core.decision import InvalidParameterError, decision_curve
from tests.decision.dcurves_frozen import AT_STATED_PREVALENCE, FILMS, OWN_PREVALENCE, STATED_PREVALENCE

COVID = np.array([bool(covid) for covid, _ in FILMS])
SCORES = np.array([score for _, score in FILMS])


@pytest.mark.parametrize(("prevalence", "frozen"), [(None, OWN_PREVALENCE), (STATED_PREVALENCE, AT_STATED_PREVALENCE)])
def test_agrees_with_dcurves(prevalence, frozen):
    thresholds, model, treat_all, treat_none = np.array(frozen).T
    found = decision_curve(COVID, SCORES, thresholds, prevalence)
    np.testing.assert_allclose(found.model, model, atol=1e-12)
    np.testing.assert_allclose(found.treat_all, treat_all, atol=1e-12)
    np.testing.assert_array_equal(found.treat_none, treat_none)
    assert found.prevalence == (COVID.mean() if prevalence is None else prevalence)


def test_worked_by_hand():
    found = decision_curve([True, True, False, False], [0.9, 0.5, 0.5, 0.1], [0.5])
    assert found.model == pytest.approx([2 / 4 - 1 / 4])
    assert found.treat_all == pytest.approx([0.0])


def test_at_threshold_zero_everybody_is_treated():
    found = decision_curve(COVID, SCORES, [0])
    assert found.model == found.treat_all == found.prevalence


def test_a_perfect_classifier_gains_the_prevalence_everywhere():
    found = decision_curve(COVID, COVID.astype(np.float32), np.linspace(0.01, 0.99, 9), 0.1)
    np.testing.assert_allclose(found.model, 0.1)


def test_gain_is_over_the_better_of_everybody_and_nobody_by_hand():
    # at 0.2 everybody is better than nobody (0.5 - 0.5/4), at 0.6 nobody (0.5 - 0.5·1.5)
    found = decision_curve([True, True, False, False], [0.9, 0.5, 0.5, 0.1], [0.2, 0.6])
    assert found.gain == pytest.approx([(2 / 4 - 1 / 4 * 0.25) - 0.375, 1 / 4 - 0])


def test_interventions_avoided_by_hand():
    # at 0.2: one of four well patients is spared, none of the sick; at 0.6: two are spared, but a sick one is missed, worth 1/1.5
    found = decision_curve([True, True, False, False], [0.9, 0.5, 0.5, 0.1], [0, 0.2, 0.6])
    assert np.isnan(found.avoided[0])
    assert found.avoided[1:] == pytest.approx([1 / 4, 2 / 4 - 1 / 4 / 1.5])


@pytest.mark.parametrize(("prevalence", "frozen"), [(None, OWN_PREVALENCE), (STATED_PREVALENCE, AT_STATED_PREVALENCE)])
def test_avoided_and_gain_agree_with_the_net_benefits_of_dcurves(prevalence, frozen):
    thresholds, model, treat_all, treat_none = np.array([row for row in frozen if row[0] > 0]).T
    found = decision_curve(COVID, SCORES, thresholds, prevalence)
    np.testing.assert_allclose(found.avoided, (model - treat_all) / (thresholds / (1 - thresholds)), atol=1e-10)
    np.testing.assert_allclose(found.gain, model - np.maximum(treat_all, treat_none), atol=1e-12)


def test_a_perfect_classifier_avoids_all_the_well():
    found = decision_curve(COVID, COVID.astype(np.float32), [0.1, 0.5, 0.9], 0.1)
    np.testing.assert_allclose(found.avoided, 0.9)


@pytest.mark.parametrize(
    ("y_true", "probabilities", "thresholds", "prevalence", "parameter"),
    [
        ([1, 0], [0.5, 0.5], [0.1], None, "y_true"),
        ([True, True], [0.5, 0.5], [0.1], None, "y_true"),
        ([False, False], [0.5, 0.5], [0.1], None, "y_true"),
        ([[True, False]], [0.5, 0.5], [0.1], None, "y_true"),
        ([True, False], [0.5], [0.1], None, "probabilities"),
        ([True, False], [0.5, 1.5], [0.1], None, "probabilities"),
        ([True, False], [0.5, np.nan], [0.1], None, "probabilities"),
        ([True, False], ["a", "b"], [0.1], None, "probabilities"),
        ([True, False], [0.5, 0.5], [1.0], None, "thresholds"),
        ([True, False], [0.5, 0.5], [-0.1], None, "thresholds"),
        ([True, False], [0.5, 0.5], 0.1, None, "thresholds"),
        ([True, False], [0.5, 0.5], [0.1], 1.5, "prevalence"),
    ],
)
def test_bad_input_is_refused_by_name(y_true, probabilities, thresholds, prevalence, parameter):
    with pytest.raises(InvalidParameterError) as caught:
        decision_curve(y_true, probabilities, thresholds, prevalence)
    assert caught.value.parameter == parameter
