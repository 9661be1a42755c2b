"""From a film to what the networks see. Training, evaluation, command line and app all come through here."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import cv2
import numpy as np

from cxr_core.imaging.film import Film

INPUT_VERSION = 2
"""Of `model_input` and `square_input`. Raise it with every change that gives the same film another input: films that were prepared before
are then prepared anew, and the test of the function asks for the new version's figures."""

HARMONISED_SIDE = 256
"""Every film is first brought to this long side, in pixels, so that the blur below means the same for all of them."""

HARMONISING_SIGMA = 0.5
"""Gaussian blur in harmonised pixels. With the reduction to the network's size it makes it hard to see how a film was resampled
before it came to us, the less so the larger that size: `benchmarks/harmonisation.py` measures how well a classifier on the film's
texture can still tell the public copies apart."""

CONTRAST_PERCENTILES = (0.5, 99.5)
"""Grey levels that become 0 and 1: a 12-bit film in a 16-bit file and an 8-bit one then look alike to the network."""


@dataclass(frozen=True)
class Box:
    """A part of a film, in shares of its height and width from its upper left corner.

    Attributes
    ----------
    top, left, bottom, right : float
        In [0, 1]; `top` < `bottom` and `left` < `right`.
    """

    top: float
    left: float
    bottom: float
    right: float

    @property
    def height(self) -> float:
        """Share of the film's height."""
        return self.bottom - self.top

    @property
    def width(self) -> float:
        """Share of the film's width."""
        return self.right - self.left


WHOLE_FILM = Box(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class Placement:
    """Where a film lies inside the square that it was fitted into, in pixels of that square.

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


_KEPT: WeakKeyDictionary[Film, np.ndarray] = WeakKeyDictionary()
_KEPT_STRETCHED: WeakKeyDictionary[Film, np.ndarray] = WeakKeyDictionary()
"""The harmonised films, and the same with their contrast stretched: each is needed for several inputs, and goes with its film."""


def _harmonised(film: Film) -> np.ndarray:
    """Bring a film to the common scale and blur it a little, so that the resampling of its source cannot be seen."""
    kept = _KEPT.get(film)
    if kept is None:
        common = placement(film.height, film.width, HARMONISED_SIDE)
        kept = cv2.GaussianBlur(_resize(film.pixels, common.height, common.width), (0, 0), HARMONISING_SIGMA)
        _KEPT[film] = kept
    return kept


def _stretched(pixels: np.ndarray, sample: np.ndarray) -> np.ndarray:
    """Bring the greys between two percentiles of `sample` to 0 and 1."""
    low, high = np.percentile(sample, CONTRAST_PERCENTILES)
    return np.clip((pixels - low) / max(high - low, 1e-6), 0.0, 1.0).astype(np.float32)


def square_input(film: Film, size: int) -> np.ndarray:
    """Fit a whole film into a square, as the lung network and the input gate look at it.

    The film is harmonised, its contrast stretched between two percentiles, reduced by area averaging, and padded with black.

    Parameters
    ----------
    film : Film
        Grey film in [0, 1], any size.
    size : int
        Side of the square in pixels.

    Returns
    -------
    numpy.ndarray
        float32, shape (size, size, 1), values in [0, 1].
    """
    pixels = _KEPT_STRETCHED.get(film)
    if pixels is None:
        harmonised = _harmonised(film)
        pixels = _KEPT_STRETCHED[film] = _stretched(harmonised, harmonised)
    place = placement(film.height, film.width, size)
    square = np.zeros((size, size, 1), np.float32)
    square[place.top : place.top + place.height, place.left : place.left + place.width, 0] = _resize(pixels, place.height, place.width)
    return square


def model_input(film: Film, size: int, box: Box = WHOLE_FILM) -> np.ndarray:
    """Turn a film into the canonical input of every classifier: the box around its lungs, brought to a square.

    The film is harmonised, cut to the box, stretched to a square, whatever its proportions (public copies and vendors keep them
    differently, so they would name the source), and its contrast stretched between two percentiles of the box.

    Parameters
    ----------
    film : Film
        Grey film in [0, 1], any size.
    size : int
        Side of the network's input in pixels.
    box : Box
        What of the film is looked at, from `cxr_core.lungs.LungFields.box`.

    Returns
    -------
    numpy.ndarray
        float32, shape (size, size, 1), values in [0, 1].
    """
    pixels = _harmonised(film)
    height, width = pixels.shape
    rows = slice(int(box.top * height), max(int(box.top * height) + 1, int(np.ceil(box.bottom * height))))
    columns = slice(int(box.left * width), max(int(box.left * width) + 1, int(np.ceil(box.right * width))))
    scale_x, scale_y = box.width * width / size, box.height * height / size
    # Centres of pixels onto centres of pixels.
    affine = np.array([[scale_x, 0, box.left * width + scale_x / 2 - 0.5], [0, scale_y, box.top * height + scale_y / 2 - 0.5]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    cut = cv2.warpAffine(pixels, affine, (size, size), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return _stretched(cut, pixels[rows, columns])[..., np.newaxis]
