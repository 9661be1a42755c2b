"""Films corrupted as users corrupt them, to ask the input gate about: out of focus, cropped, cut off, or photographed from a screen.

They are corrupted at the resolution that they come in, or at a photograph's, and come to the network by `model_input` as any film does.
"""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import cv2
import numpy as np

BLUR = 0.02
"""Standard deviation of the Gaussian that blurs, as a share of the side."""

KEPT = 0.5
"""Share of the height that is left of a film that is cut off."""

CROPPED = 0.7
"""Share of each side that is left of a film that is cropped to one of its corners."""

PHOTO = (1024, 768)
"""Long and short side of a photograph, in pixels; every other is upright."""

MOIRE = 0.05
GLARE = 0.35
"""Amplitude of the pattern between a screen's grid and a camera's, and of the light on the glass; the full range of grey is 1."""

FRAME = (0.04, 0.14)
CLOSE_UP = (-0.14, -0.04)
"""How far inside the photograph each corner of the film lies, as a share of the side; below 0 it lies outside. Around it is a dark room."""

ROOM = 0.08
"""Grey of that room."""


def blurred(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Put a film, float32 (height, width) in [0, 1], out of focus."""
    return cv2.GaussianBlur(pixels, (0, 0), BLUR * max(pixels.shape))


def cut_off(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Leave the upper or the lower half of a film."""
    rows = round(KEPT * len(pixels))
    return pixels[:rows] if rng.random() < 0.5 else pixels[-rows:]


def cropped(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Leave one corner of a film, in its proportions."""
    rows, columns = (round(CROPPED * side) for side in pixels.shape)
    kept = pixels[:rows] if rng.random() < 0.5 else pixels[-rows:]
    return kept[:, :columns] if rng.random() < 0.5 else kept[:, -columns:]


def from_a_screen(pixels: np.ndarray, rng: np.random.Generator, frame: tuple[float, float] = FRAME) -> np.ndarray:
    """Photograph a film from a screen, in grey: aslant, with a dark surround, a moiré pattern, glare, blur and noise.

    A photograph in colour gives itself away by its colours too. The gate learned from photographs that are simulated otherwise
    (`cxr_core.gate.counterexamples`).
    """
    width, height = PHOTO if rng.random() < 0.5 else PHOTO[::-1]
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
    seen = corners + np.where(corners == 0, 1, -1) * rng.uniform(*frame, (4, 2))
    camera = cv2.getPerspectiveTransform(*(np.float32(part) for part in (corners * pixels.shape[::-1], seen * (width, height))))
    photo = cv2.warpPerspective(pixels, camera, (width, height), flags=cv2.INTER_LINEAR, borderValue=ROOM)
    rows, columns = np.mgrid[:height, :width] / max(PHOTO)
    photo = photo * (1 + MOIRE * sum(_waves(rows, columns, rng) for _ in range(2)))
    distance = np.hypot(rows - rng.uniform(0, 1), columns - rng.uniform(0, 1))
    photo = cv2.GaussianBlur(photo, (0, 0), 0.002 * max(PHOTO)) + GLARE * rng.random() * np.exp(-((distance / 0.25) ** 2))
    return np.clip(photo + rng.normal(0, 0.02, photo.shape), 0, 1).astype(np.float32)


def narrowed(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Bring a film to 4:5 or 5:4, as many films are: nothing is wrong with it, and it comes to the network between black bars."""
    height, width = pixels.shape
    extent = (round(0.8 * width), height) if rng.random() < 0.5 else (width, round(0.8 * height))
    return cv2.resize(pixels, extent, interpolation=cv2.INTER_AREA)


def _waves(rows: np.ndarray, columns: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw a plane wave of a random direction, 16 to 64 to a photograph."""
    angle, count = rng.uniform(0, np.pi), rng.uniform(16, 64)
    return np.sin(2 * np.pi * count * (rows * np.sin(angle) + columns * np.cos(angle)))


Corruption = Callable[[np.ndarray, np.random.Generator], np.ndarray]

CORRUPTIONS: Mapping[str, Corruption] = MappingProxyType(
    {
        "out of focus": blurred,
        "cut off at half their height": cut_off,
        f"cropped to a corner of {CROPPED:.0%} of their sides": cropped,
        "photographed from a screen, in grey": from_a_screen,
        "photographed from a screen, in grey, close up": partial(from_a_screen, frame=CLOSE_UP),
    }
)
"""What makes a corrupted film of a film's pixels, by what the film then is."""
