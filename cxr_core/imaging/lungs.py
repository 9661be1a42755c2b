"""Where the lungs lie on a film, roughly: a mean outline of each lung, fitted to the film's edges.

A classical method, so that nothing has to be learned or shipped: an exhaustive search over boxes, as in template matching, scored by the
step in grey across the outline, as active contours are (Kass et al. 1988), and held near the usual place by a penalty, as in a Bayesian
shape prior. The outline, the usual place and the weights come from four hand-outlined films of the val split; the model card reports how
well it does on others (`cxr_core.evaluation.lung_check`).
"""

import functools
import itertools
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

_SIDE: Final = 32
"""Side of the square in which outlines are compared, in pixels."""

_AIR: Final = 0.08
"""Grey level under which a pixel that hangs together with the film's edge is air or padding, not body."""

_LOCAL_SIGMA: Final = 0.25
"""Of the Gaussian that levels the film's brightness, in shares of its side."""

_CLIP: Final = 1.5
"""Local standard deviations beyond which a pixel counts no more: markers, pacemakers and bones are as good as soft tissue."""

_PENALTY: Final = 0.1
"""Weight of the usual place, against the step in grey in standard deviations of the levelled film."""

_CORE: Final = 0.7
"""How much less a pixel counts that lies deeper in the lung than its edge."""

_RIGHT: Final = (
    (0.33, 0.01), (0.39, 0.03), (0.42, 0.09), (0.43, 0.20), (0.42, 0.31), (0.40, 0.46), (0.38, 0.59), (0.36, 0.74), (0.35, 0.88),
    (0.25, 0.87), (0.14, 0.88), (0.06, 0.91), (0.01, 0.97), (0.01, 0.82), (0.03, 0.63), (0.08, 0.43), (0.13, 0.27), (0.20, 0.12),
    (0.27, 0.04),
)  # fmt: skip
_LEFT: Final = (
    (0.65, 0.01), (0.71, 0.02), (0.78, 0.08), (0.84, 0.17), (0.89, 0.29), (0.93, 0.46), (0.96, 0.63), (0.98, 0.80), (1.00, 0.99),
    (0.94, 0.90), (0.84, 0.82), (0.75, 0.78), (0.74, 0.66), (0.70, 0.54), (0.64, 0.43), (0.61, 0.31), (0.59, 0.20), (0.59, 0.10),
    (0.61, 0.04),
)  # fmt: skip
"""Mean outlines, x to the right and y down, in shares of the box around both lungs; right and left are the patient's."""

_BOXES: Final = tuple(
    itertools.product(np.linspace(0.06, 0.24, 7), np.linspace(0.34, 0.50, 6), np.linspace(0.03, 0.27, 7), np.linspace(0.54, 0.96, 10))
)
"""Boxes that are tried for a lung: its outer, inner, upper and lower edge, in shares of the film's sides, sideways from its own side."""

_USUAL: Final = (0.145, 0.43, 0.14, 0.72)
_SPREAD: Final = (0.05, 0.04, 0.06, 0.11)
"""Mean and standard deviation of those four edges."""


@dataclass(frozen=True, eq=False)
class _Lung:
    """One lung: `outlines` float32 (boxes, points, 2) in shares of the film, `templates` float32 (boxes, _SIDE * _SIDE)."""

    outlines: np.ndarray
    templates: np.ndarray


def lung_fields(film: np.ndarray) -> np.ndarray:
    """Outline the lungs of a frontal film, without heart and mediastinum.

    Of a film of something else it gives an outline too, which means nothing: whether a film is a frontal chest film is not asked here.

    Parameters
    ----------
    film : numpy.ndarray
        float32, shape (size, size, 1), values in [0, 1], from `model_input`.

    Returns
    -------
    numpy.ndarray
        bool, shape (size, size), True inside the lungs.
    """
    levelled = _levelled(film[..., 0]).ravel()
    size = film.shape[0]
    mask = np.zeros((size, size), np.uint8)
    for lung in _lungs():
        best = int(np.argmax(lung.templates @ levelled - _PENALTY * _unusualness()))
        cv2.fillPoly(mask, [np.rint(lung.outlines[best] * size - 0.5).astype(np.int32)], 1)
    return mask.astype(bool)


def _levelled(grey: np.ndarray) -> np.ndarray:
    """Take a film's slow changes of brightness away, and bring its local contrast to one measure."""
    small = _without_air(cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA))
    sigma = _LOCAL_SIGMA * _SIDE
    rest = small - cv2.GaussianBlur(small, (0, 0), sigma)
    levelled = np.clip(rest / np.sqrt(cv2.GaussianBlur(rest**2, (0, 0), sigma) + 1e-4), -_CLIP, _CLIP)
    return levelled / (levelled.std() + 1e-6)


def _without_air(grey: np.ndarray) -> np.ndarray:
    """Paint the air around the body, which is as dark as lungs, as bright as bone."""
    dark = np.pad((grey < _AIR).astype(np.uint8), 1, constant_values=1)
    labels = cv2.connectedComponents(dark, connectivity=4)[1]
    body = (labels != labels[0, 0])[1:-1, 1:-1]
    if not body.any():
        return grey
    return np.where(body, grey, grey[body].mean() + grey[body].std()).astype(np.float32)


@functools.cache
def _unusualness() -> np.ndarray:
    """Half the squared distance of each box from the usual one, in standard deviations, shape (boxes,)."""
    return (((np.array(_BOXES) - _USUAL) / _SPREAD) ** 2).sum(1).astype(np.float32) / 2


@functools.cache
def _lungs() -> tuple[_Lung, _Lung]:
    right, left = (_in_own_box(np.array(outline)) for outline in (_RIGHT, _LEFT))
    outer, inner, top, bottom = np.array(_BOXES).T[..., np.newaxis]
    down = top + right[:, 1] * (bottom - top), top + left[:, 1] * (bottom - top)
    across = outer + right[:, 0] * (inner - outer), 1 - inner + left[:, 0] * (inner - outer)
    lungs = []
    for x, y in zip(across, down, strict=True):
        outlines = np.stack([x, y], axis=-1).astype(np.float32)
        lungs.append(_Lung(outlines, np.stack([_template(outline) for outline in outlines])))
    return lungs[0], lungs[1]


def _in_own_box(outline: np.ndarray) -> np.ndarray:
    low, high = outline.min(0), outline.max(0)
    return (outline - low) / (high - low)


def _template(outline: np.ndarray, fine: int = 4) -> np.ndarray:
    """Weigh a film's pixels so that their sum is the mean step in grey from just inside the outline to just outside it."""
    drawn = np.zeros((_SIDE * fine, _SIDE * fine), np.uint8)
    cv2.fillPoly(drawn, [np.rint(outline * _SIDE * fine).astype(np.int32)], 1)
    inside = cv2.resize(drawn.astype(np.float32), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    cross = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    beyond = cv2.dilate(inside, cross) - inside
    within = inside - _CORE * cv2.erode(inside, cross)
    return (beyond / beyond.sum() - within / within.sum()).ravel()
