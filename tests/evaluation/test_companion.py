"""Two networks are averaged as suits films of known class best."""

import numpy as np
import pytest

from cxr_core.evaluation import companion
from cxr_core.evaluation.companion import LEAST_RECALL, PARTS, SHARES, best_average
from cxr_core.labels import COVID


def test_the_better_network_counts_for_more():
    rng = np.random.default_rng(0)
    y_true = rng.integers(0, 4, 400)
    truth = np.eye(4)[y_true]
    good, poor, noise = truth * 3 + rng.normal(0, 1, truth.shape), truth + rng.normal(0, 1, truth.shape), rng.normal(0, 1, truth.shape)
    assert best_average(np.stack([good, noise], 1), y_true)[0] == SHARES[0]
    assert best_average(np.stack([noise, good], 1), y_true)[0] == SHARES[-1]
    assert SHARES[0] < best_average(np.stack([good, poor], 1), y_true)[0] < 0.5


def test_the_shift_takes_back_what_was_put_onto_a_class(monkeypatch):
    monkeypatch.setattr(companion, "LEAST_RECALL", 1.1)  # so that all of it is taken
    rng = np.random.default_rng(1)
    y_true = np.repeat(np.arange(4), [200, 200, 600, 200])
    logits = np.eye(4)[y_true] * 3 + rng.normal(0, 1, (len(y_true), 4))
    plain = np.array(best_average(np.stack([logits, logits], 1), y_true)[1])
    tilted = np.array(best_average(np.stack([logits, logits], 1) + np.array([0, 1.5, 0, 0]), y_true)[1])
    np.testing.assert_allclose(tilted - plain, [0, -1.5, 0, 0], atol=0.06)
    assert plain[2] == 0  # the largest class stays where it is
    assert best_average(np.stack([logits, logits], 1), y_true)[1] == pytest.approx(plain)


def recall(alone, y_true, share, shift):
    called = ((1 - share) * alone[:, 0] + share * alone[:, 1] + np.array(shift)).argmax(1)
    return (called == COVID)[y_true == COVID].mean()


def test_no_more_of_the_shift_is_taken_than_the_recall_of_covid_needs(monkeypatch):
    rng = np.random.default_rng(2)
    y_true = np.repeat(np.arange(4), [300, 200, 500, 200])
    logits = np.eye(4)[y_true] * 3 + rng.normal(0, 1, (len(y_true), 4)) - [1.2, 0, 0, 0]
    alone = np.stack([logits, logits], 1)
    share, shift = best_average(alone, y_true)
    assert recall(alone, y_true, share, shift) >= LEAST_RECALL
    monkeypatch.setattr(companion, "LEAST_RECALL", 1.1)
    _, whole = best_average(alone, y_true)
    part = shift[0] / whole[0]
    assert part == pytest.approx(round(part, 1), abs=0.01)
    assert 0 < part < 1
    assert recall(alone, y_true, share, (round(part, 1) - PARTS[1]) * np.array(whole)) < LEAST_RECALL
    monkeypatch.setattr(companion, "LEAST_RECALL", 0.5)
    assert best_average(alone, y_true)[1] == (0, 0, 0, 0)


def test_without_covid_no_shift_is_needed():
    y_true = np.repeat([1, 2, 3], 50)
    logits = np.eye(4)[y_true] * 3 + np.random.default_rng(3).normal(0, 1, (150, 4))
    assert not any(best_average(np.stack([logits, logits], 1), y_true)[1])
