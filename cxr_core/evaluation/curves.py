"""Curves over all thresholds, and how far the probabilities can be believed."""

import numpy as np
from sklearn.metrics import precision_recall_curve, roc_curve

from cxr_core.artifacts import ClassCurves, Curve, ReliabilityBin
from cxr_core.evaluation.metrics import CALIBRATION_BINS
from cxr_core.labels import CLASS_NAMES


def class_curves(y_true: np.ndarray, probabilities: np.ndarray) -> dict[str, ClassCurves]:
    """Operating points of every class that has both films and others; points on a straight line are left out.

    Parameters
    ----------
    y_true : numpy.ndarray
        int, shape (n,): class codes.
    probabilities : numpy.ndarray
        Shape (n, 4), rows summing to 1.

    Returns
    -------
    dict of str to ClassCurves
        By class name.
    """
    curves = {}
    for code, name in enumerate(CLASS_NAMES):
        positive, score = y_true == code, probabilities[:, code]
        if positive.all() or not positive.any():
            continue
        false_positive, true_positive, thresholds = roc_curve(positive, score)
        precision, recall, cuts = precision_recall_curve(positive, score, drop_intermediate=True)
        curves[name] = ClassCurves(
            roc=_curve(false_positive, true_positive, thresholds),
            # scikit-learn goes from the laxest threshold to a last point of none at all.
            precision_recall=_curve(recall[::-1], precision[::-1], np.append(cuts, np.inf)[::-1]),
        )
    return curves


def _curve(x: np.ndarray, y: np.ndarray, thresholds: np.ndarray) -> Curve:
    return Curve(
        x=[round(float(value), 6) for value in x],
        y=[round(float(value), 6) for value in y],
        threshold=[float(value) if np.isfinite(value) else None for value in thresholds],
    )


def reliability(correct: np.ndarray, confidence: np.ndarray, bins: int = CALIBRATION_BINS) -> list[ReliabilityBin]:
    """Confidence and accuracy of the top class by bins of equal width (Guo et al. 2017, arXiv:1706.04599); empty bins are left out.

    Parameters
    ----------
    correct : numpy.ndarray
        bool, shape (n,): whether the top class is right.
    confidence : numpy.ndarray
        Shape (n,), in [0, 1]: probability of the top class.
    bins : int
        Number of bins.

    Returns
    -------
    list of ReliabilityBin
        From low to high confidence.
    """
    members = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        ReliabilityBin(
            low=number / bins,
            high=(number + 1) / bins,
            films=int((members == number).sum()),
            confidence=float(confidence[members == number].mean()),
            accuracy=float(correct[members == number].mean()),
        )
        for number in np.unique(members)
    ]
