"""Differences between independent samples, against statsmodels and by what defines their intervals."""

import math

import numpy as np
import pytest
from scipy.stats import norm, rankdata
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from cxr_core.stats import auc_estimate, independent_difference, share_estimate

Z95 = norm.ppf(0.975)
TABLES = [(25, 40, 600, 670), (40, 40, 640, 670), (0, 7, 3, 90), (12, 30, 12, 30), (5, 5, 0, 9)]


@pytest.mark.parametrize(("hits", "trials"), [(0, 5), (5, 5), (3, 8), (640, 670)])
def test_share_has_wilsons_interval_at_any_level(hits, trials):
    found = share_estimate(hits, trials)
    for level in (0.05, 0.2, 0.001):
        expected = proportion_confint(hits, trials, alpha=level, method="wilson")
        assert found.bounds(norm.ppf(1 - level / 2)) == pytest.approx(expected, abs=1e-12)
    assert found.interval.value == hits / trials
    assert (found.interval.low, found.interval.high) == pytest.approx(found.bounds(Z95))


@pytest.mark.parametrize("table", TABLES)
def test_difference_of_shares_is_newcombes_method_10(table):
    found = independent_difference(share_estimate(*table[:2]), share_estimate(*table[2:]))
    assert (found.low, found.high) == pytest.approx(confint_proportions_2indep(*table, method="newcomb", compare="diff"), abs=1e-12)
    assert found.value == pytest.approx(table[0] / table[1] - table[2] / table[3])


@pytest.mark.parametrize("table", TABLES)
def test_p_value_and_interval_agree_at_every_level(table):
    first, second = share_estimate(*table[:2]), share_estimate(*table[2:])
    found = independent_difference(first, second)
    assert found.is_significant == (found.p_value < 0.05)
    if 0 < found.p_value < 1:
        alpha = found.p_value
        low, high = confint_proportions_2indep(*table, method="newcomb", compare="diff", alpha=alpha)
        assert min(abs(low), abs(high)) == pytest.approx(0, abs=1e-9)


def test_no_difference_has_a_p_value_of_one_and_a_huge_one_of_zero():
    assert independent_difference(share_estimate(4, 8), share_estimate(10, 20)).p_value == 1
    assert independent_difference(share_estimate(0, 10**6), share_estimate(10**6, 10**6)).p_value == 0


def standard_error(area, positives, negatives):
    """Hanley and McNeil 1982, formula (1), with both sizes where they are multiplied replaced by their mean."""
    mean = (positives + negatives) / 2
    first, second = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area) + (mean - 1) * (first - area**2) + (mean - 1) * (second - area**2)
    return math.sqrt(variance / (positives * negatives))


@pytest.mark.parametrize("found", [(0.8, 50, 60), (0.5, 5, 5), (0.97, 10, 300), (0.2, 30, 20)])
def test_bounds_of_an_area_lie_z_of_their_own_standard_errors_away(found):
    area, *sizes = found
    for z in (Z95, 1.0, 3.0):
        for bound in auc_estimate(*found).bounds(z):
            assert abs(bound - area) == pytest.approx(z * standard_error(bound, *sizes), rel=1e-6)


def test_area_of_one_or_zero_has_an_interval_all_the_same():
    one, zero = auc_estimate(1.0, 10, 20).interval, auc_estimate(0.0, 10, 20).interval
    assert one.high == 1
    assert 0.8 < one.low < 0.9
    assert (zero.low, zero.high) == pytest.approx((0, 1 - one.low))
    assert auc_estimate(0.7, 10, 20).bounds(0.0) == (0.7, 0.7)


def test_interval_of_an_area_holds_the_true_one_as_often_as_it_says():
    rng = np.random.default_rng(0)
    truth = norm.cdf(1.2 / math.sqrt(2))
    held = 0
    for _ in range(500):
        ranks = rankdata(np.concatenate([rng.normal(1.2, 1, 20), rng.normal(0, 1, 30)]))
        area = (ranks[:20].sum() - 20 * 21 / 2) / 600
        low, high = auc_estimate(area, 20, 30).bounds(Z95)
        held += low <= truth <= high
    assert 0.92 <= held / 500 <= 0.99


def test_areas_are_compared_like_shares():
    found = independent_difference(auc_estimate(0.7, 50, 60), auc_estimate(0.98, 600, 1500))
    assert found.value == pytest.approx(-0.28)
    assert found.low < -0.28 < found.high < 0
    assert found.p_value < 1e-6
    assert not independent_difference(auc_estimate(1.0, 6, 6), auc_estimate(0.98, 600, 1500)).is_significant
