"""What a reader points at on a film, and whether that hits an outline."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from cxr_core.practice.errors import PracticeError

HALF: Final = 0.5
"""Share of a box that must lie inside the outline."""


@dataclass(frozen=True)
class Mark:
    """A point or a box on a film, in shares of its width and height; a point has no extent.

    Raises
    ------
    PracticeError
        A place lies outside the film, or the sides are exchanged.
    """

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not (0 <= self.left <= self.right <= 1 and 0 <= self.top <= self.bottom <= 1):
            raise PracticeError("A mark must lie on the film.")

    @property
    def is_point(self) -> bool:
        """Whether it is a point."""
        return self.left == self.right and self.top == self.bottom

    def hits(self, outline: np.ndarray) -> bool:
        """Say whether the mark hits: a point that lies inside the outline, or a box of which half or more does.

        Parameters
        ----------
        outline : numpy.ndarray
            bool, shape (height, width), over the whole film.
        """
        height, width = outline.shape
        top, left = min(height - 1, int(self.top * height)), min(width - 1, int(self.left * width))
        bottom, right = max(top + 1, round(self.bottom * height)), max(left + 1, round(self.right * width))
        if self.is_point:
            return bool(outline[top, left])
        return float(outline[top:bottom, left:right].mean()) >= HALF


def chance_of(outline: np.ndarray) -> float:
    """Return how probable it is that a point anywhere on the film hits: the outline's share of it."""
    return float(outline.mean())
