"""Films spoiled as users spoil them, to ask the input gate about: out of focus, cut off, or photographed from a screen."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import cv2
import numpy as np

BLUR = 0.02
"""Standard deviation of the Gaussian that blurs, as a share of the side."""

KEPT = 0.5
"""Share of the height that is left of a film that is cut off."""

MOIRE = 0.05
GLARE = 0.35
"""Amplitude of the pattern between a screen's grid and a camera's, and of the light on the glass; the full range of grey is 1."""

FRAME = (0.04, 0.14)
CLOSE_UP = (-0.14, -0.04)
"""How far inside the photograph each corner of a photographed film lies, as a share of the side; what is around it is a dark room."""


def blurred(film: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Put a canonical film, float32 (size, size, 1) in [0, 1], out of focus."""
    return cv2.GaussianBlur(film, (0, 0), BLUR * len(film))[..., np.newaxis]


def cut_off(film: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Leave the upper or the lower half of a canonical film, in the middle of the square, as a film of that shape would come."""
    size = len(film)
    rows = round(KEPT * size)
    top = 0 if rng.random() < 0.5 else size - rows
    made = np.zeros_like(film)
    made[(size - rows) // 2 : (size - rows) // 2 + rows] = film[top : top + rows]
    return made


def from_a_screen(film: np.ndarray, rng: np.random.Generator, frame: tuple[float, float] = FRAME) -> np.ndarray:
    """Photograph a canonical film from a screen, in grey: aslant, with a dark surround, a moiré pattern, glare, blur and noise.

    A photograph in colour gives itself away by its colours too. The gate learned from photographs that are simulated otherwise
    (`cxr_core.gate.counterexamples`).
    """
    size = len(film)
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
    inwards = np.where(corners == 0, 1, -1) * rng.uniform(*frame, (4, 2))
    aslant = cv2.getPerspectiveTransform(corners * size, ((corners + inwards) * size).astype(np.float32))
    pattern = sum(_waves(size, rng) for _ in range(2))
    shown = np.clip(film[..., 0] * (1 + MOIRE * pattern), 0, 1).astype(np.float32)
    rows, columns = np.mgrid[:size, :size] / size
    distance = np.hypot(rows - rng.uniform(0, 1), columns - rng.uniform(0, 1))
    photo = cv2.warpPerspective(shown, aslant, (size, size), flags=cv2.INTER_LINEAR, borderValue=0.08)
    photo = cv2.GaussianBlur(photo, (0, 0), 0.004 * size) + GLARE * rng.random() * np.exp(-((distance / 0.25) ** 2))
    return np.clip(photo + rng.normal(0, 0.01, photo.shape), 0, 1).astype(np.float32)[..., np.newaxis]


def _waves(size: int, rng: np.random.Generator) -> np.ndarray:
    """Draw a plane wave of a random direction, with a period of 3 to 12 pixels."""
    angle, period = rng.uniform(0, np.pi), rng.uniform(3, 12)
    rows, columns = np.mgrid[:size, :size]
    return np.sin(2 * np.pi * (rows * np.sin(angle) + columns * np.cos(angle)) / period)


SPOILED: Mapping[str, Callable[[np.ndarray, np.random.Generator], np.ndarray]] = MappingProxyType(
    {
        "out of focus": blurred,
        "cut off at half their height": cut_off,
        "photographed from a screen, in grey": from_a_screen,
        "photographed from a screen, in grey, close up": partial(from_a_screen, frame=CLOSE_UP),
    }
)
"""What makes a spoiled film of a canonical one, by what the film then is."""
