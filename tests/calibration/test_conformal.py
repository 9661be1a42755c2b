"""Prediction sets: the promise that they make, counted."""

import numpy as np
import pytest

from cxr_core.calibration import calibrated, prediction_set, set_members
from cxr_core.calibration.conformal import COVERAGE, rounded_down, set_thresholds
from cxr_core.labels import CLASS_NAMES


def own_probabilities(*values):
    """Films of the first class with these probabilities of it."""
    table = np.full((len(values), 4), 0.0)
    table[:, 0] = values
    table[:, 1:] = (1 - table[:, :1]) / 3
    return table, np.zeros(len(values), int)


def test_threshold_by_hand():
    # 19 films: ceil(20 * 0.9) = 18 must reach the threshold, so it is the second smallest.
    table, codes = own_probabilities(*(np.arange(1, 20) / 20))
    assert set_thresholds(table, codes)["COVID"] == 0.1
    # 18 films: ceil(19 * 0.9) = 18, so all of them, and the smallest is the threshold.
    table, codes = own_probabilities(*(np.arange(1, 19) / 20))
    assert set_thresholds(table, codes)["COVID"] == 0.05


@pytest.mark.parametrize("films", [0, 1, 8])
def test_too_few_films_promise_nothing_and_the_class_is_in_every_set(films):
    assert set_thresholds(*own_probabilities(*[0.9] * films))["COVID"] == 0


def test_nine_films_are_the_fewest_that_promise_nine_in_ten():
    assert set_thresholds(*own_probabilities(*[0.9] * 9))["COVID"] == 0.9


def test_of_n_films_the_corrected_share_and_no_more_reaches_the_threshold():
    for films in range(9, 130):
        values = (np.random.default_rng(films).permutation(films) + 1) / (films + 1)
        threshold = set_thresholds(*own_probabilities(*values))["COVID"]
        assert (values >= threshold).sum() == -(-9 * (films + 1) // 10), films


def drawn(films, seed):
    rng = np.random.default_rng(seed)
    codes = rng.choice(4, films, p=(0.5, 0.2, 0.2, 0.1))
    return calibrated(rng.normal(0, 2, (films, 4)) + np.array([4, 1, 2, 3])[codes, np.newaxis] * np.eye(4)[codes], 1.0), codes


def test_new_films_of_every_class_are_covered_as_promised():
    coverage = []
    for seed in range(200):
        thresholds = set_thresholds(*drawn(400, seed))
        probabilities, codes = drawn(2000, 1000 + seed)
        covered = set_members(probabilities, thresholds)[np.arange(2000), codes]
        coverage.append([covered[codes == code].mean() for code in range(4)])
    mean = np.mean(coverage, axis=0)
    assert (mean >= COVERAGE - 0.005).all()
    assert (mean <= COVERAGE + 0.03).all()  # at most 1 / (n + 1) more than promised, n about 40 in the smallest class


def test_another_coverage_is_another_threshold():
    table, codes = own_probabilities(*(np.arange(1, 20) / 20))
    assert set_thresholds(table, codes, 0.5)["COVID"] == 0.5


THRESHOLDS = dict(zip(CLASS_NAMES, (0.5, 0.3, 0.2, 0.6), strict=True))


@pytest.mark.parametrize(
    ("probabilities", "names"),
    [
        ((0.6, 0.2, 0.1, 0.1), ("COVID",)),
        ((0.5, 0.3, 0.1, 0.1), ("COVID", "Lung_Opacity")),
        ((0.1, 0.4, 0.4, 0.1), ("Lung_Opacity", "Normal")),
        ((0.4, 0.35, 0.15, 0.1), ("Lung_Opacity",)),
        ((0.41, 0.0, 0.1, 0.49), ()),
    ],
)
def test_classes_that_reach_their_own_threshold_are_in_the_set(probabilities, names):
    assert prediction_set(np.array(probabilities), THRESHOLDS) == names


def test_one_film_and_many_agree():
    probabilities = drawn(50, 3)[0]
    members = set_members(probabilities, THRESHOLDS)
    for row, fits in zip(probabilities, members, strict=True):
        assert prediction_set(row, THRESHOLDS) == tuple(np.array(CLASS_NAMES)[fits])
    assert {fits.sum() for fits in members} >= {0, 1, 2}


def test_a_film_on_the_threshold_stays_in_after_rounding():
    for value in np.float32(np.random.default_rng(0).random(1000)):
        assert rounded_down(float(value)) <= value
        assert round(float(value), 6) >= rounded_down(float(value)) > value - 2e-6
