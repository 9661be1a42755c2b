"""Saliency maps laid over the film that they belong to."""

from collections.abc import Mapping

import cv2
import numpy as np

from cxr_core.imaging import Box

_LEVELS = np.arange(256, dtype=np.uint8)
# Plasma is perceptually uniform and rises in lightness, so that it reads in greyscale and to the colour-blind; its top end is still
# saturated, so that it shows on bright bone.
_COLOURS = cv2.cvtColor(cv2.applyColorMap(_LEVELS[None], cv2.COLORMAP_PLASMA), cv2.COLOR_BGR2RGB)[0]

WEAK = 0.2
"""Saliency up to this is not coloured: a tint over all of a film hides it, and says nothing."""
_FULL = 0.8
"""Saliency from which the colour is as opaque as it gets."""

_ALPHA = np.rint(((np.linspace(0, 1, 256) - WEAK) / (_FULL - WEAK)).clip(0, 1) * 255).astype(np.uint8)

COLOUR_TABLE = np.column_stack([_COLOURS, _ALPHA])
"""uint8 RGBA, shape (256, 4): the colour of each level of saliency. The alpha grows with it, so weak saliency lets the film through."""


def common_scale(probabilities: Mapping[str, float]) -> dict[str, float]:
    """Return what each class's map is multiplied by, so that maps of one film can be compared.

    Each map is stretched to its own maximum when it is drawn, whatever that was: a class at 0.01 would glow like the most probable one.

    Parameters
    ----------
    probabilities : mapping of str to float
        By class name; at least one is positive.

    Returns
    -------
    dict of str to float
        In [0, 1]; 1 for the most probable class, for the others as many times less as they are less probable.
    """
    highest = max(probabilities.values())
    return {name: value / highest for name, value in probabilities.items()}


def film_map(saliency: np.ndarray, box: Box, height: int, width: int) -> np.ndarray:
    """Bring a map from the network's square back onto the film; outside the box, which the network did not see, it is zero.

    Parameters
    ----------
    saliency : numpy.ndarray
        float32, shape (h, w), values in [0, 1], covering the whole square model input.
    box : Box
        What of the film the square shows.
    height, width : int
        Wanted extent in pixels, of the film's aspect ratio.

    Returns
    -------
    numpy.ndarray
        float32, shape (height, width), values in [0, 1].
    """
    top, left = round(box.top * height), round(box.left * width)
    bottom, right = max(top + 1, round(box.bottom * height)), max(left + 1, round(box.right * width))
    found = np.zeros((height, width), np.float32)
    found[top:bottom, left:right] = cv2.resize(saliency, (right - left, bottom - top), interpolation=cv2.INTER_CUBIC)
    return found.clip(0.0, 1.0)


def colour_layer(saliency: np.ndarray) -> np.ndarray:
    """Colour a map so that strong saliency glows and weak saliency lets the film through.

    Parameters
    ----------
    saliency : numpy.ndarray
        float32, shape (h, w), values in [0, 1].

    Returns
    -------
    numpy.ndarray
        uint8 RGBA, shape (h, w, 4); the alpha grows with the saliency, from fully transparent up to `WEAK`.
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
