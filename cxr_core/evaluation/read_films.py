"""Films that were read, and what was made of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cxr_core.gate import GateOutcome

UNKNOWN = -1
"""Code of a film that has none of the four classes."""


@dataclass(frozen=True, eq=False)
class ReadFilms:
    """Films of one collection, and what was made of them.

    Attributes
    ----------
    y_true : numpy.ndarray
        int, shape (n,): class codes, `UNKNOWN` where a film has none of the four.
    probabilities : numpy.ndarray
        Shape (n, 4): calibrated, rows summing to 1.
    features : numpy.ndarray
        float32, shape (n, channels): the network's pooled features.
    alone : numpy.ndarray
        float32, shape (n, networks, 4): the logits of each network alone.
    groups : numpy.ndarray
        Shape (n,): what is resampled together.
    outcomes : sequence of GateOutcome
        What the gate said of each.
    """

    y_true: np.ndarray
    probabilities: np.ndarray
    features: np.ndarray
    alone: np.ndarray
    groups: np.ndarray
    outcomes: Sequence[GateOutcome]

    @property
    def top(self) -> np.ndarray:
        """The class that each film is called, int, shape (n,)."""
        return self.probabilities.argmax(1)
