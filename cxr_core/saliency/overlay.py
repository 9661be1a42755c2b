"""Saliency maps laid over the film that they belong to."""

import cv2
import numpy as np

from cxr_core.imaging import Placement

_LEVELS = np.arange(256, dtype=np.uint8)
# Plasma is perceptually uniform and rises in lightness, so that it reads in greyscale and to the colour-blind; its top end is still
# saturated, so that it shows on bright bone.
_COLOURS = cv2.cvtColor(cv2.applyColorMap(_LEVELS[None], cv2.COLORMAP_PLASMA), cv2.COLOR_BGR2RGB)[0]

COLOUR_TABLE = np.column_stack([_COLOURS, _LEVELS])
"""uint8 RGBA, shape (256, 4): the colour of each level of saliency. The alpha is the level, so weak saliency lets the film through."""


def film_map(saliency: np.ndarray, place: Placement, height: int, width: int) -> np.ndarray:
    """Bring a map from the network's square back onto the film, padding undone.

    Parameters
    ----------
    saliency : numpy.ndarray
        float32, shape (h, w), values in [0, 1], covering the whole square model input.
    place : Placement
        Where the film lies in that square.
    height, width : int
        Wanted extent in pixels, of the film's aspect ratio.

    Returns
    -------
    numpy.ndarray
        float32, shape (height, width), values in [0, 1].
    """
    square = cv2.resize(saliency, (place.size, place.size), interpolation=cv2.INTER_CUBIC)
    inner = square[place.top : place.top + place.height, place.left : place.left + place.width]
    return cv2.resize(inner, (width, height), interpolation=cv2.INTER_LINEAR).clip(0.0, 1.0)


def colour_layer(saliency: np.ndarray) -> np.ndarray:
    """Colour a map so that strong saliency glows and weak saliency lets the film through.

    Parameters
    ----------
    saliency : numpy.ndarray
        float32, shape (h, w), values in [0, 1].

    Returns
    -------
    numpy.ndarray
        uint8 RGBA, shape (h, w, 4); the alpha grows with the saliency, from fully transparent at 0.
    """
    return COLOUR_TABLE[np.rint(saliency * 255).astype(np.uint8)]


def overlay(grey: np.ndarray, layer: np.ndarray, opacity: float) -> np.ndarray:
    """Blend a colour layer over a film.

    Parameters
    ----------
    grey : numpy.ndarray
        uint8, shape (h, w): the film as displayed.
    layer : numpy.ndarray
        uint8 RGBA, shape (h, w, 4), from `colour_layer`.
    opacity : float
        In [0, 1]; 0 leaves the film as it is.

    Returns
    -------
    numpy.ndarray
        uint8 RGB, shape (h, w, 3).
    """
    film = cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB).astype(np.float32)
    alpha = layer[..., 3:].astype(np.float32) / 255 * np.float32(opacity)
    return np.rint(film + (layer[..., :3] - film) * alpha).astype(np.uint8)
