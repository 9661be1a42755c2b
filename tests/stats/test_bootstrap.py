"""Bootstrap intervals against SciPy and plain loops."""

import numpy as np
import pytest
from scipy.stats import bootstrap

from cxr_core.stats import Interval, interval, resampled_counts, share
from cxr_core.stats.bootstrap import RESAMPLES


def width(found):
    return found.high - found.low


def test_groups_stay_together():
    groups = np.array([7, 3, 7, 7, 5, 3])
    counts = resampled_counts(groups, 200)
    assert counts.shape == (200, 6)
    np.testing.assert_array_equal(counts[:, 0], counts[:, 2])
    np.testing.assert_array_equal(counts[:, 0], counts[:, 3])
    np.testing.assert_array_equal(counts[:, 1], counts[:, 5])
    assert (counts[:, 0] != counts[:, 1]).any()


def test_as_many_groups_are_drawn_as_there_are():
    groups = np.array([0, 0, 0, 1, 2, 2])
    counts = resampled_counts(groups, 100)
    np.testing.assert_array_equal(counts[:, [0, 3, 4]].sum(1), 3)


def test_every_group_is_drawn_equally_often_and_as_multinomially_as_it_should():
    counts = resampled_counts(np.arange(20), 20_000)
    np.testing.assert_allclose(counts.mean(0), 1, atol=0.04)
    np.testing.assert_allclose(counts.var(0), 1 - 1 / 20, atol=0.08)


def test_same_seed_draws_the_same_resamples():
    groups = np.arange(30)
    np.testing.assert_array_equal(resampled_counts(groups), resampled_counts(groups))
    assert (resampled_counts(groups, seed=1) != resampled_counts(groups, seed=2)).any()
    assert resampled_counts(groups).shape == (RESAMPLES, 30)


def test_groups_may_have_names():
    named, numbered = np.array(["b", "a", "b", "c"]), np.array([1, 0, 1, 2])
    np.testing.assert_array_equal(resampled_counts(named, 50), resampled_counts(numbered, 50))


def test_interval_is_the_percentiles_of_the_resamples():
    found = interval(0.5, np.linspace(0, 1, 1001))
    assert (found.value, found.low, found.high) == (0.5, pytest.approx(0.025), pytest.approx(0.975))


def test_undefined_resamples_are_left_out():
    samples = np.concatenate([np.linspace(0, 1, 1001), np.full(500, np.nan)])
    assert interval(0.5, samples) == interval(0.5, samples[:1001])


def test_undefined_value_has_no_interval():
    assert interval(float("nan"), np.linspace(0, 1, 10)) == Interval(value=None)


def test_value_that_cannot_be_resampled_stands_alone():
    assert interval(0.5, np.full(10, np.nan)) == Interval(value=0.5)


def test_share_of_singletons_agrees_with_scipy():
    hits = np.random.default_rng(5).random(150) < 0.8
    found = share(hits, np.arange(150))
    other = bootstrap((hits.astype(float),), np.mean, n_resamples=5000, method="percentile", rng=np.random.default_rng(1))
    assert found.value == hits.mean()
    assert found.low == pytest.approx(other.confidence_interval.low, abs=0.012)
    assert found.high == pytest.approx(other.confidence_interval.high, abs=0.012)


def test_share_of_groups_agrees_with_a_plain_loop():
    rng = np.random.default_rng(6)
    groups = rng.integers(0, 40, 120)
    hits = rng.random(120) < 0.3 + 0.5 * (groups % 2)
    members = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    samples = []
    for _ in range(4000):
        drawn = np.concatenate([members[one] for one in rng.integers(0, len(members), len(members))])
        samples.append(hits[drawn].mean())
    found = share(hits, groups)
    assert found.low == pytest.approx(np.percentile(samples, 2.5), abs=0.015)
    assert found.high == pytest.approx(np.percentile(samples, 97.5), abs=0.015)


def test_copies_of_films_do_not_narrow_the_interval():
    hits = np.random.default_rng(7).random(100) < 0.7
    once = share(hits, np.arange(100))
    copied = share(np.tile(hits, 4), np.tile(np.arange(100), 4))
    as_if_new = share(np.tile(hits, 4), np.arange(400))
    assert (copied.low, copied.high) == (pytest.approx(once.low), pytest.approx(once.high))
    assert width(as_if_new) == pytest.approx(width(copied) / 2, rel=0.15)


def test_one_group_cannot_vary():
    found = share(np.array([True, False, True, True]), np.zeros(4, int))
    assert (found.value, found.low, found.high) == (0.75, 0.75, 0.75)


@pytest.mark.parametrize(("hits", "value"), [(np.ones(20, bool), 1.0), (np.zeros(20, bool), 0.0)])
def test_unanimous_hits_have_no_spread(hits, value):
    found = share(hits, np.arange(20))
    assert (found.value, found.low, found.high) == (value, value, value)
