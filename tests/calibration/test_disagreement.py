"""How far two networks' probabilities lie apart."""

import numpy as np
from scipy.special import softmax

from cxr_core.calibration import disagreement


def test_it_is_the_total_variation_distance():
    alone = np.random.default_rng(0).normal(0, 2, (5, 2, 4))
    alone[0, 1] = alone[0, 0] + 3  # the same probabilities
    alone[1] = [[50, 0, 0, 0], [0, 50, 0, 0]]
    expected = np.abs(softmax(alone[:, 0], 1) - softmax(alone[:, 1], 1)).sum(1) / 2
    np.testing.assert_allclose(disagreement(alone), expected, atol=1e-12)
    np.testing.assert_allclose(disagreement(alone)[:2], [0, 1], atol=1e-12)
    assert not disagreement(alone[:, :1]).any()
