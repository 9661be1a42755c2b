"""From a film to what the classifiers see. Training, evaluation, command line and app all come through here."""

from dataclasses import dataclass

import cv2
import numpy as np

from cxr_core.imaging.film import Film

INPUT_VERSION = 1
"""Of `model_input`. Raise it with every change, here or in what this calls, that gives the same film another input: films that were
prepared before are then prepared anew, and the test of the function asks for the new version's figures."""

HARMONISED_SIDE = 256
"""Every film is first brought to this long side, in pixels, so that the blur below means the same for all of them."""

HARMONISING_SIGMA = 0.5
"""Gaussian blur in harmonised pixels. With the reduction to the network's size it makes it hard to see how a film was resampled
before it came to us, the less so the larger that size: `benchmarks/harmonisation.py` measures how well a classifier on the film's
texture can still tell the public copies apart."""

CONTRAST_PERCENTILES = (0.5, 99.5)
"""Grey levels that become 0 and 1: a 12-bit film in a 16-bit file and an 8-bit one then look alike to the network."""


@dataclass(frozen=True)
class Placement:
    """Where a film lies inside its square model input, in model-input pixels.

    Attributes
    ----------
    size : int
        Side of the square.
    top, left : int
        First row and column that hold film; all outside is black padding.
    height, width : int
        Extent of the film in the square; the longer one equals `size`.
    """

    size: int
    top: int
    left: int
    height: int
    width: int


def placement(height: int, width: int, size: int) -> Placement:
    """Fit a film of `height` x `width` pixels into a square of `size`, centred, with its aspect ratio kept."""
    scale = size / max(height, width)
    inner_height = min(size, max(1, round(height * scale)))
    inner_width = min(size, max(1, round(width * scale)))
    return Placement(size, (size - inner_height) // 2, (size - inner_width) // 2, inner_height, inner_width)


def _resize(pixels: np.ndarray, height: int, width: int) -> np.ndarray:
    # Area averaging is the anti-aliased choice when shrinking; it degenerates to blocks when enlarging.
    shrinks = height <= pixels.shape[0] and width <= pixels.shape[1]
    return cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def model_input(film: Film, size: int) -> np.ndarray:
    """Turn a film into the canonical input of every classifier.

    The film is brought to a common scale, its contrast stretched between two percentiles, blurred a little so that the
    resampling of its source cannot be seen, reduced to the network's size by area averaging, and padded with black to a square.

    Parameters
    ----------
    film : Film
        Grey film in [0, 1], any size.
    size : int
        Side of the network's input in pixels.

    Returns
    -------
    numpy.ndarray
        float32, shape (size, size, 1), values in [0, 1].
    """
    pixels = film.pixels
    common = placement(film.height, film.width, HARMONISED_SIDE)
    pixels = _resize(pixels, common.height, common.width)
    low, high = np.percentile(pixels, CONTRAST_PERCENTILES)
    pixels = np.clip((pixels - low) / max(high - low, 1e-6), 0.0, 1.0).astype(np.float32)
    pixels = cv2.GaussianBlur(pixels, (0, 0), HARMONISING_SIGMA)
    place = placement(film.height, film.width, size)
    square = np.zeros((size, size, 1), np.float32)
    square[place.top : place.top + place.height, place.left : place.left + place.width, 0] = _resize(pixels, place.height, place.width)
    return square
