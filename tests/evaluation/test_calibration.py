"""How the stated calibration fares, counted by hand on films that were drawn by lot."""

import numpy as np
import pytest

from cxr_core.calibration import calibrated, fit_calibration
from cxr_core.evaluation.calibration import calibration_result
from cxr_core.labels import CLASS_NAMES
from cxr_core.stats import Interval


def drawn(seed, counts):
    codes = np.repeat(np.arange(4), counts)
    return 5 * np.eye(4)[codes] + np.random.default_rng(seed).normal(0, 3.5, (len(codes), 4)), codes


LOGITS, CODES = drawn(1, (100, 60, 200, 40))
GROUPS = np.arange(400) // 2


@pytest.fixture(scope="module")
def calibration():
    return fit_calibration(*drawn(0, (80, 60, 150, 40)), "ab" * 32)


@pytest.fixture(scope="module")
def result(calibration):
    return calibration_result(calibration, LOGITS, CODES, GROUPS, "test")


@pytest.fixture(scope="module")
def members(calibration):
    return calibrated(LOGITS, calibration.temperature) >= np.array(list(calibration.set_thresholds.values()))


def test_calibration_before_is_that_of_the_plain_softmax(result):
    plain = np.exp(LOGITS) / np.exp(LOGITS).sum(1, keepdims=True)
    confidence, correct = plain.max(1), plain.argmax(1) == CODES
    bins = np.minimum((confidence * 15).astype(int), 14)
    expected = sum(abs((correct - confidence)[bins == number].sum()) for number in range(15)) / 400
    assert result.expected_calibration_error_before == pytest.approx(expected)
    assert sum(one.films for one in result.reliability_before) == 400
    assert sum(one.films * one.accuracy for one in result.reliability_before) == pytest.approx(correct.sum())


def test_sets_are_counted(result, members):
    covered = [members[number, code] for number, code in enumerate(CODES)]
    assert result.coverage.value == pytest.approx(np.mean(covered))
    assert result.coverage.low < result.coverage.value < result.coverage.high
    for code, name in enumerate(CLASS_NAMES):
        assert result.class_coverage[name].value == pytest.approx(members[code == CODES, code].mean())
    assert result.aimed_coverage == 0.9
    assert result.mean_set_size == pytest.approx(members.sum() / 400)
    assert result.set_sizes == pytest.approx([(members.sum(1) == size).mean() for size in range(5)])
    assert sum(result.set_sizes) == pytest.approx(1)
    assert len([share for share in result.set_sizes if share]) > 2


def test_operating_point_is_measured_on_these_films(result, calibration):
    called = calibrated(LOGITS, calibration.temperature)[:, 0] >= calibration.operating_point.threshold
    assert (result.rule, result.threshold) == ("sensitivity", calibration.operating_point.threshold)
    assert result.sensitivity.value == pytest.approx(called[:100].mean())
    assert result.specificity.value == pytest.approx(1 - called[100:].mean())
    assert result.sensitivity.low < result.sensitivity.value < result.sensitivity.high


def test_says_whether_it_was_fitted_on_the_same_films(result, calibration):
    assert result.note == "Fitted on the 330 validation films; these figures are of the test films."
    assert "these figures are of as well: they flatter it" in calibration_result(calibration, LOGITS, CODES, GROUPS, "val").note


def test_classes_without_films_have_no_figures(calibration):
    rows = CODES > 0
    result = calibration_result(calibration, LOGITS[rows], CODES[rows], GROUPS[rows], "test")
    assert list(result.class_coverage) == list(CLASS_NAMES[1:])
    assert result.sensitivity == Interval(value=None)
    assert result.specificity.value is not None
