"""Temperature scaling, against draws whose temperature is known."""

import numpy as np
import pytest

from cxr_core.calibration import calibrated
from cxr_core.calibration.temperature import LARGEST, fit_temperature


def drawn(temperature, films=20_000, seed=0):
    """Logits, and classes drawn from their softmax at a temperature."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 3, (films, 4))
    odds = np.exp(logits / temperature)
    shares = odds / odds.sum(1, keepdims=True)
    return logits, (rng.random((films, 1)) > shares.cumsum(1)).sum(1)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_the_temperature_of_the_draw_is_found(temperature):
    assert fit_temperature(*drawn(temperature)) == pytest.approx(temperature, rel=0.04)


def test_at_the_fit_the_logit_of_the_true_class_is_what_the_probabilities_expect():
    # The derivative of the likelihood by 1 / T is 0 exactly there, whatever the minimiser.
    logits, y_true = drawn(1.7, films=500)
    expected = (calibrated(logits, fit_temperature(logits, y_true)) * logits).sum(1).mean()
    assert logits[np.arange(500), y_true].mean() == pytest.approx(expected, abs=1e-5)


def test_scaled_logits_have_a_scaled_temperature():
    logits, y_true = drawn(1.3, films=500)
    assert fit_temperature(2 * logits, y_true) == pytest.approx(2 * fit_temperature(logits, y_true), rel=1e-4)


def test_films_without_a_best_temperature_end_at_a_bound():
    logits = 0.5 * np.eye(4)
    assert fit_temperature(logits, np.arange(4)) == pytest.approx(1 / LARGEST, rel=1e-3)
    assert fit_temperature(logits, (np.arange(4) + 1) % 4) == pytest.approx(LARGEST, rel=1e-3)


def test_by_hand():
    # Odds e**(2 / 2) = e against 1, 1 and 1.
    np.testing.assert_allclose(calibrated(np.array([2.0, 0, 0, 0]), 2.0), np.array([np.e, 1, 1, 1]) / (np.e + 3))


def test_temperature_1_is_the_plain_softmax_and_a_higher_one_is_less_sure():
    logits = drawn(1.0, films=50)[0]
    plain = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    np.testing.assert_allclose(calibrated(logits, 1.0), plain)
    warm = calibrated(logits, 3.0)
    assert (warm.max(1) < plain.max(1)).all()
    assert (warm.argmax(1) == plain.argmax(1)).all()


def test_dtype_is_kept_and_large_logits_do_not_overflow():
    probabilities = calibrated(np.array([[1000.0, 0, 0, -1000]], np.float32), 0.5)
    assert probabilities.dtype == np.float32
    np.testing.assert_array_equal(probabilities, [[1, 0, 0, 0]])
