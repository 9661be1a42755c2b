"""The operating point of COVID against all else: chosen by a rule, and what it means at a user's prevalence."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest, norm

from cxr_core.card import LEAST_SENSITIVITY, ChosenPoint, Interval, Rule
from cxr_core.doubt.conformal import rounded_down
from cxr_core.doubt.errors import DoubtFitError

_Z = float(norm.ppf(0.975))


@dataclass(frozen=True)
class Counts:
    """Films on either side of a threshold.

    Attributes
    ----------
    found, cases : int
        Films of COVID that are called so, and all of them.
    cleared, others : int
        Films of other classes that are not called COVID, and all of them.
    """

    found: int
    cases: int
    cleared: int
    others: int

    @property
    def sensitivity(self) -> Interval:
        """Share of the cases that are found, with its 95% Wilson interval (Wilson 1927, JASA 22:209), which takes films as independent."""
        return wilson(self.found, self.cases)

    @property
    def specificity(self) -> Interval:
        """Share of the others that are cleared, with its 95% Wilson interval."""
        return wilson(self.cleared, self.others)


def count_at(is_covid: np.ndarray, probability: np.ndarray, threshold: float) -> Counts:
    """Count films on either side of a threshold, a film on it being called positive.

    Parameters
    ----------
    is_covid : numpy.ndarray
        bool, shape (n,): whether each film is of COVID. From a card's reads: ``reads["label"] == "COVID"``.
    probability : numpy.ndarray
        Shape (n,): its calibrated probability of COVID. From a card's reads: ``reads["COVID"]``.
    threshold : float
        In [0, 1].

    Returns
    -------
    Counts
    """
    truth, called = np.asarray(is_covid, bool), np.asarray(probability) >= threshold
    return Counts(int((called & truth).sum()), int(truth.sum()), int((~called & ~truth).sum()), int((~truth).sum()))


def choose_point(is_covid: np.ndarray, probability: np.ndarray, rule: Rule = "sensitivity") -> ChosenPoint:
    """Choose the operating point of COVID against all else.

    Rule "sensitivity": of the thresholds with a sensitivity of at least 0.95 the one with the fewest false positives, and among those
    the one with the highest sensitivity. Rule "youden": the largest sensitivity + specificity - 1 (Youden 1950, Cancer 3:32), and among
    equals the fewest false positives.

    Parameters
    ----------
    is_covid, probability : numpy.ndarray
        As in `count_at`, of val films.
    rule : {"sensitivity", "youden"}
        See above.

    Returns
    -------
    ChosenPoint

    Raises
    ------
    DoubtFitError
        All films are of COVID, or none is.
    """
    truth = np.asarray(is_covid, bool)
    cases, others = int(truth.sum()), int((~truth).sum())
    if not cases or not others:
        raise DoubtFitError("An operating point is chosen on films of COVID and of other classes, and one kind has none in the val split.")
    # Only where a film of COVID lies can a threshold be best. It is rounded first, so that its figures are those of the number kept.
    thresholds = np.unique([rounded_down(value) for value in np.asarray(probability, float)[truth]])
    found = cases - np.searchsorted(np.sort(np.asarray(probability)[truth]), thresholds)
    false = others - np.searchsorted(np.sort(np.asarray(probability)[~truth]), thresholds)
    if rule == "youden":
        order = np.lexsort((false, -(found * others - false * cases)))  # in whole numbers, so that equals are equal
    else:
        enough = math.ceil(round(LEAST_SENSITIVITY * cases, 9))  # 0.95 * 20 must be 19, whatever the last bit says
        order = np.lexsort((-found, false, found < enough))
    best = order[0]
    return ChosenPoint(
        rule=rule,
        threshold=float(thresholds[best]),
        sensitivity=float(found[best] / cases),
        specificity=float(1 - false[best] / others),
    )


def predictive_values(counts: Counts, prevalence: float) -> tuple[Interval, Interval]:
    """Share of positive and of negative calls that are right, at a prevalence that the user knows.

    With sensitivity S, specificity C and prevalence P: PPV = S P / (S P + (1 - C)(1 - P)), NPV = C (1 - P) / (C (1 - P) + (1 - S) P).
    The 95% intervals carry the error of S and C over by the delta method on the logit scale (Mercaldo, Lau and Zhou 2007, Statistics in
    Medicine 26:2170, section 2.2): the variance of logit PPV is (1 - S) / (S n1) + C / ((1 - C) n0) with n1 cases and n0 others, and
    that of logit NPV is S / ((1 - S) n1) + (1 - C) / (C n0). Where one of the four counts is 0 they use S and C after adding z**2 / 2
    to all four, as that paper does; the value itself is never changed, and lies in its interval. The prevalence is taken as exact.

    Parameters
    ----------
    counts : Counts
        At the threshold, with cases and others.
    prevalence : float
        In [0, 1].

    Returns
    -------
    ppv, npv : Interval
        Without a value where no film would be called so at all.
    """
    found, missed = counts.found, counts.cases - counts.found
    cleared, false = counts.cleared, counts.others - counts.cleared
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


def wilson(hits: int, films: int) -> Interval:
    """Return the share of `hits` among `films` with its 95% Wilson interval; no value where there are no films."""
    if not films:
        return Interval(value=None)
    low, high = binomtest(hits, films).proportion_ci(method="wilson")
    return Interval(value=hits / films, low=float(low), high=float(high))
