"""How a film lies: upright, turned, inverted, or no chest at all, told by a linear classifier on the two vectors of `describe`."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import logsumexp

NOT_A_CHEST: Final = "not_a_chest"
POSTURES: Final = ("upright", "rotated_90", "rotated_180", "rotated_270", "inverted", NOT_A_CHEST)
"""In the order of the classifier's outputs. Rotations count in degrees, anticlockwise."""

UPRIGHT: Final = 0

REASONS: Final = {
    "rotated_90": "The picture looks turned by 90 degrees anticlockwise.",
    "rotated_180": "The picture looks upside down.",
    "rotated_270": "The picture looks turned by 90 degrees clockwise.",
    "inverted": "The picture looks inverted: bone should be bright and air dark.",
    NOT_A_CHEST: "The picture does not look like a whole, frontal chest X-ray.",
}


@dataclass(frozen=True, eq=False)
class Posture:
    """Multinomial logistic regression.

    Attributes
    ----------
    weights : numpy.ndarray
        float32, shape (d, len(POSTURES)).
    bias : numpy.ndarray
        float32, shape (len(POSTURES),).
    """

    weights: np.ndarray
    bias: np.ndarray

    def __call__(self, greys: np.ndarray, edges: np.ndarray) -> tuple[float, str]:
        """Judge a film by its vectors from `describe`.

        Returns
        -------
        float
            Minus the logarithm of the probability that it is upright, at least 0.
        str
            The likeliest of the other `POSTURES`.
        """
        scores = np.concatenate([greys, edges]) @ self.weights + self.bias
        others = np.delete(scores, UPRIGHT)
        return float(max(0.0, logsumexp(scores) - scores[UPRIGHT])), POSTURES[1 + int(others.argmax())]
