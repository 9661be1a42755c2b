"""Whether a film was photographed from a screen, told by a linear classifier on its edges and its spectrum."""

from dataclasses import dataclass
from typing import Final

import numpy as np

REASON: Final = "The picture looks like a photograph of a screen or a light box: load the film's own file if you can."


@dataclass(frozen=True, eq=False)
class Photograph:
    """Logistic regression.

    Attributes
    ----------
    weights : numpy.ndarray
        float32, shape (d,): of the edges' vector of `describe`, then of the `spectrum`.
    bias : float
    """

    weights: np.ndarray
    bias: float

    def __call__(self, edges: np.ndarray, spectrum: np.ndarray) -> float:
        """Return the logarithm of the odds that a film with these vectors is a photograph."""
        return float(np.concatenate([edges, spectrum]) @ self.weights + self.bias)
