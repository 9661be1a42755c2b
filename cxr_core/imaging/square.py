"""Films whose pixels are not square are made so: screen, model and saved pictures all take them for square."""

from dataclasses import dataclass

import cv2
import numpy as np

from cxr_core.imaging.bounds import MAX_PIXELS, MAX_SIDE

MAX_RATIO = 8.0
"""Of a pixel's sides; no detector or scanner has longer ones."""
_SQUARE = 1.01
"""A ratio that is seen by nobody, and comes from rounding."""


@dataclass(frozen=True)
class Pixel:
    """Extent of a pixel: height and width, only as a ratio or in mm as well."""

    height: float
    width: float
    in_mm: bool


def squared(samples: np.ndarray, pixel: Pixel | None, steps: list[str]) -> tuple[np.ndarray, tuple[float, float] | None]:
    """Bring samples to square pixels.

    Parameters
    ----------
    samples : numpy.ndarray
        uint8, uint16 or float32, shape (rows, columns).
    pixel : Pixel or None
        What the file says of their extent.
    steps : list of str
        Takes what was done.

    Returns
    -------
    numpy.ndarray
        The samples: as they came where their pixels are square, else interpolated along one side. That is made longer, so that nothing
        is lost, or the other one shorter where the film would become larger than films may be.
    tuple of float or None
        Distance in mm between the centres of two rows and of two columns.
    """
    if pixel is None:
        return samples, None
    ratio = pixel.height / pixel.width
    if 1 / _SQUARE < ratio < _SQUARE:
        return samples, (pixel.height, pixel.width) if pixel.in_mm else None
    rows, columns = samples.shape
    fine, coarse = sorted((pixel.height, pixel.width))
    height, width = round(rows * pixel.height / fine), round(columns * pixel.width / fine)
    side, interpolation = fine, cv2.INTER_LINEAR
    if max(height, width) > MAX_SIDE or height * width > MAX_PIXELS:
        height, width = max(1, round(rows * pixel.height / coarse)), max(1, round(columns * pixel.width / coarse))
        side, interpolation = coarse, cv2.INTER_AREA
    steps.append(f"pixels of {pixel.height / pixel.width:.3g} to 1 made square: {columns} x {rows} became {width} x {height}")
    return cv2.resize(samples, (width, height), interpolation=interpolation), (side, side) if pixel.in_mm else None
