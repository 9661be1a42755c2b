"""How far the networks that are averaged disagree on a film."""

import numpy as np

from cxr_core.calibration.temperature import calibrated


def disagreement(alone: np.ndarray) -> np.ndarray:
    """Measure how far two networks' probabilities lie apart: the total variation distance.

    Parameters
    ----------
    alone : numpy.ndarray
        Floating, shape (n, networks, 4): the logits of each network alone.

    Returns
    -------
    numpy.ndarray
        Shape (n,), in [0, 1]: 0 where they agree, or where there is one network alone.
    """
    probabilities = calibrated(alone, 1.0)
    return np.abs(probabilities[:, 0] - probabilities[:, -1]).sum(-1) / 2
