"""Temperature scaling: one number that makes a network as sure as it is right (Guo et al. 2017, arXiv:1706.04599, section 4.2)."""

import numpy as np

LARGEST = 20.0
"""Temperatures are sought between its reciprocal and itself. Films that are all right, or no better than guessed, have no best one
and end at a bound."""


def calibrated(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Turn logits into the probabilities that Second Look shows: softmax(logits / temperature).

    Parameters
    ----------
    logits : numpy.ndarray
        Floating, shape (..., 4).
    temperature : float
        Positive. The order of the classes does not depend on it.

    Returns
    -------
    numpy.ndarray
        The same shape and dtype, rows summing to 1.
    """
    from scipy.special import softmax  # SciPy is slow to import, and a report of a read needs none of it

    return softmax(logits / temperature, axis=-1)


def fit_temperature(logits: np.ndarray, y_true: np.ndarray) -> float:
    """Find the temperature under which films of known class are most likely.

    The mean negative log-likelihood is convex in 1 / temperature, so it has one valley on the logarithmic scale that is searched.

    Parameters
    ----------
    logits : numpy.ndarray
        Floating, shape (n, 4), of films that the network was not trained on.
    y_true : numpy.ndarray
        int, shape (n,): class codes.

    Returns
    -------
    float
        In [1 / `LARGEST`, `LARGEST`]; above 1 where the network is surer than it is right.
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import log_softmax

    scores, rows = logits.astype(np.float64), np.arange(len(y_true))

    def surprise(log_temperature: float) -> float:
        return -float(log_softmax(scores / np.exp(log_temperature), axis=1)[rows, y_true].mean())

    bound = float(np.log(LARGEST))
    return float(np.exp(minimize_scalar(surprise, bounds=(-bound, bound), method="bounded", options={"xatol": 1e-6}).x))
