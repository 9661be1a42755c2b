"""Decision curve analysis of a classifier (Vickers and Elkin 2006, doi:10.1177/0272989X06295361)."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from cxr_core.decision.errors import InvalidParameterError
from cxr_core.decision.parameters import checked_number

THRESHOLDS: Final = np.linspace(0, 0.99, 100)
"""Where a curve is worked out unless a caller says otherwise: every hundredth below 1."""


@dataclass(frozen=True, eq=False)
class DecisionCurve:
    """Net benefit over threshold probabilities, in true positives per patient.

    This is not the net benefit of the report: the threshold alone says what a false positive weighs, and tests cost nothing.

    Attributes
    ----------
    thresholds : numpy.ndarray
        Shape (n,): probability of COVID from which one would act.
    model, treat_all, treat_none : numpy.ndarray
        Shape (n,): net benefit of acting on the classifier, on everybody, on nobody (0).
    prevalence : float
        That was used: the stated one, or that of the films.
    """

    thresholds: np.ndarray
    model: np.ndarray
    treat_all: np.ndarray
    treat_none: np.ndarray
    prevalence: float

    @property
    def gain(self) -> np.ndarray:
        """What the classifier adds to the better of acting on everybody and on nobody, shape (n,), in true positives per patient.

        Below 0 you do better without it (Vickers and Elkin 2006).
        """
        return self.model - np.maximum(self.treat_all, self.treat_none)

    @property
    def avoided(self) -> np.ndarray:
        """Interventions that the classifier spares per patient, net, against acting on everybody, shape (n,).

        (NB_model - NB_all) / (t / (1 - t)): as many fewer patients are acted on while no more sick ones go without (Vickers, Cronin,
        Elkin and Gonen 2008, doi:10.1186/1472-6947-8-53). NaN at threshold 0, where sparing an intervention is worth nothing.
        """
        odds = self.thresholds / (1 - self.thresholds)
        return np.divide(self.model - self.treat_all, odds, out=np.full_like(odds, np.nan), where=odds > 0)


def decision_curve(y_true: Any, probabilities: Any, thresholds: Any = THRESHOLDS, prevalence: float | None = None) -> DecisionCurve:
    """Net benefit TP/n - FP/n · t/(1-t) of acting where the probability is at least t.

    Parameters
    ----------
    y_true : array_like
        bool, shape (n,): whether each film is of a patient with COVID. Both must occur.
    probabilities : array_like
        Shape (n,), in [0, 1]: the classifier's probability of COVID.
    thresholds : array_like, optional
        Shape (m,), from 0 up to but not including 1. Every hundredth, if none are given.
    prevalence : float, optional
        Where the classifier would be used, in [0, 1]. TP/n then is sensitivity · P and FP/n is (1 - specificity) · (1 - P).

    Returns
    -------
    DecisionCurve

    Raises
    ------
    InvalidParameterError
        Shapes differ, labels are not bool or all the same, or something is out of range.
    """
    truth = np.asarray(y_true)
    if truth.dtype != bool or truth.ndim != 1:
        raise InvalidParameterError("y_true", "must be one True or False a film")
    if truth.all() or not truth.any():
        raise InvalidParameterError("y_true", "must hold films with COVID and films without")
    scores = _shares("probabilities", probabilities)
    if scores.shape != truth.shape:
        raise InvalidParameterError("probabilities", f"has shape {scores.shape}, but there are {len(truth)} films")
    cuts = _shares("thresholds", thresholds)
    if (cuts == 1).any():
        raise InvalidParameterError("thresholds", "must be below 1")
    share = float(truth.mean()) if prevalence is None else checked_number("prevalence", prevalence)
    hits, alarms = (_at_least(scores[chosen], cuts) for chosen in (truth, ~truth))
    odds = cuts / (1 - cuts)
    return DecisionCurve(
        thresholds=cuts,
        model=share * hits - (1 - share) * alarms * odds,
        treat_all=share - (1 - share) * odds,
        treat_none=np.zeros_like(cuts),
        prevalence=share,
    )


def _shares(name: str, values: Any) -> np.ndarray:
    numbers = np.asarray(values)
    if numbers.dtype.kind not in "iuf" or numbers.ndim != 1:
        raise InvalidParameterError(name, "must be numbers, one after the other")
    if not ((numbers >= 0) & (numbers <= 1)).all():
        raise InvalidParameterError(name, "must lie between 0 and 1")
    return numbers.astype(float)


def _at_least(scores: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    """Share of scores that reach each cut."""
    return 1 - np.searchsorted(np.sort(scores), cuts, side="left") / len(scores)
