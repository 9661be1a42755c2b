"""The neuron's gradient, its training, and how that ends."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime, minimize

from cxr_core.lecture.neuron import START, Ending, descend, drawn_points, gradient, loss, loss_surface, lowest, sigmoid, stable_rate

STEPS = 60


@pytest.fixture(scope="module")
def points():
    return drawn_points()


@pytest.mark.parametrize("weights", [(0.0, 0.0), START, (5.0, -1.0)])
def test_gradient_is_that_of_finite_differences(points, weights):
    expected = approx_fprime(np.array(weights), lambda at: float(loss(points, at)), 1e-7)
    np.testing.assert_allclose(gradient(points, weights), expected, atol=1e-5)
    assert np.abs(expected).max() > 1e-3


def test_loss_is_the_mean_cross_entropy(points):
    predicted = sigmoid(points.places @ np.array(START))
    expected = -np.where(points.labels == 1, np.log(predicted), np.log(1 - predicted)).mean()
    assert loss(points, START) == pytest.approx(expected)


def test_no_score_overflows():
    np.testing.assert_allclose(sigmoid(np.array([-1e4, 0, 1e4])), [0, 0.5, 1])


def test_least_loss_is_scipys(points):
    found = minimize(lambda at: float(loss(points, at)), np.zeros(2))
    np.testing.assert_allclose(lowest(points), found.x, atol=1e-3)


def test_one_step_goes_down_the_gradient_by_the_rate(points):
    path = descend(points, 0.5, 1).path
    np.testing.assert_allclose(path[1], np.array(START) - 0.5 * gradient(points, START))


@pytest.mark.parametrize(
    ("rate", "ending"), [(0.03, Ending.CRAWLS), (1.0, Ending.CONVERGES), (3.0, Ending.CONVERGES), (30.0, Ending.DIVERGES)]
)
def test_rates_crawl_converge_and_diverge(points, rate, ending):
    training = descend(points, rate, STEPS)
    assert training.ending is ending
    assert f"**{ending.value}**" in training.sentence
    assert f"{training.losses[-1]:.3f}" in training.sentence or ending is Ending.DIVERGES


def test_stable_rate_is_the_bound(points):
    """From next to the least loss, descent comes back below it and leaves above it."""
    bound, start = stable_rate(points), lowest(points) + 1e-4
    for rate, settles in ((0.95 * bound, True), (1.05 * bound, False)):
        at = start
        for _ in range(300):
            at = at - rate * gradient(points, at)
        assert (np.abs(at - lowest(points)).max() < 1e-4) == settles


def test_classes_overlap(points):
    assert 0 < (sigmoid(points.places @ lowest(points)) > 0.5).astype(int).tolist().count(1) < len(points.labels)
    assert descend(points, 1.0, 1).least > 0.05


def test_surface_holds_the_loss(points):
    axis, surface = loss_surface(points, 4.0, 5)
    assert surface.shape == (5, 5)
    assert surface[3, 1] == pytest.approx(float(loss(points, (axis[1], axis[3]))))
