"""How much of a saliency map lies inside the lungs."""

import cv2
import numpy as np

from cxr_core.artifacts import SaliencyResult

WARN_BELOW = 0.5
"""A read is warned of if less than this share of the saliency lies inside the lungs, that is, if most of it lies outside."""


def share_inside(saliency: np.ndarray, lungs: np.ndarray) -> float:
    """Return the share of a map's saliency that falls inside the lungs.

    It means something only beside the share of the film that the lungs take, which is what chance would give.

    Parameters
    ----------
    saliency : numpy.ndarray
        float32, shape (h, w), not negative, over the square model input.
    lungs : numpy.ndarray
        float32 or bool, shape (size, size), over the same square, 1 inside.

    Returns
    -------
    float
        In [0, 1]; NaN where the map is zero everywhere.
    """
    # A coarse cell counts as inside as far as the lungs fill it, so that nothing depends on how the map would be enlarged.
    inside = cv2.resize(lungs.astype(np.float32), saliency.shape[::-1], interpolation=cv2.INTER_AREA)
    total = float(saliency.sum())
    return float((saliency * inside).sum() / total) if total > 0 else float("nan")


def outside_warning(share: float, area: float) -> str | None:
    """Say that most of the saliency lies outside the lungs, if it does.

    Parameters
    ----------
    share : float
        From `share_inside`; NaN gives no warning, for there is nothing to warn of.
    area : float
        Share of the film's area that the lungs take, in [0, 1].

    Returns
    -------
    str or None
        A sentence where `share` is under `WARN_BELOW`.
    """
    if np.isnan(share) or share >= WARN_BELOW:
        return None
    inside = f"{share:.0%} of it lies inside them, on {area:.0%} of the film's area"
    if share <= area:
        inside += ", no better than chance"
    return f"Most of the saliency ({1 - share:.0%}) lies outside the lung fields. {inside}. What raised this class's score may not be lung."


def seen_sentence(found: SaliencyResult) -> str:
    """Say of how many films on a card most of the saliency lies outside the lungs.

    Parameters
    ----------
    found : SaliencyResult
        Of the card.

    Returns
    -------
    str
    """
    films, warned = (sum(getattr(share, part) for share in found.inside.values()) for part in ("films", "warned"))
    return f"Seen on {warned} of {films} test films."
