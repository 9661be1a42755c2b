"""A film drawn in code, for trying the program and testing it without a patient's image."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import cv2
import numpy as np

from cxr_core.imaging.film import Film

Points = Sequence[tuple[float, float]]
"""Places, as shares of the width and of the height."""

WORDS: Final = "A DRAWING, NO PATIENT"
LEAST_SIDE_WITH_WORDS: Final = 256
"""On a smaller drawing nobody could read them."""

_TORSO: Final = ((0.4, -0.2), (0.39, 0.02), (0.28, 0.08), (0.1, 0.12), (0.01, 0.24), (0.02, 0.5), (0.04, 0.8), (0.03, 1.2))
_RIGHT_LUNG: Final = (
    *((0.335, 0.09), (0.25, 0.12), (0.175, 0.22), (0.125, 0.37), (0.1, 0.54), (0.09, 0.68), (0.095, 0.78), (0.15, 0.725)),
    *((0.225, 0.685), (0.32, 0.68), (0.39, 0.71), (0.425, 0.73), (0.42, 0.6), (0.41, 0.45), (0.425, 0.3), (0.405, 0.15)),
)
_LEFT_LUNG: Final = (
    *((0.665, 0.09), (0.75, 0.12), (0.825, 0.22), (0.875, 0.37), (0.9, 0.54), (0.91, 0.69), (0.905, 0.8), (0.85, 0.745)),
    *((0.785, 0.715), (0.735, 0.72), (0.705, 0.735), (0.68, 0.65), (0.63, 0.55), (0.59, 0.44), (0.585, 0.3), (0.595, 0.15)),
)
_HEART: Final = (
    *((0.46, 0.27), (0.44, 0.42), (0.4, 0.55), (0.405, 0.68), (0.5, 0.76), (0.62, 0.77)),
    *((0.7, 0.71), (0.66, 0.58), (0.59, 0.45), (0.57, 0.27)),
)
_BELLY: Final = ((-0.2, 0.8), (1.2, 0.8), (1.2, 1.3), (-0.2, 1.3))
_COLLAR_BONE: Final = ((0.45, 0.175), (0.33, 0.15), (0.2, 0.135), (0.07, 0.09))


def draw_phantom(height: int = 1024, width: int = 1024, seed: int = 0, opacity: float = 0.0) -> Film:
    """Draw a chest phantom: body, lungs with vessels, ribs, collar bones, spine, heart and diaphragm.

    It lies as a frontal chest film does, and its densities were searched for so that the lung network and the input gate take it for one.
    A reader sees a drawing, and a larger one says so in letters. It is of no patient, and what a classifier says of it means nothing.

    Parameters
    ----------
    height, width : int
        Extent in pixels, at least 64 each.
    seed : int
        Varies proportions, vessels and grain.
    opacity : float
        In [0, 1]: density of a round shadow in the right lung (left in the image).

    Returns
    -------
    Film
        With ``format`` "drawing".
    """
    rng = np.random.default_rng(seed)
    sheet = _Sheet(height, width)

    body = sheet.area([*_TORSO, *_mirrored(_TORSO)[::-1]], 0.012)
    lungs = np.maximum(*(sheet.area(_varied(outline, rng), 0.025) for outline in (_RIGHT_LUNG, _LEFT_LUNG)))
    heart = sheet.area(_varied(_HEART, rng), 0.01)
    spine = sheet.lines([((0.5, -0.2), (0.5, 1.2))], 0.09, 0.006)
    airway = sheet.lines([((0.5, -0.2), (0.503, 0.35))], 0.032, 0.006)
    ribs = sheet.lines(_ribs(rng), 0.014, 0.004)
    collar_bones = sheet.lines([_COLLAR_BONE, _mirrored(_COLLAR_BONE)], 0.024, 0.003)
    belly = sheet.area(_BELLY, 0.05)
    vessels = sum(sheet.lines(_vessels(rng, reach), thickness, 0.003) for reach, thickness in ((0.09, 0.01), (0.17, 0.007), (0.25, 0.004)))

    canvas = 0.067 + 0.535 * body - 0.5 * lungs + 0.21 * lungs * vessels + 0.245 * heart
    canvas += body * (0.38 * belly + 0.12 * ribs + 0.21 * collar_bones + 0.05 * spine - 0.02 * airway)
    canvas += 0.005 * (0.2 + body) * sheet.grain(rng)
    canvas += 0.3 * opacity * sheet.disc(0.28, 0.6, 0.08, 0.09, 0.02)
    canvas = sheet.blurred(canvas, 0.003).clip(0.0, 1.0) ** 0.9
    canvas += rng.normal(0, 0.014, canvas.shape).astype(np.float32)
    if min(height, width) >= LEAST_SIDE_WITH_WORDS:
        canvas *= 1 - sheet.words(WORDS, 0.96)
    return Film(canvas.clip(0.0, 1.0).astype(np.float32), 8, "drawing", ("drawn in code: a phantom, not a patient",))


class _Sheet:
    """What is drawn on: every part is a float32 array of the film's size, in [0, 1], drawn in shares of its sides."""

    def __init__(self, height: int, width: int) -> None:
        self.height, self.width = height, width
        self.down = np.linspace(0, 1, height, dtype=np.float32)[:, np.newaxis]

    def area(self, outline: Points, softness: float) -> np.ndarray:
        """Fill a closed curve."""
        mask = self._empty()
        cv2.fillPoly(mask, [self._pixels(_curve(outline, closed=True))], 1.0, cv2.LINE_AA, _SHIFT)
        return self.blurred(mask, softness)

    def lines(self, curves: Iterable[Points], thickness: float, softness: float) -> np.ndarray:
        """Draw curves."""
        mask = self._empty()
        pixels = max(1, round(thickness * min(self.height, self.width)))
        cv2.polylines(mask, [self._pixels(_curve(points, closed=False)) for points in curves], False, 1.0, pixels, cv2.LINE_AA, _SHIFT)
        return self.blurred(mask, softness)

    def disc(self, x: float, y: float, across: float, down: float, softness: float) -> np.ndarray:
        """Fill an ellipse."""
        mask = self._empty()
        centre, axes = (round(x * self.width), round(y * self.height)), (round(across * self.width), round(down * self.height))
        cv2.ellipse(mask, centre, axes, 0, 0, 360, 1.0, -1, cv2.LINE_AA)
        return self.blurred(mask, softness)

    def grain(self, rng: np.random.Generator) -> np.ndarray:
        """Draw what a film has of tissue too fine to be drawn: the finer, the fainter, as on films."""
        grain = self._empty()
        for side in (24, 48, 96, 192, 384):
            coarse = rng.normal(0, 24 / side, (side, side)).astype(np.float32)
            grain += cv2.resize(coarse, (self.width, self.height), interpolation=cv2.INTER_CUBIC)
        return grain

    def words(self, text: str, y: float) -> np.ndarray:
        """Write a line of letters across the middle."""
        mask = np.zeros((self.height, self.width), np.uint8)
        scale, thickness = min(self.height, self.width) / 1000, max(1, round(min(self.height, self.width) / 400))
        (across, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, scale, thickness)
        place = ((self.width - across) // 2, round(y * self.height))
        return cv2.putText(mask, text, place, cv2.FONT_HERSHEY_DUPLEX, scale, 245, thickness, cv2.LINE_AA) / np.float32(255)

    def _empty(self) -> np.ndarray:
        return np.zeros((self.height, self.width), np.float32)

    def _pixels(self, curve: np.ndarray) -> np.ndarray:
        return np.rint(curve * (self.width, self.height) * 2**_SHIFT).astype(np.int32)

    def blurred(self, picture: np.ndarray, share: float) -> np.ndarray:
        """Blur by a share of the shorter side; less than half a pixel is none."""
        return cv2.GaussianBlur(picture, (0, 0), max(0.5, share * min(self.height, self.width)))


_SHIFT: Final = 4
"""Binary places of a pixel in what OpenCV draws."""


def _curve(points: Points, *, closed: bool) -> np.ndarray:
    """Lead a smooth curve through points (Catmull and Rom): shape (n, 2)."""
    corners = np.array(points)
    ring = np.vstack([corners[-1:], corners, corners[:2]]) if closed else np.vstack([corners[:1], corners, corners[-1:]])
    before, start, end, after = ring[:-3], ring[1:-2], ring[2:-1], ring[3:]
    t = np.linspace(0, 1, 12, endpoint=False)[:, np.newaxis, np.newaxis]
    curve = start + t / 2 * (end - before + t * (2 * before - 5 * start + 4 * end - after + t * (3 * (start - end) + after - before)))
    return np.vstack([curve.swapaxes(0, 1).reshape(-1, 2), corners[:1] if closed else corners[-1:]])


def _mirrored(points: Points) -> Points:
    return [(1 - x, y) for x, y in points]


def _varied(points: Points, rng: np.random.Generator) -> Points:
    """Make an outline a little larger or smaller about its middle, as no two chests are alike."""
    corners = np.array(points)
    middle = corners.mean(0)
    return [tuple(corner) for corner in middle + (corners - middle) * rng.uniform(0.96, 1.03, 2)]


def _ribs(rng: np.random.Generator) -> Iterator[Points]:
    """Lead ten ribs from the spine outwards and down, and back inwards in front, on both sides."""
    y = 0.1
    for number in range(10):
        out, drop = min(0.43, 0.22 + 0.05 * number), 0.06 + 0.012 * number
        behind = [(0.46, y), (0.5 - 0.5 * out, y - 0.015), (0.5 - 0.85 * out, y + 0.3 * drop), (0.5 - out, y + drop)]
        front = [(0.5 - 0.9 * out, y + 1.6 * drop), (0.5 - 0.6 * out, y + 2.1 * drop)]
        for rib in (behind + front, _mirrored(behind + front)):
            yield [(x, at + rng.normal(0, 0.002)) for x, at in rib]
        y += 0.062 + 0.003 * number + rng.normal(0, 0.003)


def _vessels(rng: np.random.Generator, reach: float) -> Iterator[Points]:
    """Lead vessels from the roots of both lungs outwards, so far."""
    for x, y in ((0.41, 0.44), (0.6, 0.42)):
        away = np.sign(x - 0.5)
        for turn in np.deg2rad(np.linspace(-80, 80, 9)) + rng.normal(0, 0.08, 9):
            bends = turn + rng.normal(0, 0.2, 2)
            half = x + away * reach / 2 * np.cos(bends[0]), y + reach / 2 * np.sin(bends[0])
            yield (x, y), half, (half[0] + away * reach / 2 * np.cos(bends[1]), half[1] + reach / 2 * np.sin(bends[1]))
