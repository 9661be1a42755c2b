"""What the gate learns to tell from films as they are: turned, inverted and photographed ones, and what is no chest at all.

All are made from films and from chance, never from pictures of other things. What happens to a picture before it comes to be a file
happens here before the last step, `model_input`, too: that step hides part of it.
"""

import cv2
import numpy as np

from cxr_core.imaging import Film, square_input

_STEEPEST = 2.5
"""Of the spectrum of noise, as a power of the frequency: 0 is white noise, 2.5 are clouds."""


_PHOTO_SIDE = 512
"""Long side of a photograph and of a reshaped film, in pixels."""

_NARROWEST = 3 / 4
"""Least ratio of a film's or a photograph's short side to its long one."""

_CLOSE_UP = 1 / 3
_ASLANT = 0.2
"""How many photographs have nothing around the film, and how far its corners lie from theirs, at most, as a share of the side."""

_PATTERN = 0.15
_LIGHT = 0.5
"""Largest amplitude of a screen's pattern, as a share of the film's grey, and of a lamp in the glass."""


def turned(film: np.ndarray, orientation: str) -> np.ndarray:
    """Bring a canonical film in standard orientation, float32 (size, size, 1) in [0, 1], into one of those up to "inverted"."""
    if orientation == "inverted":
        # The padding of a film that is no square stays black: it is added after the inversion.
        return np.where(_padding(film), 0, 1 - film).astype(np.float32)
    quarters = {"standard": 0, "rotated_90": 1, "rotated_180": 2, "rotated_270": 3}[orientation]
    return np.ascontiguousarray(np.rot90(film, quarters))


def reshaped(film: np.ndarray, rng: np.random.Generator) -> Film:
    """Stretch a canonical film, float32 (size, size, 1) in [0, 1], to other proportions."""
    height, width = _extent(rng)
    pixels = cv2.resize(film[..., 0], (width, height), interpolation=cv2.INTER_CUBIC)
    return Film(np.clip(pixels, 0, 1).astype(np.float32), 8, "drawing")


def photographed(film: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Photograph a canonical film from a screen or a light box: more or less aslant, with what there is around it, and badly lit.

    Parameters
    ----------
    film : numpy.ndarray
        float32, shape (size, size, 1), values in [0, 1].
    rng : numpy.random.Generator
        Draws the camera's place, the room, and the light. In one of three the film fills the photograph.

    Returns
    -------
    numpy.ndarray
        The photograph's square, of the same shape, dtype and range.
    """
    size = film.shape[0]
    height, width = _extent(rng)
    outwards = rng.random() < _CLOSE_UP
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
    seen = corners + np.where(corners == 0, 1, -1) * rng.uniform(0, _ASLANT, (4, 2)) * (-1 if outwards else 1)
    camera = cv2.getPerspectiveTransform(corners * size, (seen * (width, height)).astype(np.float32))
    shown = np.clip(film[..., 0] * rng.uniform(0.6, 1) + rng.uniform(0, 0.15), 0, 1)
    photo = cv2.warpPerspective(shown, camera, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=-1)
    outside = photo < -0.5
    photo = photo * (1 + rng.uniform(0, _PATTERN) * _grid(height, width, rng))
    photo = np.where(outside, rng.uniform(0, 0.5), photo)
    rows, columns = np.mgrid[:height, :width] / _PHOTO_SIDE
    distance = np.hypot(rows - rng.uniform(0, height / _PHOTO_SIDE), columns - rng.uniform(0, width / _PHOTO_SIDE))
    photo = photo + rng.uniform(0, _LIGHT) * np.exp(-((distance / rng.uniform(0.1, 0.5)) ** 2))
    photo = cv2.GaussianBlur(photo, (0, 0), rng.uniform(0.001, 0.006) * _PHOTO_SIDE)
    return _as_input(photo + rng.normal(0, rng.uniform(0, 0.03), photo.shape), size)


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


def _extent(rng: np.random.Generator) -> tuple[int, int]:
    """Draw the height and the width of a picture, the longer of them `_PHOTO_SIDE`."""
    short = round(_PHOTO_SIDE * rng.uniform(_NARROWEST, 1))
    return (_PHOTO_SIDE, short) if rng.random() < 0.5 else (short, _PHOTO_SIDE)


def _as_input(pixels: np.ndarray, size: int) -> np.ndarray:
    return square_input(Film(np.clip(pixels, 0, 1).astype(np.float32), 8, "drawing"), size)


def _grid(height: int, width: int, rng: np.random.Generator) -> np.ndarray:
    """Draw the beat of a screen's pixels with a camera's: waves across and along, turned together, 12 to 120 to a photograph."""
    angle = rng.uniform(0, np.pi)
    rows, columns = np.mgrid[:height, :width] * 2 * np.pi / _PHOTO_SIDE
    across, along = rows * np.sin(angle) + columns * np.cos(angle), rows * np.cos(angle) - columns * np.sin(angle)
    return (np.sin(across * rng.uniform(12, 120)) + np.sin(along * rng.uniform(12, 120))) / 2


def _noise(size: int, rng: np.random.Generator) -> np.ndarray:
    """Draw noise with a spectrum that falls as a power of the frequency."""
    frequency = np.hypot(np.fft.fftfreq(size)[:, np.newaxis], np.fft.rfftfreq(size)).clip(1 / size)
    phases = rng.uniform(0, 2 * np.pi, frequency.shape)
    spectrum = np.exp(1j * phases) * rng.rayleigh(size=frequency.shape) / frequency ** rng.uniform(0, _STEEPEST)
    spectrum[0, 0] = 0
    return np.fft.irfft2(spectrum, s=(size, size))
