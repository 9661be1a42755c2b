"""Small arrays as pictures: each place a square of one grey, since a network sees no more than that."""

from typing import Final

import numpy as np

MARK: Final = (255, 140, 0)
"""RGB of what is outlined."""


def greyed(values: np.ndarray) -> np.ndarray:
    """Bring values to greys from their smallest, black, to their largest, white: uint8, of the same shape."""
    low, high = float(values.min()), float(values.max())
    return np.rint((values - low) / max(high - low, 1e-12) * 255).astype(np.uint8)


def enlarged(picture: np.ndarray, side: int) -> np.ndarray:
    """Enlarge a picture by a whole number, until it is about `side` wide; never reduce it."""
    times = max(1, round(side / picture.shape[1]))
    return picture.repeat(times, 0).repeat(times, 1)


def outlined(picture: np.ndarray, top: int, left: int, height: int, width: int, side: int) -> np.ndarray:
    """Enlarge a grey picture and draw a frame around a part of it.

    Parameters
    ----------
    picture : numpy.ndarray
        uint8, shape (h, w).
    top, left, height, width : int
        The part, in places of the picture.
    side : int
        As in `enlarged`.

    Returns
    -------
    numpy.ndarray
        uint8 RGB.
    """
    large = enlarged(picture, side)
    times, line = large.shape[1] // picture.shape[1], max(2, side // 96)
    coloured = np.repeat(large[..., np.newaxis], 3, 2)
    rows = slice(max(0, top * times - line), (top + height) * times + line)
    columns = slice(max(0, left * times - line), (left + width) * times + line)
    inside = coloured[top * times : (top + height) * times, left * times : (left + width) * times].copy()
    coloured[rows, columns] = MARK
    coloured[top * times : (top + height) * times, left * times : (left + width) * times] = inside
    return coloured
