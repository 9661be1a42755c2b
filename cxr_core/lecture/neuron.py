"""One logistic neuron on drawn points, trained by gradient descent, and whether it converges, crawls or diverges (report, section 4.1)."""

from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Final

import numpy as np

POINTS: Final = 80
SEED: Final = 7
START: Final = (-3.0, 2.0)
"""The weights before the first step."""

ARRIVED: Final = 0.01
"""A loss is at its lowest where it lies no further above than this share of what the start lay above."""


@dataclass(frozen=True, eq=False)
class Points:
    """Points in a plane with two classes, which no straight line tells apart entirely.

    Attributes
    ----------
    places : numpy.ndarray
        float64, shape (n, 2).
    labels : numpy.ndarray
        int, shape (n,): 0 or 1.
    """

    places: np.ndarray
    labels: np.ndarray


def drawn_points(count: int = POINTS, seed: int = SEED) -> Points:
    """Draw two overlapping clouds of `count` points together; the second feature spreads more widely than the first."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    middles = np.where(labels[:, np.newaxis] == 1, [0.8, 1.2], [-0.8, -1.2])
    return Points(middles + rng.normal(0, [0.8, 2.0], (count, 2)), labels)


def sigmoid(score: np.ndarray) -> np.ndarray:
    """Turn scores into probabilities, 1 / (1 + exp(-score)), without overflow."""
    return np.exp(-np.logaddexp(0.0, -np.asarray(score, float)))


def loss(points: Points, weights: np.ndarray) -> np.ndarray:
    """Return the mean cross-entropy of the neuron, in nats.

    Parameters
    ----------
    points : Points
        What it is trained on.
    weights : numpy.ndarray
        Shape (..., 2): any number of pairs of weights.

    Returns
    -------
    numpy.ndarray
        Shape (...): one loss for each pair.
    """
    scores = np.asarray(weights, float) @ points.places.T
    signs = 2 * points.labels - 1
    return np.logaddexp(0.0, -signs * scores).mean(-1)


def gradient(points: Points, weights: np.ndarray) -> np.ndarray:
    """Return the gradient of `loss` at one pair of weights, shape (2,): the mean over the points of (prediction - label) times place."""
    wrong = sigmoid(points.places @ np.asarray(weights, float)) - points.labels
    return wrong @ points.places / len(points.labels)


def _curvature(points: Points, weights: np.ndarray) -> np.ndarray:
    """Return the second derivatives of `loss`, shape (2, 2)."""
    predicted = sigmoid(points.places @ weights)
    return (points.places * (predicted * (1 - predicted))[:, np.newaxis]).T @ points.places / len(points.labels)


def lowest(points: Points) -> np.ndarray:
    """Return the weights of the least loss, shape (2,), by Newton's method from zero."""
    weights = np.zeros(2)
    for _ in range(50):
        step = np.linalg.solve(_curvature(points, weights), gradient(points, weights))
        weights = weights - step
        if np.abs(step).max() < 1e-10:
            break
    return weights


def stable_rate(points: Points) -> float:
    """Return the learning rate beyond which descent cannot settle at the least loss: 2 over the largest curvature there."""
    return float(2 / np.linalg.eigvalsh(_curvature(points, lowest(points))).max())


class Ending(Enum):
    """How a training ends."""

    CONVERGES = "converges"
    CRAWLS = "crawls"
    DIVERGES = "diverges"


@dataclass(frozen=True, eq=False)
class Descent:
    """Gradient descent from `START`.

    Attributes
    ----------
    points : Points
        What it is trained on.
    rate : float
        The learning rate.
    path : numpy.ndarray
        Shape (steps + 1, 2): the weights, the first before any step.
    """

    points: Points
    rate: float
    path: np.ndarray

    @cached_property
    def losses(self) -> np.ndarray:
        """The loss at each of them, shape (steps + 1,)."""
        return loss(self.points, self.path)

    @cached_property
    def least(self) -> float:
        """The least loss that there is."""
        return float(loss(self.points, lowest(self.points)))

    @property
    def ending(self) -> Ending:
        """Converged at the least loss; crawling, where it has not come there and no step went up; else diverging."""
        above = self.losses - self.least
        tail = above[len(above) // 2 :]
        if tail.max() <= ARRIVED * above[0]:
            return Ending.CONVERGES
        return Ending.CRAWLS if np.all(np.diff(self.losses) <= 1e-12) else Ending.DIVERGES

    @property
    def sentence(self) -> str:
        """What the learning rate does, with the numbers."""
        last, steps = float(self.losses[-1]), len(self.path) - 1
        what = {
            Ending.CONVERGES: f"descent **converges**: the loss comes down to {last:.3f}, and the least possible is {self.least:.3f}",
            Ending.CRAWLS: f"descent **crawls**: the loss is still {last:.3f}, and the least possible is {self.least:.3f}",
            Ending.DIVERGES: f"descent **diverges**: steps overshoot, the loss goes up and down between {self.losses[1:].min():.3f} and "
            f"{self.losses[1:].max():.3f}",
        }[self.ending]
        return f"With a learning rate of {self.rate:g}, in {steps} steps, {what}."


def descend(points: Points, rate: float, steps: int) -> Descent:
    """Train the neuron by gradient descent: weights - rate · gradient, `steps` times."""
    path = [np.array(START)]
    for _ in range(steps):
        path.append(path[-1] - rate * gradient(points, path[-1]))
    return Descent(points, rate, np.array(path))


def loss_surface(points: Points, reach: float, count: int = 81) -> tuple[np.ndarray, np.ndarray]:
    """Return the loss over a square of weights.

    Parameters
    ----------
    points : Points
        What the neuron is trained on.
    reach : float
        The square goes from -reach to reach in both weights.
    count : int
        Places along each.

    Returns
    -------
    axis, surface : numpy.ndarray
        Shapes (count,) and (count, count); rows of the surface are the second weight.
    """
    axis = np.linspace(-reach, reach, count)
    return axis, loss(points, np.stack(np.meshgrid(axis, axis), -1))
