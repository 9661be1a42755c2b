"""From the last activation to Grad-CAM by the sum that makes it (Selvaraju et al. 2017, arXiv:1610.02391)."""

from dataclasses import dataclass

import numpy as np

EPSILON = 1e-7
"""As in `cxr_core.saliency.methods`: keeps an empty map from being divided by zero."""


@dataclass(frozen=True)
class Term:
    """One channel's part in the sum at one place: its weight for the class, its activation there, and both multiplied."""

    channel: int
    weight: float
    activation: float

    @property
    def product(self) -> float:
        """Weight times activation."""
        return self.weight * self.activation


@dataclass(frozen=True)
class Evidence:
    """The sum at one place.

    Attributes
    ----------
    terms : tuple of Term
        Those that count most, the largest first, whatever their sign.
    others : float
        The sum of all other channels.
    others_count : int
        How many these are.
    """

    terms: tuple[Term, ...]
    others: float
    others_count: int

    @property
    def total(self) -> float:
        """The sum over all channels, before ReLU."""
        return sum(term.product for term in self.terms) + self.others


def evidence_map(activation: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Sum weight times activation over the channels, at every place.

    Parameters
    ----------
    activation : numpy.ndarray
        Shape (h, w, channels): the last activation.
    weights : numpy.ndarray
        Shape (channels,): what one more of each channel, at one place, adds to the class's score.

    Returns
    -------
    numpy.ndarray
        float64, shape (h, w).
    """
    return np.asarray(activation, float) @ np.asarray(weights, float)


def stretched(evidence: np.ndarray) -> np.ndarray:
    """Apply ReLU to the sums and stretch them to [0, 1]: the Grad-CAM, shape (h, w)."""
    positive = np.maximum(evidence, 0.0)
    return (positive - positive.min()) / (positive.max() - positive.min() + EPSILON)


def terms_at(activation: np.ndarray, weights: np.ndarray, row: int, column: int, most: int = 6) -> Evidence:
    """Return the sum at one place term by term, the `most` largest by name."""
    values, weights = np.asarray(activation[row, column], float), np.asarray(weights, float)
    products = weights * values
    order = np.argsort(-np.abs(products), kind="stable")
    named = tuple(Term(int(channel), float(weights[channel]), float(values[channel])) for channel in order[:most])
    return Evidence(named, float(products[order[most:]].sum()), len(order[most:]))
