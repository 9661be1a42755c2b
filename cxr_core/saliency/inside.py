"""How much of a saliency map lies inside the lungs."""

import cv2
import numpy as np

WARN_BELOW = 0.5
"""A read is warned of if less than this share of the saliency lies inside the lungs, that is, if most of it lies outside."""


def share_inside(saliency: np.ndarray, lungs: np.ndarray) -> float:
    """Return the share of a map's saliency that falls inside the lungs.

    It means something only beside the share of the area that the lungs take, which is what a map that knows nothing would have:
    `lungs.mean()`, or this function of a map of ones.

    Parameters
    ----------
    saliency : numpy.ndarray
        float32, shape (h, w), not negative, over the whole square input.
    lungs : numpy.ndarray
        bool, shape (size, size), over the same square, from `lung_fields`.

    Returns
    -------
    float
        In [0, 1]; NaN where the map is zero everywhere.
    """
    # A coarse cell counts as inside as far as the lungs fill it, so that nothing hangs on how the map would be enlarged.
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
    inside = f"Inside lie {share:.0%} of it, on {area:.0%} of the film's area"
    if share <= area:
        inside += ", no more than of a map that knows nothing"
    return f"Most of the saliency ({1 - share:.0%}) lies outside the lung fields. {inside}. What raised this class's score may not be lung."
