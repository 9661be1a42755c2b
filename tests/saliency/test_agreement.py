"""Rank correlation of saliency maps."""

import cv2
import numpy as np
import pytest
from scipy.stats import rankdata

from cxr_core.saliency import rank_correlation

RAMP = np.linspace(0, 1, 36, dtype=np.float32).reshape(6, 6)


def test_ranks_alone_count():
    assert rank_correlation(RAMP, RAMP**3) == pytest.approx(1)
    assert rank_correlation(RAMP, 1 - RAMP) == pytest.approx(-1)


def test_it_is_pearsons_of_the_ranks():
    a, b = (np.random.default_rng(seed).random((5, 7)).astype(np.float32) for seed in (0, 1))
    expected = np.corrcoef(rankdata(a), rankdata(b))[0, 1]
    assert rank_correlation(a, b) == pytest.approx(expected)
    assert rank_correlation(b, a) == pytest.approx(expected)


def test_the_finer_map_is_averaged_over_the_coarser_ones_cells():
    noise = np.random.default_rng(0).random((6, 6)).astype(np.float32)
    fine = cv2.resize(noise, (192, 192), interpolation=cv2.INTER_NEAREST)
    checked = fine + np.where(np.indices(fine.shape).sum(0) % 2, 5, -5).astype(np.float32)
    assert rank_correlation(noise, checked) == pytest.approx(1)
    assert rank_correlation(checked, noise) == pytest.approx(1)


@pytest.mark.parametrize("other", [RAMP, np.full((6, 6), 0.3, np.float32), np.zeros((192, 192), np.float32)])
def test_a_constant_map_agrees_with_nothing(other):
    constant = np.ones((12, 12), np.float32)
    assert rank_correlation(constant, other) == 0.0
    assert rank_correlation(other, constant) == 0.0
