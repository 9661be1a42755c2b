"""How far the answer hangs on how a film was laid and exposed: what the card says of the changed views that give a read its whiskers."""

from collections.abc import Sequence

import numpy as np

from cxr_core.card import StabilityResult
from cxr_core.doubt import changed_views
from cxr_core.evaluation.resampling import share, share_among


def one_view(film: np.ndarray, number: int) -> np.ndarray:
    """Return one of the `changed_views` of a canonical film, float32 (size, size, 1) in [0, 1]."""
    return changed_views(film)[number]


def stability_result(y_true: np.ndarray, whole: np.ndarray, views: Sequence[np.ndarray], groups: np.ndarray) -> StabilityResult:
    """Measure what the changed views do to the answer.

    Parameters
    ----------
    y_true : numpy.ndarray
        int, shape (n,): class codes.
    whole : numpy.ndarray
        Shape (n, 4): probabilities of the films as they are.
    views : sequence of numpy.ndarray
        Shape (n, 4) each: those of their changed views.
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
