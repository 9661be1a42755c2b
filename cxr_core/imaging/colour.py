"""How coloured a picture is. A film is grey; colour tells of a photograph, a screen, or marks that were drawn on it."""

from dataclasses import dataclass

import numpy as np

from cxr_core.imaging.bounds import sparse

CHROMATIC = 0.1
"""Difference between the strongest and the weakest channel, as a share of the full range, from which a pixel counts as coloured: what
JPEG's reduced colour makes of grey stays well below it."""


@dataclass(frozen=True)
class Colour:
    """The colours of a picture.

    Attributes
    ----------
    share : float
        Share of coloured pixels, in [0, 1].
    variety : float
        1 minus the length of the mean of their hues as unit vectors, in [0, 1]: 0 for one tint all over, near 1 for many colours.
    """

    share: float
    variety: float


def measure_colour(samples: np.ndarray, full_scale: int) -> Colour | None:
    """Measure colour on a grid of pixels.

    Parameters
    ----------
    samples : numpy.ndarray
        Unsigned integers, shape (height, width, 3); which channel is which does not matter.
    full_scale : int
        The largest value that a sample can have.

    Returns
    -------
    Colour or None
        None where the three channels are the same, as in a grey film that was stored as colour.
    """
    pixels = sparse(samples).reshape(-1, 3).astype(np.float32) / full_scale
    if not np.ptp(pixels, axis=1).any():
        return None
    coloured = pixels[np.ptp(pixels, axis=1) > CHROMATIC]
    if not len(coloured):
        return Colour(0.0, 0.0)
    # The three channels span the plane across the grey axis evenly; a pixel's place in it, as a unit vector, is its hue.
    hues = coloured @ np.exp(2j * np.pi * np.arange(3) / 3)
    return Colour(len(coloured) / len(pixels), float(1 - abs((hues / abs(hues)).mean())))
