"""How far two saliency maps agree."""

import cv2
import numpy as np


def on_grid(saliency: np.ndarray, height: int, width: int) -> np.ndarray:
    """Average a map, float32 (h, w), over the cells of a coarser grid, shape (height, width); a grid of its own size leaves it as it is."""
    return cv2.resize(saliency, (width, height), interpolation=cv2.INTER_AREA)


def rank_correlation(map_a: np.ndarray, map_b: np.ndarray) -> float:
    """Spearman's rank correlation of two maps of the same film, place by place.

    Both are brought to the coarser one's grid by averaging: a finer map would be charged with detail that the other cannot have.

    Parameters
    ----------
    map_a, map_b : numpy.ndarray
        float32, shape (h, w) each, over the same square; the sizes may differ.

    Returns
    -------
    float
        In [-1, 1]; 1 if both rank the places alike. 0 where a map is constant: it ranks nothing.
    """
    height, width = min(map_a.shape[0], map_b.shape[0]), min(map_a.shape[1], map_b.shape[1])
    a, b = on_grid(map_a, height, width).ravel(), on_grid(map_b, height, width).ravel()
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        return 0.0
    from scipy.stats import spearmanr  # half a second, which who only lays a map over a film need not wait for

    return float(spearmanr(a, b).statistic)
