"""Films as a screen shows them; the model never sees these."""

import math

import cv2
import numpy as np

from cxr_core.imaging.film import Film
from cxr_core.imaging.greyscale import FilmWindow, GreyScale

VIEW_SIDE = 2048
"""Longest side, in pixels, that is sent to a viewer; a larger film is shown reduced to it."""

_INTERPOLATED = 2.25
"""Pixels, along a side, that interpolation may make one of."""


def display_levels(film: Film, max_side: int = VIEW_SIDE) -> np.ndarray:
    """Bring a film to the extent that a screen shows, in full depth.

    Parameters
    ----------
    film : Film
        The film.
    max_side : int
        Longest side of the result, in pixels; smaller films are not enlarged.

    Returns
    -------
    numpy.ndarray
        uint8 or uint16, shape (h, w), of the film's aspect ratio: the film's `levels`.
    """
    scale = min(1.0, max_side / max(film.height, film.width))
    extent = (max(1, round(film.width * scale)), max(1, round(film.height * scale)))
    if film.greys is None and scale < 1:
        return cv2.resize(film.levels, extent, interpolation=cv2.INTER_AREA)
    return _reduced(film.levels, extent)


def display_grey(film: Film, max_side: int = VIEW_SIDE) -> np.ndarray:
    """Turn a film into the grey picture a screen shows before anybody chooses a window.

    An 8-bit film is shown as it is, and so is a DICOM, whose file says what is black and what is white. Any other deeper one seldom
    fills its range, so it is stretched from its darkest to its brightest grey.

    Parameters
    ----------
    film : Film
        The film.
    max_side : int
        Longest side of the result, in pixels; smaller films are not enlarged.

    Returns
    -------
    numpy.ndarray
        uint8, shape (h, w), of the film's aspect ratio.
    """
    return windowed(display_levels(film, max_side), film.grey_scale, film.windows[0])


def windowed(levels: np.ndarray, scale: GreyScale, window: FilmWindow, invert: bool = False) -> np.ndarray:
    """Look at a film through a window; what lies beyond it becomes black or white.

    Parameters
    ----------
    levels : numpy.ndarray
        uint8 or uint16, shape (h, w), from `display_levels`.
    scale : GreyScale
        What they stand for.
    window : FilmWindow
        Which of the film's values are spread from black to white.
    invert : bool
        Exchange black and white afterwards.

    Returns
    -------
    numpy.ndarray
        uint8, shape (h, w).
    """
    share = scale.table(window.level, window.width) if window.curve is None else window.curve
    table = np.zeros(2 ** (8 * levels.itemsize), np.uint8)
    table[: len(share)] = np.floor((1 - share if invert else share) * 255 + 0.5)
    return cv2.LUT(levels, table)


def png_bytes(picture: np.ndarray) -> bytes:
    """Encode a uint8 picture, grey (h, w), RGB (h, w, 3) or RGBA (h, w, 4), as a PNG file."""
    if picture.ndim == 3:
        picture = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR if picture.shape[2] == 3 else cv2.COLOR_RGBA2BGRA)
    return cv2.imencode(".png", picture)[1].tobytes()


def _reduced(samples: np.ndarray, extent: tuple[int, int]) -> np.ndarray:
    """Reduce stored samples to `extent` (width, height), several times faster than by areas that share pixels.

    Interpolation between two neighbours leaves next to no pixel out as long as there are little more than two for each of the result.
    Where there are more, whole blocks of them are averaged before.
    """
    height, width = samples.shape
    block = math.ceil(max(width / extent[0], height / extent[1]) / _INTERPOLATED)
    if block > 1 and min(height, width) >= block:
        whole = samples[: height // block * block, : width // block * block]
        samples = cv2.resize(whole, (width // block, height // block), interpolation=cv2.INTER_AREA)
    return samples if samples.shape == extent[::-1] else cv2.resize(samples, extent, interpolation=cv2.INTER_LINEAR)
