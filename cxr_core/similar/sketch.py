"""A sketch of a film's pixels: short numbers that tell near-duplicates, and from which no film can be seen."""

import functools
from typing import Final

import numpy as np

from cxr_core.data import NEAR_DUPLICATE_CORRELATION, thumbnail_of
from cxr_core.imaging import Film

SKETCH: Final = 256
"""Numbers of a sketch. The product of two differs from the correlation r of the thumbnails by about (1 - r**2) / sqrt(SKETCH) (Johnson and
Lindenstrauss 1984): at the bound for near-duplicates, by 0.003."""


def sketch_of(film: Film) -> np.ndarray:
    """Sketch a film: a random projection of the thumbnail that `cxr_core.data` tells near-duplicates by.

    Parameters
    ----------
    film : Film
        The film.

    Returns
    -------
    numpy.ndarray
        float32, shape (SKETCH,), of length 1.
    """
    thumbnail = thumbnail_of(film)
    sketch = thumbnail @ _projection(len(thumbnail))
    return (sketch / max(float(np.linalg.norm(sketch)), 1e-6)).astype(np.float32)


def same_film(sketches: np.ndarray, sketch: np.ndarray) -> np.ndarray:
    """Tell which sketches, shape (n, SKETCH), are of the same film as another, shape (SKETCH,), or nearly: bool (n,)."""
    return sketches @ sketch > NEAR_DUPLICATE_CORRELATION


@functools.lru_cache(1)
def _projection(places: int) -> np.ndarray:
    # Of all generators, this one alone is promised to give the same numbers in every version of NumPy.
    return np.random.RandomState(0).standard_normal((places, SKETCH)).astype(np.float32)
