"""What is not an upright chest film, made from films and from chance: the gate learns from these, never from pictures of other things."""

import cv2
import numpy as np

_STEEPEST = 2.5
"""Of the spectrum of noise, as a power of the frequency: 0 is white noise, 2.5 are clouds."""


def turned(film: np.ndarray, posture: str) -> np.ndarray:
    """Bring an upright canonical film, float32 (size, size, 1) in [0, 1], into one of the `POSTURES` but the last."""
    if posture == "inverted":
        # The padding of a film that is no square stays black: it is added after the inversion.
        return np.where(_padding(film), 0, 1 - film).astype(np.float32)
    quarters = {"upright": 0, "rotated_90": 1, "rotated_180": 2, "rotated_270": 3}[posture]
    return np.ascontiguousarray(np.rot90(film, quarters))


def not_a_chest(film: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Make something else of a canonical film: a blown-up part, its tiles shuffled, or noise that has nothing of it.

    Parameters
    ----------
    film : numpy.ndarray
        float32, shape (size, size, 1), values in [0, 1].
    rng : numpy.random.Generator
        Draws what is made of it.

    Returns
    -------
    numpy.ndarray
        Of the same shape, dtype and range.
    """
    size = film.shape[0]
    kind = rng.integers(3)
    if kind == 0:
        side = int(rng.integers(size // 4, size // 2 + 1))
        top, left = rng.integers(0, size - side + 1, 2)
        made = cv2.resize(film[top : top + side, left : left + side], (size, size), interpolation=cv2.INTER_LINEAR)
    elif kind == 1:
        made = _shuffled(film[..., 0], int(rng.integers(2, 5)), rng)
    else:
        made = _noise(size, rng)
    low, high = np.percentile(made, (0.5, 99.5))
    return np.clip((made - low) / max(float(high - low), 1e-6), 0, 1).astype(np.float32)[..., np.newaxis]


def _padding(film: np.ndarray) -> np.ndarray:
    """Find the black rows and columns that reach in from the edges."""
    lit = film[..., 0] > 0
    inside = np.zeros(film.shape, bool)
    rows, columns = np.flatnonzero(lit.any(1)), np.flatnonzero(lit.any(0))
    if len(rows):
        inside[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = True
    return ~inside


def _shuffled(film: np.ndarray, tiles: int, rng: np.random.Generator) -> np.ndarray:
    side = film.shape[0] // tiles
    whole = cv2.resize(film, (side * tiles, side * tiles), interpolation=cv2.INTER_AREA)
    pieces = whole.reshape(tiles, side, tiles, side).swapaxes(1, 2).reshape(-1, side, side)
    made = pieces[rng.permutation(len(pieces))].reshape(tiles, tiles, side, side).swapaxes(1, 2).reshape(side * tiles, -1)
    return cv2.resize(made, film.shape[::-1], interpolation=cv2.INTER_LINEAR)


def _noise(size: int, rng: np.random.Generator) -> np.ndarray:
    """Draw noise with a spectrum that falls as a power of the frequency."""
    frequency = np.hypot(np.fft.fftfreq(size)[:, np.newaxis], np.fft.rfftfreq(size)).clip(1 / size)
    phases = rng.uniform(0, 2 * np.pi, frequency.shape)
    spectrum = np.exp(1j * phases) * rng.rayleigh(size=frequency.shape) / frequency ** rng.uniform(0, _STEEPEST)
    spectrum[0, 0] = 0
    return np.fft.irfft2(spectrum, s=(size, size))
