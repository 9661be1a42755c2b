"""Figures of merit with bootstrap intervals. scikit-learn computes the values."""

from collections.abc import Callable

import numpy as np
from sklearn.metrics import average_precision_score, confusion_matrix, precision_recall_fscore_support, roc_auc_score

from cxr_core.artifacts import Averages, ClassResult, Results
from cxr_core.labels import CLASS_NAMES
from cxr_core.stats import Interval, interval, resampled_counts

CALIBRATION_BINS = 15
_CODES = np.arange(len(CLASS_NAMES))


def expected_calibration_error(correct: np.ndarray, confidence: np.ndarray, bins: int = CALIBRATION_BINS) -> float:
    """Mean gap between confidence and accuracy of the top class over equal-width bins (Guo et al. 2017, arXiv:1706.04599).

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
    float
        In [0, 1]; 0 is perfectly calibrated.
    """
    members = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = np.bincount(members, correct - confidence, minlength=bins)
    return float(np.abs(gaps).sum() / len(correct))


def classification_results(y_true: np.ndarray, probabilities: np.ndarray, groups: np.ndarray) -> Results:
    """Everything the card says of a set of films with known classes.

    Parameters
    ----------
    y_true : numpy.ndarray
        int, shape (n,): class codes.
    probabilities : numpy.ndarray
        Shape (n, 4), rows summing to 1.
    groups : numpy.ndarray
        Shape (n,): near-duplicate group of each film.

    Returns
    -------
    Results
        Precision of a class never predicted is 0; figures of a class with no films have no value.
    """
    y_pred = probabilities.argmax(1)
    confusion = confusion_matrix(y_true, y_pred, labels=_CODES)
    # A resample's confusion matrix is a weighted count of (true, predicted) pairs: all of them in one matrix product.
    pairs = np.eye(len(CLASS_NAMES) ** 2)[y_true * len(CLASS_NAMES) + y_pred]
    counts = resampled_counts(groups)
    resampled = (counts @ pairs).reshape(-1, len(CLASS_NAMES), len(CLASS_NAMES))
    support = confusion.sum(1)

    def scores(average: str | None) -> list[np.ndarray]:
        return list(
            precision_recall_fscore_support(y_true, y_pred, labels=_present(support, average), average=average, zero_division=0)[:3]
        )

    by_class, sampled = scores(None), _precision_recall_f1(resampled)
    negatives = len(y_true) - support
    specificity = 1 - (confusion.sum(0) - np.diagonal(confusion)) / np.maximum(negatives, 1)
    specificity_sampled = _specificity(resampled)
    classes = {}
    for code, name in enumerate(CLASS_NAMES):
        values = [
            interval(float(score[code]) if support[code] else np.nan, sample[:, code])
            for score, sample in zip(by_class, sampled, strict=True)
        ]
        roc_auc, average_precision = _areas(y_true == code, probabilities[:, code], counts)
        classes[name] = ClassResult(
            precision=values[0],
            recall=values[1],
            specificity=interval(specificity[code] if support[code] and negatives[code] else np.nan, specificity_sampled[:, code]),
            f1=values[2],
            roc_auc=roc_auc,
            average_precision=average_precision,
            support=int(support[code]),
        )
    correct = y_pred == y_true
    return Results(
        films=len(y_true),
        accuracy=interval(float(correct.mean()), np.trace(resampled, axis1=1, axis2=2) / resampled.sum((1, 2))),
        classes=classes,
        macro=_averages(scores("macro"), sampled, lambda sample: np.nanmean(sample[:, support > 0], axis=1)),
        weighted=_averages(
            scores("weighted"), sampled, lambda sample: np.nansum(sample * resampled.sum(2), axis=1) / resampled.sum((1, 2))
        ),
        confusion=confusion.tolist(),
        expected_calibration_error=expected_calibration_error(correct, probabilities.max(1)),
        calibration_bins=CALIBRATION_BINS,
    )


def roc_area(positive: np.ndarray, score: np.ndarray, groups: np.ndarray) -> Interval:
    """Area under the ROC curve, with its interval; no value where there are no positives, or nothing else.

    Parameters
    ----------
    positive : numpy.ndarray
        bool, shape (n,).
    score : numpy.ndarray
        Floating, shape (n,): the higher, the more positive.
    groups : numpy.ndarray
        Shape (n,): what is resampled together.

    Returns
    -------
    Interval
    """
    if not len(positive):
        return Interval(value=None)
    return _areas(positive, score, resampled_counts(groups))[0]


def _present(support: np.ndarray, average: str | None) -> np.ndarray:
    # Averages are over the classes that occur: a set without Normal films has no recall of Normal to average.
    return _CODES if average is None else _CODES[support > 0]


def _precision_recall_f1(confusion: np.ndarray) -> list[np.ndarray]:
    """Precision, recall and F1 by class of many confusion matrices (b, 4, 4), each (b, 4); NaN where a class has no films."""
    hits = np.diagonal(confusion, axis1=1, axis2=2)
    predicted, present = confusion.sum(1), confusion.sum(2)
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = np.where(predicted > 0, hits / predicted, 0.0)
        recall = hits / present
        f1 = 2 * hits / (predicted + present)
    absent = present == 0
    return [np.where(absent, np.nan, figure) for figure in (precision, recall, f1)]


def _specificity(confusion: np.ndarray) -> np.ndarray:
    """Specificity by class of many confusion matrices (b, 4, 4), shape (b, 4); NaN where all films are of the class."""
    called, present = confusion.sum(1), confusion.sum(2)
    hits = np.diagonal(confusion, axis1=1, axis2=2)
    negatives = confusion.sum((1, 2))[:, np.newaxis] - present
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(negatives > 0, 1 - (called - hits) / negatives, np.nan)


def _areas(positive: np.ndarray, score: np.ndarray, counts: np.ndarray) -> tuple[Interval, Interval]:
    """Areas under ROC and precision-recall with intervals; none where a class has no films, or all.

    The areas of the resamples come from cumulative sums over the films in order of their score, all resamples at once.
    """
    if positive.all() or not positive.any():
        return Interval(value=None), Interval(value=None)
    order = np.argsort(-score, kind="stable")
    last_of_tie = np.append(np.flatnonzero(np.diff(score[order])), len(score) - 1)
    drawn = counts[:, order]
    true = np.cumsum(drawn * positive[order], axis=1)[:, last_of_tie]
    called = np.cumsum(drawn, axis=1)[:, last_of_tie]
    false = called - true
    with np.errstate(invalid="ignore", divide="ignore"):
        steps = np.diff(false, axis=1, prepend=0) * (true + np.pad(true, ((0, 0), (1, 0)))[:, :-1]) / 2
        roc_auc = steps.sum(1) / (true[:, -1] * false[:, -1])
        precision = np.where(called > 0, true / called, 0.0)
        average_precision = (np.diff(true, axis=1, prepend=0) * precision).sum(1) / true[:, -1]
    return (
        interval(float(roc_auc_score(positive, score)), roc_auc),
        interval(float(average_precision_score(positive, score)), average_precision),
    )


def _averages(values: list[np.ndarray], sampled: list[np.ndarray], reduce: Callable[[np.ndarray], np.ndarray]) -> Averages:
    precision, recall, f1 = (interval(float(value), reduce(sample)) for value, sample in zip(values, sampled, strict=True))
    return Averages(precision=precision, recall=recall, f1=f1)
