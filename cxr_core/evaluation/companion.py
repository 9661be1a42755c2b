"""How two networks are averaged: fitted on the validation films."""

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax

from cxr_core.calibration import fit_temperature
from cxr_core.labels import COVID

SHARES = tuple(round(0.05 * step, 2) for step in range(1, 20))
"""What is tried."""

HOTTEST, FARTHEST = 100.0, 5.0
"""Bounds of the temperature and of a shift times it: networks that tell nothing have no best ones."""


LEAST_RECALL = 0.94
"""Recall of COVID on the validation films that the shift must leave: the smallest of `PARTS` of it that does is taken."""

PARTS = tuple(round(0.1 * step, 1) for step in range(11))
"""Parts of the fitted shift that are tried."""


def best_average(alone: np.ndarray, y_true: np.ndarray) -> tuple[float, tuple[float, ...]]:
    """Find the share and the shift under which films of known class are most likely.

    For each share the temperature and the shift are those of least negative log-likelihood, which is convex in both (bias-corrected
    temperature scaling; Alexandari et al. 2020, arXiv:1901.06852). The temperature itself is fitted anew with the rest of the calibration.

    The shift makes up for how often classes come among the validation films, where COVID is common. Elsewhere it is rare, and what is added
    to it there are false alarms. So no more of the shift is taken than the recall of COVID needs (`LEAST_RECALL`); all where none suffices.

    Parameters
    ----------
    alone : numpy.ndarray
        Floating, shape (n, 2, 4): the logits of both networks, of films that neither was trained on.
    y_true : numpy.ndarray
        int, shape (n,): class codes.

    Returns
    -------
    share : float
        One of `SHARES`.
    shift : tuple of float
        By class; the largest class stays where it is.
    """
    largest = int(np.bincount(y_true, minlength=alone.shape[-1]).argmax())

    def fitted(share: float) -> tuple[float, float, np.ndarray]:
        logits = (1 - share) * alone[:, 0] + share * alone[:, 1]

        def loss(unknown: np.ndarray) -> float:
            likelihoods = log_softmax(unknown[0] * logits + np.insert(unknown[1:], largest, 0.0), axis=-1)
            return -float(likelihoods[np.arange(len(y_true)), y_true].mean())

        start = np.zeros(alone.shape[-1])
        start[0] = 1 / fit_temperature(logits, y_true)
        found = minimize(loss, start, method="L-BFGS-B", bounds=[(1 / HOTTEST, None)] + [(-FARTHEST, FARTHEST)] * (len(start) - 1))
        return float(found.fun), share, np.insert(found.x[1:], largest, 0.0) / found.x[0]

    _, share, shift = min((fitted(share) for share in SHARES), key=lambda one: one[0])
    logits, is_covid = (1 - share) * alone[:, 0] + share * alone[:, 1], y_true == COVID
    recalls = [((logits[is_covid] + part * shift).argmax(1) == COVID).mean() if is_covid.any() else 1.0 for part in PARTS]
    part = next((part for part, recall in zip(PARTS, recalls, strict=True) if recall >= LEAST_RECALL), 1.0)
    return share, tuple(round(float(part * value), 3) for value in shift)
