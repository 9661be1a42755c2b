"""The operating point of COVID against all else: chosen by a rule, and what it means at a user's prevalence."""

import math
from statistics import NormalDist

import numpy as np

from cxr_core.artifacts import LEAST_SENSITIVITY, OperatingPoint, Rule
from cxr_core.calibration.conformal import rounded_down
from cxr_core.calibration.errors import CalibrationFitError
from cxr_core.stats import Interval, wilson

_Z = NormalDist().inv_cdf(0.975)


def point_at(is_covid: np.ndarray, probability: np.ndarray, threshold: float, rule: Rule | None = None) -> OperatingPoint:
    """Measure an operating point on films, a film on the threshold being called positive.

    The 95% intervals are Wilson's (Wilson 1927, JASA 22:209), which take films as independent.

    Parameters
    ----------
    is_covid : numpy.ndarray
        bool, shape (n,): whether each film is of COVID. From a card's reads: ``reads["label"] == "COVID"``.
    probability : numpy.ndarray
        Shape (n,): its calibrated probability of COVID. From a card's reads: ``reads["COVID"]``.
    threshold : float
        In [0, 1].
    rule : {"sensitivity", "youden"}, optional
        How the threshold was chosen, if by a rule.

    Returns
    -------
    OperatingPoint
    """
    truth, called = np.asarray(is_covid, bool), np.asarray(probability) >= threshold
    cases, others = int(truth.sum()), int((~truth).sum())
    return OperatingPoint(
        threshold=threshold,
        sensitivity=wilson(int((called & truth).sum()), cases),
        specificity=wilson(int((~called & ~truth).sum()), others),
        cases=cases,
        others=others,
        rule=rule,
    )


def choose_point(is_covid: np.ndarray, probability: np.ndarray, rule: Rule = "sensitivity") -> OperatingPoint:
    """Choose the operating point of COVID against all else.

    Rule "sensitivity": of the thresholds with a sensitivity of at least 0.95 the one with the fewest false positives, and among those
    the one with the highest sensitivity. Rule "youden": the largest sensitivity + specificity - 1 (Youden 1950, Cancer 3:32), and among
    equals the fewest false positives.

    Parameters
    ----------
    is_covid, probability : numpy.ndarray
        As in `point_at`, of validation films.
    rule : {"sensitivity", "youden"}
        See above.

    Returns
    -------
    OperatingPoint

    Raises
    ------
    CalibrationFitError
        All films are of COVID, or none is.
    """
    truth = np.asarray(is_covid, bool)
    cases, others = int(truth.sum()), int((~truth).sum())
    if not cases or not others:
        raise CalibrationFitError("An operating point needs films of COVID and of other classes; the validation films hold only one kind.")
    # Only where a film of COVID lies can a threshold be best. It is rounded first, so that its figures are those of the number kept.
    thresholds = np.unique([rounded_down(value) for value in np.asarray(probability, float)[truth]])
    found = cases - np.searchsorted(np.sort(np.asarray(probability)[truth]), thresholds)
    false = others - np.searchsorted(np.sort(np.asarray(probability)[~truth]), thresholds)
    if rule == "youden":
        order = np.lexsort((false, -(found * others - false * cases)))  # in whole numbers, so that equals are equal
    else:
        enough = math.ceil(round(LEAST_SENSITIVITY * cases, 9))  # 0.95 * 20 must be 19, whatever the last bit says
        order = np.lexsort((-found, false, found < enough))
    return point_at(truth, probability, float(thresholds[order[0]]), rule)


def predictive_values(point: OperatingPoint, prevalence: float) -> tuple[Interval, Interval]:
    """Share of positive and of negative calls that are right, at a prevalence that the user knows.

    With sensitivity S, specificity C and prevalence P: PPV = S P / (S P + (1 - C)(1 - P)), NPV = C (1 - P) / (C (1 - P) + (1 - S) P).
    The 95% intervals carry the error of S and C over by the delta method on the logit scale (Mercaldo, Lau and Zhou 2007, Statistics in
    Medicine 26:2170, section 2.2): the variance of logit PPV is (1 - S) / (S n1) + C / ((1 - C) n0) with n1 cases and n0 others, and
    that of logit NPV is S / ((1 - S) n1) + (1 - C) / (C n0). Where one of the four counts is 0 they use S and C after adding z**2 / 2
    to all four, as that paper does; the value itself is never changed, and lies in its interval. The prevalence is taken as exact.

    Parameters
    ----------
    point : OperatingPoint
        With cases and others.
    prevalence : float
        In [0, 1].

    Returns
    -------
    ppv, npv : Interval
        Without a value where no film would be called so at all.
    """
    found, missed = point.found, point.cases - point.found
    cleared, false = point.cleared, point.others - point.cleared
    ppv = _value(found, missed, false, cleared, prevalence)
    npv = _value(cleared, false, missed, found, 1 - prevalence)
    return ppv, npv


def _value(right: float, lost: float, wrong: float, spared: float, prevalence: float) -> Interval:
    """Return the predictive value of a call that is right on `right` of `right + lost` films, and wrong on `wrong` of `wrong + spared`."""
    own, other = right + lost, wrong + spared
    if not own or not other:
        return Interval(value=None)
    true_calls, all_calls = right / own * prevalence, right / own * prevalence + wrong / other * (1 - prevalence)
    if not all_calls:
        return Interval(value=None)
    value = true_calls / all_calls
    if prevalence in (0, 1):
        return Interval(value=value, low=value, high=value)
    if not min(right, lost, wrong, spared):
        right, lost, wrong, spared = (count + _Z**2 / 2 for count in (right, lost, wrong, spared))
        own, other = right + lost, wrong + spared
    centre = math.log(right / own * prevalence) - math.log(wrong / other * (1 - prevalence))
    reach = _Z * math.sqrt(lost / (right * own) + spared / (wrong * other))
    low, high = (1 / (1 + math.exp(-logit)) for logit in (centre - reach, centre + reach))
    return Interval(value=value, low=min(low, value), high=max(high, value))
