"""How far the answer depends on how a film was placed and exposed: what test-time augmentation, which gives a read its whiskers, does."""

from collections.abc import Sequence

import numpy as np

from cxr_core.artifacts import StabilityResult
from cxr_core.calibration import tta_views
from cxr_core.lungs import Prepared
from cxr_core.stats import share, share_among


def one_view(prepared: Prepared, number: int) -> np.ndarray:
    """Return one of the `tta_views` of a film, float32 (size, size, 1) in [0, 1]."""
    return tta_views(prepared.canonical)[number]


def stability_result(y_true: np.ndarray, whole: np.ndarray, views: Sequence[np.ndarray], groups: np.ndarray) -> StabilityResult:
    """Measure what the test-time augmentations do to the answer.

    Parameters
    ----------
    y_true : numpy.ndarray
        int, shape (n,): class codes.
    whole : numpy.ndarray
        Shape (n, 4): probabilities of the films as they are.
    views : sequence of numpy.ndarray
        Shape (n, 4) each: those of their test-time augmentations.
    groups : numpy.ndarray
        Shape (n,): near-duplicate group of each film.

    Returns
    -------
    StabilityResult
    """
    top = whole.argmax(1)
    flipped = np.any([view.argmax(1) != top for view in views], axis=0)
    of_top = np.stack([probabilities[np.arange(len(top)), top] for probabilities in (whole, *views)])
    hits = top == y_true
    return StabilityResult(
        films=len(top),
        views=len(views),
        flipped=share(flipped, groups),
        mean_range=float(np.ptp(of_top, axis=0).mean()),
        accuracy_steady=share_among(hits, ~flipped, groups),
        accuracy_flipped=share_among(hits, flipped, groups),
    )
