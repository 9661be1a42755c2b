"""Two networks are averaged as suits films of known class best."""

import numpy as np
import pytest

from cxr_core.evaluation.companion import SHARES, best_average


def test_the_better_network_counts_for_more():
    rng = np.random.default_rng(0)
    y_true = rng.integers(0, 4, 400)
    truth = np.eye(4)[y_true]
    good, poor, noise = truth * 3 + rng.normal(0, 1, truth.shape), truth + rng.normal(0, 1, truth.shape), rng.normal(0, 1, truth.shape)
    assert best_average(np.stack([good, noise], 1), y_true)[0] == SHARES[0]
    assert best_average(np.stack([noise, good], 1), y_true)[0] == SHARES[-1]
    assert SHARES[0] < best_average(np.stack([good, poor], 1), y_true)[0] < 0.5


def test_the_shift_takes_back_what_was_put_onto_a_class():
    rng = np.random.default_rng(1)
    y_true = np.repeat(np.arange(4), [200, 200, 600, 200])
    logits = np.eye(4)[y_true] * 3 + rng.normal(0, 1, (len(y_true), 4))
    plain = np.array(best_average(np.stack([logits, logits], 1), y_true)[1])
    tilted = np.array(best_average(np.stack([logits, logits], 1) + np.array([0, 1.5, 0, 0]), y_true)[1])
    np.testing.assert_allclose(tilted - plain, [0, -1.5, 0, 0], atol=0.06)
    assert plain[2] == 0  # the largest class stays where it is
    assert best_average(np.stack([logits, logits], 1), y_true)[1] == pytest.approx(plain)
