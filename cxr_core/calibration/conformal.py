"""Prediction sets that hold the true class of nine films in ten, in every class.

Split-conformal sets (Vovk, Gammerman and Shafer 2005, *Algorithmic Learning in a Random World*, section 4.5, "Mondrian", by class),
in the form of Sadinle, Lei and Wasserman (2019, *Least ambiguous set-valued classifiers with bounded error levels*, JASA 114:223): a
class is in the set if its probability reaches the class's own threshold. The coverage holds for films that come from where those of
validation films came from, and for no others.

A set may be empty: every class then has a probability below what nearly all films of that class have, and none of the four fits.
"""

import math
from collections.abc import Mapping

import numpy as np

from cxr_core.labels import CLASS_NAMES

COVERAGE = 0.9
DIGITS = 6
"""Thresholds are rounded down to as many decimals as stored reads have, so that a film on the threshold is on the same side in both."""


def rounded_down(threshold: float) -> float:
    """Round a threshold down to `DIGITS` decimals."""
    return math.floor(threshold * 10**DIGITS) / 10**DIGITS


def set_thresholds(probabilities: np.ndarray, y_true: np.ndarray, coverage: float = COVERAGE) -> dict[str, float]:
    """Find the largest thresholds under which the sets keep their coverage in every class.

    Of n films of a class at least ceil((n + 1) * coverage) must reach its threshold: the + 1 stands for the film to come.

    Parameters
    ----------
    probabilities : numpy.ndarray
        Shape (n, 4): calibrated, of films that the network was not trained on.
    y_true : numpy.ndarray
        int, shape (n,): class codes.
    coverage : float
        In (0, 1).

    Returns
    -------
    dict of str to float
        By class name. Too few films to promise the coverage (fewer than 9 for 90%) give 0: the class is then in every set.
    """
    thresholds = {}
    for code, name in enumerate(CLASS_NAMES):
        own = np.sort(probabilities[y_true == code, code])
        kept = math.ceil(round((len(own) + 1) * coverage, 9))  # 10 * 0.9 must be 9, whatever the last bit says
        thresholds[name] = rounded_down(float(own[len(own) - kept])) if kept <= len(own) else 0.0
    return thresholds


def set_members(probabilities: np.ndarray, thresholds: Mapping[str, float]) -> np.ndarray:
    """Say which classes are in the prediction sets of many films.

    Parameters
    ----------
    probabilities : numpy.ndarray
        Shape (..., 4): calibrated.
    thresholds : mapping of str to float
        From `set_thresholds`.

    Returns
    -------
    numpy.ndarray
        bool, the same shape.
    """
    return probabilities >= np.array([thresholds[name] for name in CLASS_NAMES])


def prediction_set(probabilities: np.ndarray, thresholds: Mapping[str, float]) -> tuple[str, ...]:
    """Name the classes that fit a film.

    Parameters
    ----------
    probabilities : numpy.ndarray
        Shape (4,): calibrated.
    thresholds : mapping of str to float
        From `set_thresholds`.

    Returns
    -------
    tuple of str
        In the order of `CLASS_NAMES`; empty where none fits.
    """
    return tuple(name for name, fits in zip(CLASS_NAMES, set_members(probabilities, thresholds), strict=True) if fits)
