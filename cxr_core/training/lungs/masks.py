"""Lung masks of a data folder, as what the lung network learns from and is measured on."""

from pathlib import Path

import cv2
import numpy as np

from cxr_core.imaging import decode_film, placement, read_film_file, square_input

TOUCHING = 0.6
"""From this share of the film's width on, one piece of a mask is both lungs that touch."""


def load_pair(film: Path, mask: Path, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Load a film as the lung network takes it, and the masks of its lungs.

    Parameters
    ----------
    film, mask : Path
        The film, and a one-bit picture of its lungs with the same proportions.
    side : int
        Side of the square in pixels.

    Returns
    -------
    film : numpy.ndarray
        uint8, shape (side, side).
    lungs : numpy.ndarray
        uint8, shape (side, side, 2), 0 to 255: the patient's right and left lung, where the film lies in the square.

    Raises
    ------
    ImageError
        One of them cannot be read.
    """
    pixels = decode_film(read_film_file(film))
    halves = sides_of(decode_film(read_film_file(mask)).pixels > 0.5)
    place = placement(pixels.height, pixels.width, side)
    lungs = np.zeros((side, side, 2), np.float32)
    lungs[place.top : place.top + place.height, place.left : place.left + place.width] = np.dstack(
        [cv2.resize(half.astype(np.float32), (place.width, place.height), interpolation=cv2.INTER_AREA) for half in halves]
    )
    return np.rint(square_input(pixels, side)[..., 0] * 255).astype(np.uint8), np.rint(lungs * 255).astype(np.uint8)


def sides_of(lungs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Divide a mask, bool (height, width), into the half at the picture's left, the patient's right lung, and the other.

    Pieces go to the side that they lie on. Where one piece is both lungs, it is cut in the middle, at its narrowest column.
    """
    width = lungs.shape[1]
    count, labels, stats, centres = cv2.connectedComponentsWithStats(lungs.astype(np.uint8), connectivity=4)
    middle = _middle(lungs)
    right, left = np.zeros_like(lungs), np.zeros_like(lungs)
    columns = np.broadcast_to(np.arange(width), lungs.shape)
    for piece in range(1, count):
        inside = labels == piece
        if stats[piece, cv2.CC_STAT_WIDTH] > TOUCHING * width:
            right |= inside & (columns < middle)
            left |= inside & (columns >= middle)
        elif centres[piece][0] < middle:
            right |= inside
        else:
            left |= inside
    return right, left


def _middle(lungs: np.ndarray) -> int:
    """Return the column between the lungs: the one that crosses least of them in the middle half of their extent."""
    filled = lungs.sum(0)
    held = np.flatnonzero(filled)
    if not len(held):
        return lungs.shape[1] // 2
    first, last = held[0], held[-1]
    start, stop = first + (last - first) // 3, last - (last - first) // 3 + 1
    part = filled[start:stop]
    least = np.flatnonzero(part == part.min())
    return int(start + least[len(least) // 2])
