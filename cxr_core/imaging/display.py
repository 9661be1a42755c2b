"""Films as a screen shows them; the model never sees these."""

import cv2
import numpy as np

from cxr_core.imaging.film import Film

VIEW_SIDE = 2048
"""Longest side, in pixels, that is sent to a viewer; a larger film is shown reduced to it."""


def display_grey(film: Film, max_side: int = VIEW_SIDE) -> np.ndarray:
    """Turn a film into the grey picture a screen shows.

    An 8-bit film is shown as it is. A deeper one seldom fills its range, so it is stretched from its darkest to its brightest
    grey.

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
    pixels = film.pixels
    scale = min(1.0, max_side / max(pixels.shape))
    if scale < 1:
        extent = (max(1, round(film.width * scale)), max(1, round(film.height * scale)))
        pixels = cv2.resize(pixels, extent, interpolation=cv2.INTER_AREA)
    if film.bit_depth > 8:
        low, high = float(pixels.min()), float(pixels.max())
        pixels = (pixels - low) / max(high - low, 1e-6)
    return np.rint(pixels * 255).astype(np.uint8)
