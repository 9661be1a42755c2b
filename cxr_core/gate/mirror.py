"""Whether a film shows the patient's sides swapped, told by a linear classifier on its edges: the heart lies to one side."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from cxr_core.gate.descriptors import CELLS, DIRECTIONS

REASON: Final = "The patient's sides look swapped: the film may be mirrored. Check the side marker."


def of_mirror_image(edges: np.ndarray) -> np.ndarray:
    """Return what the edges' vector of `describe` is for a film's mirror image, from the film's own; the same of weights for it.

    Parameters
    ----------
    edges : numpy.ndarray
        Floating, shape (..., CELLS ** 2 * (DIRECTIONS + 1)).

    Returns
    -------
    numpy.ndarray
        Of the same shape.
    """
    cut = CELLS**2 * DIRECTIONS
    turns = edges[..., :cut].reshape(*edges.shape[:-1], CELLS, CELLS, DIRECTIONS)
    strengths = edges[..., cut:].reshape(*edges.shape[:-1], CELLS, CELLS)
    other_way = (DIRECTIONS // 2 - np.arange(DIRECTIONS)) % DIRECTIONS  # an edge to the right becomes one to the left
    mirrored = turns[..., ::-1, other_way], strengths[..., ::-1]
    return np.concatenate([part.reshape(*edges.shape[:-1], -1) for part in mirrored], axis=-1)


@dataclass(frozen=True, eq=False)
class Mirror:
    """Logistic regression that says of a film and of its mirror image the opposite.

    Attributes
    ----------
    weights : numpy.ndarray
        float32, shape (d,): of the edges' vector of `describe`.
    """

    weights: np.ndarray

    def __call__(self, edges: np.ndarray) -> float:
        """Return the logarithm of the odds that a film with this vector is mirrored."""
        return float(edges @ self.weights)
