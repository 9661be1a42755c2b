"""Sample sizes, against a textbook and by simulation."""

import numpy as np
import pytest
from scipy.stats import norm

from cxr_core.stats import trials_needed
from cxr_core.stats.sample_size import _Z_POWER, _Z_TEST


def test_quantiles_are_those_of_5_per_cent_and_80_per_cent():
    assert norm.ppf([0.975, 0.8]) == pytest.approx([_Z_TEST, _Z_POWER], abs=1e-12)


@pytest.mark.parametrize(("share", "other", "each"), [(0.25, 0.40, 152), (0.10, 0.20, 199), (0.60, 0.70, 356)])
def test_equal_sizes_are_those_of_the_closed_formula(share, other, each):
    # Two equal samples: n = (z_test sqrt(2 p q) + z_power sqrt(p1 q1 + p2 q2))**2 / (p1 - p2)**2, Fleiss' formula (4.14).
    assert trials_needed(share, other, each) == pytest.approx(each, abs=2)


def test_a_sample_of_that_size_finds_the_difference_in_80_of_100():
    share, other, size = 0.85, 0.96, 670
    trials = trials_needed(share, other, size)
    rng = np.random.default_rng(0)
    first, second = rng.binomial(trials, share, 20_000), rng.binomial(size, other, 20_000)
    pooled = (first + second) / (trials + size)
    z = (first / trials - second / size) / np.sqrt(pooled * (1 - pooled) * (1 / trials + 1 / size))
    assert np.mean(np.abs(z) > norm.ppf(0.975)) == pytest.approx(0.8, abs=0.05)


def test_larger_differences_need_fewer_and_larger_other_samples_too():
    assert trials_needed(0.7, 0.95, 600) < trials_needed(0.8, 0.95, 600) < trials_needed(0.9, 0.95, 600)
    assert trials_needed(0.9, 0.95, 6000) < trials_needed(0.9, 0.95, 600)


def test_no_number_tells_no_difference_nor_one_within_the_other_samples_error():
    assert trials_needed(0.9, 0.9, 1000) is None
    assert trials_needed(0.955, 0.958, 670) is None
