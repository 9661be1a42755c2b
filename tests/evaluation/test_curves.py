"""Curves against scikit-learn, and reliability bins by hand."""

import numpy as np
import pytest
from sklearn.metrics import auc, average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

from cxr_core.evaluation.curves import class_curves, reliability
from cxr_core.evaluation.metrics import CALIBRATION_BINS, expected_calibration_error
from cxr_core.labels import CLASS_NAMES
from tests.cards import drawn_films, drawn_probabilities


@pytest.fixture(scope="module")
def films():
    y_true, _ = drawn_films(300)
    return y_true, drawn_probabilities(y_true, 1.5).round(2)  # rounded, so that there are ties


@pytest.mark.parametrize(("code", "name"), enumerate(CLASS_NAMES))
def test_roc_is_scikit_learns(films, code, name):
    y_true, probabilities = films
    curve = class_curves(*films)[name].roc
    x, y, thresholds = roc_curve(y_true == code, probabilities[:, code])
    assert curve.x == pytest.approx(x, abs=1e-6)
    assert curve.y == pytest.approx(y, abs=1e-6)
    assert curve.threshold[0] is None
    assert curve.threshold[1:] == pytest.approx(thresholds[1:])
    assert auc(curve.x, curve.y) == pytest.approx(roc_auc_score(y_true == code, probabilities[:, code]), abs=1e-5)


@pytest.mark.parametrize(("code", "name"), enumerate(CLASS_NAMES))
def test_precision_recall_is_scikit_learns_from_strict_to_lax(films, code, name):
    y_true, probabilities = films
    curve = class_curves(*films)[name].precision_recall
    precision, recall, thresholds = precision_recall_curve(y_true == code, probabilities[:, code], drop_intermediate=True)
    assert curve.x == pytest.approx(recall[::-1], abs=1e-6)
    assert curve.y == pytest.approx(precision[::-1], abs=1e-6)
    assert curve.threshold[0] is None
    assert curve.threshold[1:] == pytest.approx(thresholds[::-1])
    area = np.sum(np.diff(curve.x) * np.array(curve.y[1:]))
    assert area == pytest.approx(average_precision_score(y_true == code, probabilities[:, code]), abs=0.01)


@pytest.mark.parametrize("part", ["roc", "precision_recall"])
def test_points_are_those_of_their_thresholds(films, part):
    y_true, probabilities = films
    positive = y_true == 0
    curve = getattr(class_curves(*films)["COVID"], part)
    for x, y, threshold in zip(curve.x[1:], curve.y[1:], curve.threshold[1:], strict=True):
        called = probabilities[:, 0] >= threshold
        sensitivity = (called & positive).sum() / positive.sum()
        if part == "roc":
            assert (x, y) == pytest.approx(((called & ~positive).sum() / (~positive).sum(), sensitivity), abs=1e-6)
        else:
            assert (x, y) == pytest.approx((sensitivity, (called & positive).sum() / called.sum()), abs=1e-6)


def test_class_without_films_or_without_others_has_no_curves():
    probabilities = np.full((6, 4), 0.25)
    assert list(class_curves(np.array([0, 0, 0, 1, 1, 1]), probabilities)) == ["COVID", "Lung_Opacity"]
    assert class_curves(np.zeros(6, int), probabilities) == {}


def test_reliability_by_hand():
    correct = np.array([True, False, True, True])
    confidence = np.array([0.3, 0.4, 0.9, 1.0])
    low, high = reliability(correct, confidence, bins=2)
    assert (low.low, low.high, low.films, low.confidence, low.accuracy) == (0, 0.5, 2, pytest.approx(0.35), 0.5)
    assert (high.low, high.high, high.films, high.confidence, high.accuracy) == (0.5, 1, 2, pytest.approx(0.95), 1)


def test_empty_bins_are_left_out_and_all_films_are_in_one():
    confidence = np.random.default_rng(0).uniform(0.5, 1, 200)
    found = reliability(confidence > 0.7, confidence)
    assert sum(one.films for one in found) == 200
    assert min(one.low for one in found) >= 0.5 - 1 / CALIBRATION_BINS
    assert all(one.low <= one.confidence <= one.high for one in found)


def test_calibration_error_is_the_mean_gap_of_the_bins():
    rng = np.random.default_rng(1)
    confidence = rng.uniform(0.25, 1, 500)
    correct = rng.random(500) < confidence**2
    gaps = sum(one.films * abs(one.accuracy - one.confidence) for one in reliability(correct, confidence)) / 500
    assert gaps == pytest.approx(expected_calibration_error(correct, confidence))
