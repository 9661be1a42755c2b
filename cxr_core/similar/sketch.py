"""A sketch of a film's pixels: short numbers that tell near-duplicates, and from which no film can be seen."""

import functools
from typing import Final

import numpy as np

from cxr_core.data import NEAR_DUPLICATE_CORRELATION, thumbnail_of
from cxr_core.imaging import Film

SKETCH: Final = 256
"""Numbers of a sketch. The product of two differs from the correlation r of the thumbnails by about (1 - r**2) / sqrt(SKETCH) (Johnson and
Lindenstrauss 1984): at the bound for near-duplicates, by 0.003."""

COARSE: Final = 64
"""Numbers by which films are looked through."""

MIGHT_BE_ALIKE: Final = 0.9
"""Product of these for films that are compared as a whole; of near-duplicates it is 0.975, give or take 0.006."""


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


class Sketches:
    """Sketches of many films, among which those of one film are found.

    The first numbers of all are compared, which takes a fraction of the time; those few that might be alike are compared as a whole.

    Parameters
    ----------
    sketches : numpy.ndarray
        Floating, shape (n, SKETCH).
    """

    def __init__(self, sketches: np.ndarray) -> None:
        self._whole = sketches.astype(np.float32)
        self._coarse = _coarse(self._whole)

    def same(self, sketch: np.ndarray) -> np.ndarray:
        """Return which films, int (k,), are the same as one with this sketch, or nearly."""
        # In one thread: on a busy machine it takes longer to wait for a second one than to do without.
        alike = np.einsum("nd,d->n", self._coarse, _coarse(sketch[np.newaxis])[0])
        rows = np.flatnonzero(alike > MIGHT_BE_ALIKE)
        found: np.ndarray = rows[self._whole[rows] @ sketch > NEAR_DUPLICATE_CORRELATION]
        return found

    def any_same(self, row: int, others: list[int]) -> bool:
        """Tell whether a film is the same as one of some others, or nearly."""
        return bool((self._whole[others] @ self._whole[row] > NEAR_DUPLICATE_CORRELATION).any())

    def pairs(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return which of some films are the same as which of all, as places in `rows` and in all."""
        ones, others = np.nonzero(self._coarse[rows] @ self._coarse.T > MIGHT_BE_ALIKE)
        same = np.einsum("kd,kd->k", self._whole[rows[ones]], self._whole[others]) > NEAR_DUPLICATE_CORRELATION
        return ones[same], others[same]


def _coarse(sketches: np.ndarray) -> np.ndarray:
    """Return the first numbers of sketches as rows of length 1."""
    part = sketches[:, :COARSE]
    return np.ascontiguousarray(part / np.maximum(np.linalg.norm(part, axis=1, keepdims=True), 1e-6))


@functools.lru_cache(1)
def _projection(places: int) -> np.ndarray:
    # Of all generators, this one alone is promised to give the same numbers in every version of NumPy.
    return np.random.RandomState(0).standard_normal((places, SKETCH)).astype(np.float32)
