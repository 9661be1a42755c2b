"""Two independent samples: how much a share or an area under the ROC differs between them. Loads SciPy when it is first needed."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from cxr_core.stats.interval import Interval

Z95 = 1.959963984540054
"""Standard normal quantile of a two-sided 95% interval."""

_NEARLY_THERE = 1e-12

_LARGEST_Z = 40.0
"""Beyond it a two-sided p-value is zero in double precision."""


@dataclass(frozen=True)
class Estimate:
    """A figure in [0, 1] with its confidence interval at any level.

    Attributes
    ----------
    value : float
        The figure.
    bounds : callable
        Takes the standard normal quantile of a two-sided interval, such as `Z95`, and returns its lower and upper bound.
    """

    value: float
    bounds: Callable[[float], tuple[float, float]]

    @property
    def interval(self) -> Interval:
        """The figure with its 95% interval."""
        low, high = self.bounds(Z95)
        return Interval(value=self.value, low=low, high=high)


@dataclass(frozen=True)
class IndependentDifference:
    """A figure of one sample minus that of another.

    Attributes
    ----------
    value : float
        In [-1, 1].
    low, high : float
        Its 95% interval.
    p_value : float
        Two-sided, that there is no difference: one minus the level of the widest interval that leaves zero out.
    """

    value: float
    low: float
    high: float
    p_value: float

    @property
    def is_significant(self) -> bool:
        """Whether the 95% interval leaves zero out."""
        return not self.low <= 0 <= self.high


def share_estimate(hits: int, trials: int) -> Estimate:
    """Estimate a share of independent trials, with Wilson's interval (Wilson 1927, JASA 22:209).

    Parameters
    ----------
    hits, trials : int
        At least one trial.
    """
    share = hits / trials

    def bounds(z: float) -> tuple[float, float]:
        centre = share + z**2 / (2 * trials)
        reach = z * math.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
        low, high = ((centre + side * reach) / (1 + z**2 / trials) for side in (-1, 1))
        return (0.0 if hits == 0 else min(max(0.0, low), share)), (1.0 if hits == trials else max(min(1.0, high), share))

    return Estimate(share, bounds)


def auc_estimate(auc: float, positives: int, negatives: int) -> Estimate:
    """Estimate an area under the ROC, with an interval that holds for few films and for an area of one.

    Newcombe 2006, Statistics in Medicine 25:559, method 5: the bounds are the areas that lie `z` of their own standard errors from the
    one found. The standard error is that of Hanley and McNeil (1982, Radiology 143:29), with both sample sizes replaced by their mean.

    Parameters
    ----------
    auc : float
        In [0, 1].
    positives, negatives : int
        Films of either kind, at least one.
    """
    mean = (positives + negatives) / 2 - 1

    def error(area: float) -> float:
        spread = 1 + mean * ((1 - area) / (2 - area) + area / (1 + area))
        return math.sqrt(area * (1 - area) * spread / (positives * negatives))

    def bound(end: float, z: float) -> float:
        """Find the area between `auc` and an end of the scale that lies z of its standard errors from `auc`."""
        from scipy.optimize import brentq

        inside = auc + _NEARLY_THERE * (0.5 - auc)  # at 0 and 1 the standard error is zero, and they would be found as bounds of themselves

        def gap(area: float) -> float:
            return abs(auc - area) - z * error(area)

        return auc if gap(inside) >= 0 else float(brentq(gap, inside, end))

    def bounds(z: float) -> tuple[float, float]:
        return (0.0 if auc == 0 else bound(0.0, z)), (1.0 if auc == 1 else bound(1.0, z))

    return Estimate(auc, bounds)


def independent_difference(first: Estimate, second: Estimate) -> IndependentDifference:
    """Compare a figure between two independent samples.

    The interval is put together from those of the two figures (square-and-add; Newcombe 1998, Statistics in Medicine 17:873, method 10,
    where both are shares; Zou and Donner 2008, Statistics in Medicine 27:1693, for any two figures). The p-value is found by widening
    it until it holds zero, so the two never contradict each other.
    """
    value = first.value - second.value

    def bounds(z: float) -> tuple[float, float]:
        (first_low, first_high), (second_low, second_high) = first.bounds(z), second.bounds(z)
        return (
            value - math.hypot(first.value - first_low, second_high - second.value),
            value + math.hypot(first_high - first.value, second.value - second_low),
        )

    low, high = bounds(Z95)
    return IndependentDifference(value, max(-1.0, low), min(1.0, high), _p_value(value, bounds))


def _p_value(value: float, bounds: Callable[[float], tuple[float, float]]) -> float:
    """Find the z at which the interval's bound on the side of zero reaches it, and return the two tails beyond."""
    from scipy.optimize import brentq

    if value == 0:
        return 1.0

    def gap(z: float) -> float:
        """Say how far the bound on the side of zero is from zero: positive while the interval leaves zero out."""
        return bounds(z)[0] if value > 0 else -bounds(z)[1]

    if gap(_LARGEST_Z) > 0:
        return 0.0
    return math.erfc(brentq(gap, 0.0, _LARGEST_Z) / math.sqrt(2))
