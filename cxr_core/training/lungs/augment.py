"""Random changes to a film and its lungs, for the training of the lung network: it shall find lungs however a film lies."""

import cv2
import numpy as np

ROTATION = 15.0
SCALE = (0.65, 1.25)
SHIFT = 0.12
QUARTER_TURNS = 0.2
"""Largest turn in degrees either way, range of the size, largest shift as a share of the side, and how many films lie on a side or on
their head."""

MIRRORED = 0.4
EMPTY = 0.06
COLLIMATED = 0.15
INVERTED = 0.05
"""How many films are mirrored (their lungs change names), replaced by a picture without lungs, given black borders, and inverted."""


def augment_pair(film: np.ndarray, lungs: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Change a film and the masks of its lungs together.

    Parameters
    ----------
    film : numpy.ndarray
        float32, shape (side, side), values in [0, 1].
    lungs : numpy.ndarray
        float32, shape (side, side, 2), values in [0, 1]: right and left lung.
    rng : numpy.random.Generator
        Source of every draw.

    Returns
    -------
    film, lungs : numpy.ndarray
        Of the same shapes, dtypes and ranges.
    """
    side = film.shape[0]
    if rng.random() < EMPTY:
        return _without_lungs(film, rng), np.zeros_like(lungs)
    turn = np.deg2rad(rng.uniform(-ROTATION, ROTATION) + (90 * rng.integers(1, 4) if rng.random() < QUARTER_TURNS else 0))
    mirrored = rng.random() < MIRRORED
    scale, aspect = rng.uniform(*SCALE), np.sqrt(rng.uniform(0.85, 1.18))
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = matrix @ np.diag([(-1.0 if mirrored else 1.0) * scale * aspect, scale / aspect])
    centre = np.full(2, (side - 1) / 2)
    offset = centre - matrix @ centre + rng.uniform(-SHIFT, SHIFT, 2) * side
    affine = np.column_stack([matrix, offset])
    film = cv2.warpAffine(film, affine, (side, side), flags=cv2.INTER_LINEAR)
    lungs = cv2.warpAffine(lungs, affine, (side, side), flags=cv2.INTER_LINEAR)
    if mirrored:
        lungs = lungs[..., ::-1]
    return _greys(film, rng), np.ascontiguousarray(lungs)


def _greys(film: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    side = film.shape[0]
    out = np.power(film, np.float32(np.exp(rng.uniform(-0.6, 0.6))))
    out = (out - 0.5) * rng.uniform(0.6, 1.3) + 0.5 + rng.uniform(-0.15, 0.15)
    if rng.random() < 0.5:
        blurred = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.5, 2.0))
        out = out + rng.uniform(-1.0, 1.5) * (out - blurred)
    if rng.random() < 0.4:
        out = out + rng.normal(0.0, rng.uniform(0.0, 0.06), out.shape)
    if rng.random() < INVERTED:
        out = 1 - out
    if rng.random() < COLLIMATED:
        top, bottom, left, right = (int(width) for width in rng.uniform(0, 0.12, 4) * side)
        border = np.ones_like(out)
        border[top : side - bottom, left : side - right] = 0
        out = np.where(border > 0, rng.choice([0.0, 1.0], p=[0.8, 0.2]), out)
    return np.clip(out, 0.0, 1.0).astype(np.float32)


def _without_lungs(film: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Shuffle a film's tiles, or draw noise or a gradient: nothing of it is a lung."""
    side, kind = film.shape[0], rng.integers(3)
    if kind == 0:
        tiles = int(rng.integers(4, 9))
        step = side // tiles
        whole = film[: step * tiles, : step * tiles]
        pieces = whole.reshape(tiles, step, tiles, step).swapaxes(1, 2).reshape(-1, step, step)
        made = pieces[rng.permutation(len(pieces))].reshape(tiles, tiles, step, step).swapaxes(1, 2).reshape(step * tiles, -1)
        made = cv2.resize(made, (side, side), interpolation=cv2.INTER_LINEAR)
    elif kind == 1:
        made = cv2.resize(rng.random((int(rng.integers(3, 33)),) * 2).astype(np.float32), (side, side), interpolation=cv2.INTER_CUBIC)
    else:
        rows, columns = np.mgrid[:side, :side] / side
        made = rows * rng.uniform(-1, 1) + columns * rng.uniform(-1, 1) + rng.uniform(0, 1)
    return _greys(np.clip(made, 0, 1).astype(np.float32), rng)
