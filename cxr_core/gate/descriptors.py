"""What the gate looks at in a film's model input: its coarse greys, which way its edges run where, its spectrum. No network is needed."""

from functools import cache
from itertools import pairwise

import cv2
import numpy as np

SIDE = 64
"""Every canonical film is reduced to this side, in pixels, before its greys and edges are taken."""

THUMBNAIL_SIDE = 32
CELLS = 8
DIRECTIONS = 8

_FAINT = 0.02
"""Added to the strength of a cell's edges before the logarithm, so that black corners do not dwarf all else."""

BANDS = 12
LOWEST_FREQUENCY = 0.04
"""Rings that a spectrum is divided into, and where they begin, in cycles a pixel; they end at 0.5."""

_PEAK = 3
"""A ring's peak is the mean of so many of its strongest frequencies."""


def describe(canonical: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Describe a film in two vectors.

    Parameters
    ----------
    canonical : numpy.ndarray
        float32, shape (size, size, 1), values in [0, 1], from `model_input`.

    Returns
    -------
    greys : numpy.ndarray
        float32, shape (THUMBNAIL_SIDE ** 2,): a thumbnail of mean 0 and standard deviation 1.
    edges : numpy.ndarray
        float32, shape (CELLS ** 2 * (DIRECTIONS + 1),): a histogram of the directions of the edges in each of CELLS x CELLS cells, then
        the logarithm of how strong the edges of each cell are. Directions go round the full circle, so that dark on bright differs
        from bright on dark. After the histograms of oriented gradients of Dalal and Triggs (2005, CVPR), with one norm for the whole
        film and its square root taken (Arandjelovic and Zisserman 2012, CVPR), so that distances between two are even.
    """
    film = cv2.resize(canonical[..., 0], (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return _greys(film), _edges(film)


def _greys(film: np.ndarray) -> np.ndarray:
    thumbnail = cv2.resize(film, (THUMBNAIL_SIDE, THUMBNAIL_SIDE), interpolation=cv2.INTER_AREA).ravel()
    return (thumbnail - thumbnail.mean()) / max(float(thumbnail.std()), 1e-3)


def _edges(film: np.ndarray) -> np.ndarray:
    across, down = cv2.Sobel(film, cv2.CV_32F, 1, 0), cv2.Sobel(film, cv2.CV_32F, 0, 1)
    strength, turn = cv2.cartToPolar(across, down)
    turn *= DIRECTIONS / (2 * np.pi)
    half = DIRECTIONS / 2
    # Each edge counts for the two directions that it lies between, the more for the nearer one.
    away = turn[..., np.newaxis] - np.arange(DIRECTIONS, dtype=np.float32) + np.float32(half)
    away += np.where(away < 0, np.float32(DIRECTIONS), np.float32(0)) - np.where(away >= DIRECTIONS, np.float32(DIRECTIONS), np.float32(0))
    planes = np.maximum(0, 1 - np.abs(away - np.float32(half))) * strength[..., np.newaxis]
    cells = cv2.resize(planes, (CELLS, CELLS), interpolation=cv2.INTER_AREA)
    directions = np.sqrt(cells / max(float(cells.sum()), 1e-6)).ravel()
    return np.concatenate([directions * CELLS, np.log(cells.sum(2).ravel() + _FAINT)])


def spectrum(canonical: np.ndarray) -> np.ndarray:
    """Describe how much of a film is fine, and whether something in it repeats, as the pattern of a photographed screen does.

    Parameters
    ----------
    canonical : numpy.ndarray
        float32, shape (size, size, 1), values in [0, 1], from `model_input`.

    Returns
    -------
    numpy.ndarray
        float32, shape (2 * BANDS,): by ring of frequencies, the mean logarithm of the amplitude, and by how much its peak stands above
        its median. Brightness and contrast do not matter.
    """
    film = canonical[..., 0]
    size = film.shape[0]
    greys = (film - film.mean()) / max(float(film.std()), 1e-3) * _window(size)
    amplitudes = np.log(np.abs(np.fft.rfft2(greys)) / size + 1e-5).ravel()
    rings = [np.sort(amplitudes[ring]) for ring in _rings(size)]
    means = [ring.mean() for ring in rings]
    peaks = [ring[-_PEAK:].mean() - (ring[(len(ring) - 1) // 2] + ring[len(ring) // 2]) / 2 for ring in rings]  # above the median
    return np.array(means + peaks, np.float32)


@cache
def _window(size: int) -> np.ndarray:
    return np.outer(np.hanning(size), np.hanning(size))


@cache
def _rings(size: int) -> tuple[np.ndarray, ...]:
    """Return the places of each ring's frequencies in a spectrum that was made flat."""
    frequency = np.hypot(np.fft.fftfreq(size)[:, np.newaxis], np.fft.rfftfreq(size))
    bounds = np.linspace(LOWEST_FREQUENCY, 0.5, BANDS + 1)
    return tuple(np.flatnonzero((frequency >= low) & (frequency < high)) for low, high in pairwise(bounds))
