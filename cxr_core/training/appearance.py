"""How a film would have looked from another machine: tone curve, processing, collimation, letters and noise, drawn at random.

Vendors' processing differs in the tone curve and in how local contrast is raised (multi-scale unsharp masking); that, not disease, is
what tells hospitals apart at a glance. So it is varied for every film of every class.
"""

import cv2
import numpy as np

TONE = 0.5
LOCAL = 0.45
FINE = 0.5
BORDER = 0.15
LETTERS = 0.15
NOISY = 0.4
RESAMPLED = 0.3
CODED = 0.3
"""How many films get each change."""


def vary_appearance(film: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Give a film the looks of another machine.

    Parameters
    ----------
    film : numpy.ndarray
        float32, shape (size, size), values in [0, 1].
    rng : numpy.random.Generator
        Source of every draw.

    Returns
    -------
    numpy.ndarray
        A new film of the same shape, dtype and range.
    """
    size = film.shape[0]
    out = np.power(film, np.float32(np.exp(rng.uniform(-0.6, 0.6))))
    if rng.random() < TONE:
        out = _tone_curve(out, rng)
    if rng.random() < LOCAL:
        out = out + rng.uniform(-0.5, 1.0) * (out - _coarse(out, size * rng.uniform(0.04, 0.15)))
    out = (out - 0.5) * rng.uniform(0.7, 1.3) + 0.5 + rng.uniform(-0.12, 0.12)
    if rng.random() < FINE:
        fine = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.3))
        out = out + rng.uniform(-1.0, 1.0) * (out - fine)  # below 0 towards the blurred film, above 0 away from it
    if rng.random() < NOISY:
        out = out + np.float32(rng.uniform(0.0, 0.03)) * rng.standard_normal(out.shape, np.float32)
    if rng.random() < BORDER:
        out = _bordered(out, rng)
    if rng.random() < LETTERS:
        out = _marked(out, rng)
    out = np.clip(out, 0.0, 1.0).astype(np.float32)
    if rng.random() < RESAMPLED:
        side = int(size * rng.uniform(0.55, 1.0))
        ways = rng.choice((cv2.INTER_LINEAR, cv2.INTER_AREA, cv2.INTER_CUBIC), 2)
        small = cv2.resize(out, (side, side), interpolation=int(ways[0]))
        out = np.clip(cv2.resize(small, (size, size), interpolation=int(ways[1])), 0.0, 1.0)
    if rng.random() < CODED:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(40, 96))]
        coded = cv2.imencode(".jpg", np.rint(out * 255).astype(np.uint8), quality)[1]
        out = np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.float32) / 255
    return out


def _coarse(film: np.ndarray, sigma: float) -> np.ndarray:
    """Blur a film widely, on a quarter of its side, where that takes a fraction of the time."""
    small = cv2.resize(film, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    return cv2.resize(cv2.GaussianBlur(small, (0, 0), sigma / 4), film.shape[::-1], interpolation=cv2.INTER_LINEAR)


def _tone_curve(film: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Send the greys through a random rising curve of five pieces."""
    steps = rng.dirichlet(np.full(5, 3.0))
    curve = np.concatenate([[0.0], np.cumsum(steps)])
    return np.interp(film, np.linspace(0, 1, 6), curve).astype(np.float32)


def _bordered(film: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw the edge of a collimator: dark or white on one to four sides."""
    size = film.shape[0]
    top, bottom, left, right = (int(size * width) for width in rng.uniform(0, 0.08, 4) * (rng.random(4) < 0.6))
    out = np.full_like(film, 1.0 if rng.random() < 0.2 else rng.uniform(0, 0.1))
    out[top : size - bottom, left : size - right] = film[top : size - bottom, left : size - right]
    return out


def _marked(film: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Put a bright letter or two where markers stand: near an upper or lower corner."""
    size = film.shape[0]
    letters = np.zeros(film.shape, np.uint8)
    for _ in range(int(rng.integers(1, 3))):
        x = int(size * (rng.uniform(0, 0.15) if rng.random() < 0.5 else rng.uniform(0.8, 0.95)))
        y = int(size * (rng.uniform(0.05, 0.25) if rng.random() < 0.7 else rng.uniform(0.8, 0.98)))
        scale, thickness = size / 160 * rng.uniform(0.3, 0.8), int(rng.integers(1, 3))
        cv2.putText(letters, str(rng.choice(list("RLDPA18"))), (x, y), cv2.FONT_HERSHEY_SIMPLEX, scale, 255, thickness, cv2.LINE_AA)
    cover = letters.astype(np.float32) / 255
    return film * (1 - cover) + cover * np.float32(rng.uniform(0.6, 1.0))
