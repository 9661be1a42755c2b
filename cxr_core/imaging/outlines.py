"""The outline of what is strong in a map over a film."""

from typing import Final

import cv2
import numpy as np

OUTLINE_SIDE: Final = 256
"""Longest side, in pixels, at which a map is outlined: it has no finer detail."""


def outlines(saliency: np.ndarray) -> list[np.ndarray]:
    """Find where a map falls below half.

    Parameters
    ----------
    saliency : numpy.ndarray
        float32, shape (h, w), in [0, 1].

    Returns
    -------
    list of numpy.ndarray
        Closed outlines, float (n, 2): places as shares of the width and of the height.
    """
    scale = min(1.0, OUTLINE_SIDE / max(saliency.shape))
    extent = [max(1, round(side * scale)) for side in saliency.shape[::-1]]
    # A margin of nothing: a map that is strong up to the film's edge is outlined along it.
    strong = np.pad(cv2.resize(saliency, extent, interpolation=cv2.INTER_AREA) >= 0.5, 1).astype(np.uint8)
    found, _ = cv2.findContours(strong, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    smooth = [cv2.approxPolyDP(outline, 0.7, True)[:, 0] for outline in found]
    return [(outline - 0.5) / extent for outline in smooth if len(outline) > 2]
