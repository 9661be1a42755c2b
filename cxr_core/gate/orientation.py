"""How a film lies: as it should, turned, inverted, or no chest at all, told by a linear classifier on the two vectors of `describe`."""

from dataclasses import dataclass
from typing import Final

import numpy as np

NOT_A_CHEST: Final = "not_a_chest"
ORIENTATIONS: Final = ("standard", "rotated_90", "rotated_180", "rotated_270", "inverted", NOT_A_CHEST)
"""In the order of the classifier's outputs. Rotations count in degrees, anticlockwise."""

STANDARD: Final = 0

REASONS: Final = {
    "rotated_90": "The picture looks turned by 90 degrees anticlockwise.",
    "rotated_180": "The picture looks upside down.",
    "rotated_270": "The picture looks turned by 90 degrees clockwise.",
    "inverted": "The picture looks inverted: bone should be bright and air dark.",
    NOT_A_CHEST: "The picture does not look like a whole, frontal chest X-ray.",
}


@dataclass(frozen=True, eq=False)
class Orientation:
    """Multinomial logistic regression.

    Attributes
    ----------
    weights : numpy.ndarray
        float32, shape (d, len(ORIENTATIONS)).
    bias : numpy.ndarray
        float32, shape (len(ORIENTATIONS),).
    """

    weights: np.ndarray
    bias: np.ndarray

    def __call__(self, greys: np.ndarray, edges: np.ndarray) -> tuple[float, str]:
        """Judge a film by its vectors from `describe`.

        Returns
        -------
        float
            Minus the logarithm of the probability that it lies as it should, at least 0.
        str
            The likeliest of the other `ORIENTATIONS`.
        """
        scores = np.concatenate([greys, edges]) @ self.weights + self.bias
        others = np.delete(scores, STANDARD)
        largest = scores.max()
        total = largest + np.log(np.exp(scores - largest).sum())
        return float(max(0.0, total - scores[STANDARD])), ORIENTATIONS[1 + int(others.argmax())]
