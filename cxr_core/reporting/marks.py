"""What is written onto pictures of films that leave the app: the letters of the patient's sides, and which film it is."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from cxr_core.reporting.letters import in_ascii

_FONT: Final = cv2.FONT_HERSHEY_SIMPLEX


def with_sides(picture: np.ndarray, sides: tuple[str, str] | None, rotate: int = 0, mirror: bool = False) -> np.ndarray:
    """Write the letters of the patient's sides at a picture's edges.

    Parameters
    ----------
    picture : numpy.ndarray
        uint8, grey (h, w) or RGB (h, w, 3), turned and mirrored already.
    sides : tuple of str or None
        As `Film.sides` has them; without them nothing is written.
    rotate : int
        By how many degrees it was turned clockwise.
    mirror : bool
        Whether it was mirrored after that.

    Returns
    -------
    numpy.ndarray
        Of the same shape and type.
    """
    if sides is None:
        return picture
    picture = picture.copy()
    height, width = picture.shape[:2]
    places = [(0.0, 0.5), (0.5, 0.0), (1.0, 0.5), (0.5, 1.0)]  # (x, y): left, top, right, bottom, as a film turns clockwise
    for letter, place in zip(sides, (0, 2), strict=True):
        x, y = places[(place + rotate // 90) % 4]
        _write(picture, letter, 1 - x if mirror else x, y, _scale(width, height))
    return picture


def with_words(picture: np.ndarray, lines: Sequence[str]) -> np.ndarray:
    """Write lines into the upper left corner, white on black.

    Parameters
    ----------
    picture : numpy.ndarray
        uint8, grey (h, w) or RGB (h, w, 3).
    lines : sequence of str
        Letters with accents are written without them, others that are not ASCII as question marks.

    Returns
    -------
    numpy.ndarray
        Of the same shape and type.
    """
    picture, top = picture.copy(), 0
    for line in lines:
        text = in_ascii(line)  # OpenCV's font has no other letters
        scale = picture.shape[1] / 1200
        edge, thickness = max(2, round(8 * scale)), max(1, round(2 * scale))
        (width, height), below = cv2.getTextSize(text, _FONT, scale, thickness)
        bottom = top + height + below + 2 * edge
        cv2.rectangle(picture, (0, top), (width + 2 * edge, bottom), (0, 0, 0), cv2.FILLED)
        cv2.putText(picture, text, (edge, top + edge + height), _FONT, scale, (255, 255, 255), thickness, cv2.LINE_AA)
        top = bottom
    return picture


def _scale(width: int, height: int) -> float:
    return max(0.4, min(width, height) / 700)


def _write(picture: np.ndarray, letter: str, x: float, y: float, scale: float) -> None:
    """Write a letter at an edge, white with a black rim."""
    thickness = max(1, round(2 * scale))
    (width, height), _ = cv2.getTextSize(letter, _FONT, scale, thickness)
    edge = round(12 * scale)
    left = round(edge + x * (picture.shape[1] - width - 2 * edge))
    bottom = round(edge + height + y * (picture.shape[0] - height - 2 * edge))
    for grey, wide in ((0, 3 * thickness), (255, thickness)):
        cv2.putText(picture, letter, (left, bottom), _FONT, scale, (grey,) * 3, wide, cv2.LINE_AA)
