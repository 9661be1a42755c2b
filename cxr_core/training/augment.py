"""Random changes to training films: geometry, grey levels, sharpness, noise and an erased box.

They are there to make the network indifferent to what tells one source from another, not only to enlarge the data set.
"""

import hashlib
from dataclasses import dataclass, replace

import cv2
import numpy as np

from cxr_core.training.appearance import vary_appearance

RESAMPLING = (cv2.INTER_LINEAR, cv2.INTER_AREA, cv2.INTER_CUBIC)


@dataclass(frozen=True)
class Augmentation:
    """How far a training film may be changed; every draw is uniform in its range unless said otherwise.

    Attributes
    ----------
    rotation : float
        Largest turn either way, in degrees.
    scale : tuple of float
        Range of the size factor.
    aspect, shift : float
        Largest relative stretch of one side, and shift as a share of the side.
    flip : float
        Probability of a left-right mirror image.
    gamma : float
        Largest absolute logarithm of the gamma.
    contrast : tuple of float
        Range of the contrast factor about mid-grey.
    brightness : float
        Largest shift of the grey levels, full range 1.
    sharpness : float
        Probability of a blur or an unsharp mask.
    noise : float
        Largest standard deviation of added Gaussian noise; half of the films get none.
    erase : float
        Probability of one box of uniform grey.
    machines : float
        Probability that the film is given the looks of another machine (`cxr_core.training.appearance`), in place of the other changes
        of greys.
    resample, jpeg : float
        Probability of a smaller copy scaled back up, and of JPEG compression: what separates a source's films from another's.
    """

    rotation: float
    scale: tuple[float, float]
    aspect: float
    shift: float
    flip: float
    gamma: float
    contrast: tuple[float, float]
    brightness: float
    sharpness: float
    noise: float
    erase: float
    resample: float
    jpeg: float
    machines: float = 0.0


AUGMENTATIONS: dict[str, Augmentation | None] = {
    "none": None,
    "mild": Augmentation(6, (0.92, 1.10), 0.06, 0.04, 0.5, 0.3, (0.8, 1.2), 0.08, 0.4, 0.02, 0.2, 0.25, 0.25),
    # Geometry alone: the greys are `vary_appearance`'s.
    "machines": Augmentation(8, (0.88, 1.15), 0.08, 0.05, 0.5, 0.0, (1.0, 1.0), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, machines=1.0),
    "strong": Augmentation(8, (0.82, 1.10), 0.08, 0.06, 0.5, 0.4, (0.7, 1.3), 0.12, 0.5, 0.03, 0.25, 0.4, 0.4),
}


AUGMENT_VERSION = 3
"""Of `augment`. Raise it with every change that gives the same film and the same draws another film: kept features are then made anew."""


def augmentation_of(name: str, appearance: float) -> Augmentation | None:
    """Return an augmentation by its name, which gives so many of its films the looks of another machine if it gives any."""
    ranges = AUGMENTATIONS[name]
    return replace(ranges, machines=appearance) if ranges is not None and ranges.machines else ranges


def augmentation_code(name: str) -> str:
    """Name what an augmentation does by six digits that change with its ranges and with `AUGMENT_VERSION`."""
    return hashlib.sha256(repr((AUGMENT_VERSION, AUGMENTATIONS[name])).encode()).hexdigest()[:6]


def augment(film: np.ndarray, ranges: Augmentation, rng: np.random.Generator) -> np.ndarray:
    """Change one canonical film at random.

    Parameters
    ----------
    film : numpy.ndarray
        float32, shape (size, size), values in [0, 1].
    ranges : Augmentation
        How far to go.
    rng : numpy.random.Generator
        Source of every draw.

    Returns
    -------
    numpy.ndarray
        A new film of the same shape, dtype and range.
    """
    return augment_with_masks(film, None, ranges, rng)[0]


def augment_with_masks(
    film: np.ndarray, masks: np.ndarray | None, ranges: Augmentation, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray | None]:
    """Change one canonical film at random, and move masks over it with it.

    Parameters
    ----------
    film : numpy.ndarray
        float32, shape (size, size), values in [0, 1].
    masks : numpy.ndarray or None
        float32, shape (size, size, k), values in [0, 1].
    ranges, rng
        As in `augment`.

    Returns
    -------
    film, masks : numpy.ndarray
        Of the same shapes, dtypes and ranges.
    """
    size = film.shape[0]
    matrix = _geometry(size, ranges, rng)
    out = cv2.warpAffine(film, matrix, (size, size), flags=cv2.INTER_LINEAR)
    if masks is not None:
        masks = cv2.warpAffine(masks, matrix, (size, size), flags=cv2.INTER_LINEAR)
    if ranges.machines >= 1 or (ranges.machines > 0 and rng.random() < ranges.machines):
        return vary_appearance(out, rng), masks
    return _greys(out, ranges, rng), masks


def _greys(out: np.ndarray, ranges: Augmentation, rng: np.random.Generator) -> np.ndarray:
    size = out.shape[0]
    out = np.power(out, np.float32(np.exp(rng.uniform(-ranges.gamma, ranges.gamma))))
    out = (out - 0.5) * rng.uniform(*ranges.contrast) + 0.5 + rng.uniform(-ranges.brightness, ranges.brightness)
    if rng.random() < ranges.sharpness:
        blurred = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.2))
        amount = rng.uniform(-1.0, 1.0)  # below 0 towards the blurred film, above 0 away from it
        out = out + amount * (out - blurred)
    if rng.random() < 0.5:
        out = out + rng.normal(0.0, rng.uniform(0.0, ranges.noise), out.shape)
    if rng.random() < ranges.erase:
        height, width = (int(size * side) for side in rng.uniform(0.1, 0.3, 2))
        top, left = int(rng.integers(0, size - height)), int(rng.integers(0, size - width))
        out[top : top + height, left : left + width] = rng.random()
    out = np.clip(out, 0.0, 1.0).astype(np.float32)
    if rng.random() < ranges.resample:
        side = int(size * rng.uniform(0.6, 1.0))
        down, up = rng.choice(RESAMPLING, 2)
        out = np.clip(cv2.resize(cv2.resize(out, (side, side), interpolation=int(down)), (size, size), interpolation=int(up)), 0.0, 1.0)
    if rng.random() < ranges.jpeg:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(40, 96))]
        coded = cv2.imencode(".jpg", np.rint(out * 255).astype(np.uint8), quality)[1]
        out = np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.float32) / 255
    return out


def _geometry(size: int, ranges: Augmentation, rng: np.random.Generator) -> np.ndarray:
    """Draw the 2 x 3 matrix that carries the film's coordinates to the changed film's, about the centre."""
    angle = np.deg2rad(rng.uniform(-ranges.rotation, ranges.rotation))
    scale = rng.uniform(*ranges.scale)
    aspect = np.sqrt(1 + rng.uniform(-ranges.aspect, ranges.aspect))
    mirror = -1.0 if rng.random() < ranges.flip else 1.0
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turn @ np.diag([mirror * scale * aspect, scale / aspect])
    centre = np.full(2, (size - 1) / 2)
    offset = centre - matrix @ centre + rng.uniform(-ranges.shift, ranges.shift, 2) * size
    return np.column_stack([matrix, offset])
