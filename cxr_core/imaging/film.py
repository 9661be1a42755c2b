"""A film: a loaded grey image and what is known about it."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Film:
    """One loaded chest X-ray image.

    Attributes
    ----------
    pixels : numpy.ndarray
        float32, shape (height, width), values in [0, 1] of the file's full grey range, at the file's own resolution.
    bit_depth : int
        Bits a sample in the file.
    format : str
        ``"PNG"``, ``"JPEG"`` or, for a film drawn in code, ``"drawing"``.
    steps : tuple of str
        What was done to the file's samples to get here, in order, each a short phrase for the user.
    """

    pixels: np.ndarray
    bit_depth: int
    format: str
    steps: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        """Rows of the film, in pixels."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Columns of the film, in pixels."""
        return int(self.pixels.shape[1])
