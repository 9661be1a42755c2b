"""Films as a screen shows them; the model never sees these."""

import math

import cv2
import numpy as np

from cxr_core.imaging.film import Film

VIEW_SIDE = 2048
"""Longest side, in pixels, that is sent to a viewer; a larger film is shown reduced to it."""

_INTERPOLATED = 2.25
"""Pixels, along a side, that interpolation may make one of."""


def display_grey(film: Film, max_side: int = VIEW_SIDE) -> np.ndarray:
    """Turn a film into the grey picture a screen shows.

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
    scale = min(1.0, max_side / max(film.height, film.width))
    extent = (max(1, round(film.width * scale)), max(1, round(film.height * scale)))
    if film.greys is not None:
        return cv2.LUT(_reduced(film.samples, extent), np.rint(film.greys * 255).astype(np.uint8))
    pixels = film.pixels
    if scale < 1:
        pixels = cv2.resize(pixels, extent, interpolation=cv2.INTER_AREA)
    if film.bit_depth > 8:
        low, high = float(pixels.min()), float(pixels.max())
        pixels = (pixels - low) / max(high - low, 1e-6)
    return np.rint(pixels * 255).astype(np.uint8)


def windowed(grey: np.ndarray, level: float, width: float, invert: bool = False) -> np.ndarray:
    """Spread a part of the greys from black to white; darker ones become black, brighter ones white.

    Parameters
    ----------
    grey : numpy.ndarray
        uint8, shape (h, w), from `display_grey`.
    level, width : float
        Middle and extent of the part, in percent of the greys; 50 and 100 leave the picture as it is. `width` is positive.
    invert : bool
        Exchange black and white afterwards.

    Returns
    -------
    numpy.ndarray
        uint8, shape (h, w).
    """
    share = ((np.arange(256) / 2.55 - level) / width + 0.5).clip(0, 1)
    table = np.floor((1 - share if invert else share) * 255 + 0.5).astype(np.uint8)
    return cv2.LUT(grey, table)


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
