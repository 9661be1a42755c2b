"""Comparisons of classifiers against statsmodels, SciPy and plain loops."""

import numpy as np
import pytest
from scipy.stats import binomtest, bootstrap
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from cxr_core.stats import compare_classifiers, holm, resampled_counts


def compare(first, second, groups):
    return compare_classifiers(first, second, resampled_counts(groups))


def calls(both, first_only, second_only, neither):
    """What two classifiers call rightly, film by film."""
    first = np.repeat([True, True, False, False], [both, first_only, second_only, neither])
    second = np.repeat([True, False, True, False], [both, first_only, second_only, neither])
    return first, second


# statsmodels 0.15.0: mcnemar([[100, first_only], [second_only, 50]], exact=True).pvalue
@pytest.mark.parametrize(
    ("first_only", "second_only", "p_value"),
    [
        (5, 15, 0.04138946533203125),
        (0, 7, 0.015625),
        (12, 12, 1.0),
        (40, 61, 0.046044066929342785),
        (1, 0, 1.0),
        (131, 88, 0.004429779647988864),
    ],
)
def test_mcnemar_is_that_of_statsmodels(first_only, second_only, p_value):
    first, second = calls(100, first_only, second_only, 50)
    found = compare(first, second, np.arange(len(first)))
    assert (found.first_only, found.second_only) == (first_only, second_only)
    assert found.p_value == pytest.approx(p_value, rel=1e-12)


@pytest.mark.parametrize(("first_only", "second_only"), [(1, 4), (60, 31), (300, 340)])
def test_mcnemar_is_that_of_statsmodels_as_installed(first_only, second_only):
    first, second = calls(10, first_only, second_only, 10)
    theirs = mcnemar([[10, first_only], [second_only, 10]], exact=True).pvalue
    assert compare(first, second, np.arange(len(first))).p_value == pytest.approx(theirs, rel=1e-9)


@pytest.mark.parametrize(("first_only", "second_only"), [(1, 1), (2, 9), (300, 340), (900, 1100), (1, 2100)])
def test_mcnemar_is_the_binomial_test_of_scipy(first_only, second_only):
    first, second = calls(10, first_only, second_only, 10)
    found = compare(first, second, np.zeros(len(first), int))
    assert found.p_value == pytest.approx(binomtest(first_only, first_only + second_only).pvalue, rel=1e-9, abs=1e-300)


# statsmodels 0.15.0: multipletests(p_values, method="holm")[1]
@pytest.mark.parametrize(
    ("p_values", "adjusted"),
    [
        ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),
        ([0.2, 0.0001, 0.9, 0.02, 0.02, 0.4], [0.6000000000000001, 0.0006000000000000001, 0.9, 0.1, 0.1, 0.8]),
        ([0.6, 0.7], [1.0, 1.0]),
    ],
)
def test_holm_is_that_of_statsmodels(p_values, adjusted):
    assert holm(p_values) == pytest.approx(adjusted, rel=1e-12)


def test_holm_is_that_of_statsmodels_as_installed():
    p_values = np.random.default_rng(8).random(15).tolist()
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1], rel=1e-12)


def test_holm_of_one_test_or_none_changes_nothing():
    assert holm([0.03]) == [0.03]
    assert holm([]) == []


def test_interval_of_singletons_agrees_with_scipys_paired_bootstrap():
    rng = np.random.default_rng(2)
    first, second = rng.random(400) < 0.9, rng.random(400) < 0.8
    found = compare(first, second, np.arange(400))
    other = bootstrap(
        (first.astype(float), second.astype(float)),
        lambda a, b, axis: a.mean(axis) - b.mean(axis),
        paired=True,
        n_resamples=5000,
        method="percentile",
        rng=np.random.default_rng(3),
    ).confidence_interval
    assert found.difference == pytest.approx(first.mean() - second.mean())
    assert found.low == pytest.approx(other.low, abs=0.006)
    assert found.high == pytest.approx(other.high, abs=0.006)


def test_interval_keeps_groups_together():
    rng = np.random.default_rng(4)
    first, second = rng.random(200) < 0.9, rng.random(200) < 0.8
    once = compare(first, second, np.arange(200))
    copied = compare(np.tile(first, 3), np.tile(second, 3), np.tile(np.arange(200), 3))
    assert (copied.low, copied.high) == pytest.approx((once.low, once.high))


def test_classifier_equals_itself():
    first, _ = calls(30, 5, 0, 5)
    found = compare(first, first, np.arange(40))
    assert (found.difference, found.low, found.high, found.first_only, found.second_only, found.p_value) == (0, 0, 0, 0, 0, 1)


def test_sides_are_alike():
    first, second = calls(50, 4, 13, 20)
    one, other = compare(first, second, np.arange(87)), compare(second, first, np.arange(87))
    assert one.p_value == other.p_value
    assert (one.difference, one.low, one.high) == pytest.approx((-other.difference, -other.high, -other.low))
