"""Probabilistic sensitivity analysis: how sure the choice is, given how well the sensitivities are known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Literal

import numpy as np

from cxr_core.decision.comparison import difference_of, parts_of, values_of
from cxr_core.decision.errors import InvalidParameterError
from cxr_core.decision.formula import Scenario, Test
from cxr_core.decision.oneway import Ranges, checked_range
from cxr_core.decision.parameters import checked, checked_parameter
from cxr_core.decision.tolerance import TOLERANCE

DRAWS: Final = 10_000
JEFFREYS: Final = 0.5
"""Both parameters of the Jeffreys prior of a share."""

_TAIL: Final = 0.025
_CONCENTRATIONS: Final = (1e-2, 1e8)


@dataclass(frozen=True)
class Beta:
    """A Beta distribution of a share; both parameters are positive."""

    alpha: float
    beta: float

    def __post_init__(self) -> None:
        for name in ("alpha", "beta"):
            if not 0 < getattr(self, name) < np.inf:
                raise InvalidParameterError(name, "must be positive and finite")

    @property
    def mean(self) -> float:
        """Expected share."""
        return self.alpha / (self.alpha + self.beta)

    def interval(self) -> tuple[float, float]:
        """Central 95% interval."""
        from scipy.special import betaincinv  # a third of a second to import, so only here

        low, high = betaincinv(self.alpha, self.beta, (_TAIL, 1 - _TAIL))
        return float(low), float(high)


def beta_from_counts(true_positives: float, false_negatives: float) -> Beta:
    """Distribution of a sensitivity after a study: Beta(tp + ½, fn + ½), the posterior under the Jeffreys prior.

    That prior is chosen because its intervals cover about what they claim even near 1, where sensitivities lie (Brown, Cai and DasGupta
    2001, doi:10.1214/ss/1009213286).

    Parameters
    ----------
    true_positives, false_negatives : float
        Patients with the disease whom the test found and missed; not negative. Fractions are accepted, for studies that were scaled.

    Returns
    -------
    Beta

    Raises
    ------
    InvalidParameterError
        A count is negative or not finite.
    """
    for name, count in (("true_positives", true_positives), ("false_negatives", false_negatives)):
        if not 0 <= count < np.inf:
            raise InvalidParameterError(name, "must be a count of patients, 0 or more")
    return Beta(true_positives + JEFFREYS, false_negatives + JEFFREYS)


@lru_cache(maxsize=64)
def beta_from_interval(low: float, high: float) -> Beta:
    """Fit a Beta distribution whose 2.5% and 97.5% points are the ends of a published 95% interval.

    For a given alpha + beta the mean that puts 2.5% below `low` is found by bisection, and alpha + beta likewise, so that 2.5% are above
    `high`. The published estimate itself is not used; the fitted mean lies close to it unless the interval was not a posterior's.

    Parameters
    ----------
    low, high : float
        0 < low < high < 1.

    Returns
    -------
    Beta

    Raises
    ------
    InvalidParameterError
        The ends are out of order or not strictly between 0 and 1, or no Beta distribution of reasonable size has this interval.
    """
    for name, end in (("low", low), ("high", high)):
        if not 0 < end < 1:
            raise InvalidParameterError(name, "must lie strictly between 0 and 1")
    if low >= high:
        raise InvalidParameterError("high", "must be above the low end of the interval")
    from scipy.optimize import brentq
    from scipy.special import betainc

    def with_low_end(size: float) -> Beta:
        def excess(mean: float) -> float:
            return float(betainc(mean * size, (1 - mean) * size, low)) - _TAIL

        mean = brentq(excess, 1e-12, 1 - 1e-12, xtol=1e-15)
        return Beta(mean * size, (1 - mean) * size)

    def excess_above(log_size: float) -> float:
        found = with_low_end(float(np.exp(log_size)))
        return float(betainc(found.alpha, found.beta, high)) - (1 - _TAIL)

    try:
        size = float(np.exp(brentq(excess_above, *np.log(_CONCENTRATIONS), xtol=1e-13)))
        return with_low_end(size)
    except ValueError as error:  # brentq: the ends do not enclose a root
        raise InvalidParameterError("high", f"makes an interval with {low:g} that no Beta distribution fits") from error


@dataclass(frozen=True)
class Uncertainty:
    """What is not known for sure. Everything is drawn independently.

    Attributes
    ----------
    sensitivity_xray, sensitivity_pcr : Beta or None
        None keeps the sensitivity where it is.
    ranges : mapping of str to (float, float)
        Uniform ranges of any other of `PARAMETERS`, such as prevalence and the costs.
    """

    sensitivity_xray: Beta | None = None
    sensitivity_pcr: Beta | None = None
    ranges: Ranges = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, ends in self.ranges.items():
            checked_parameter(name)
            if name in ("sensitivity_xray", "sensitivity_pcr"):
                raise InvalidParameterError(name, "is drawn from a Beta distribution, not from a range")
            checked_range(name, ends)


@dataclass(frozen=True, eq=False)
class Simulation:
    """Many draws of the comparison.

    Attributes
    ----------
    values : mapping
        Numbers and drawn arrays by parameter name.
    difference : numpy.ndarray
        Shape (draws,): X-ray minus PCR.
    probability_xray, probability_tie : float
        Share of draws in which X-ray is strictly preferred, and in which neither is.
    mean, low, high : float
        Mean of the difference, and the central 95% of its draws.
    """

    values: Mapping[str, Any]
    difference: np.ndarray
    probability_xray: float
    probability_tie: float
    mean: float
    low: float
    high: float


def simulate(xray: Test, pcr: Test, scenario: Scenario, uncertainty: Uncertainty, draws: int = DRAWS, seed: int = 0) -> Simulation:
    """Draw what is uncertain, and compare the tests each time.

    Parameters
    ----------
    xray, pcr : Test
    scenario : Scenario
        Whatever `uncertainty` leaves out stays as it is here.
    uncertainty : Uncertainty
    draws : int
        From 1 to 1,000,000.
    seed : int
        Same seed, same draws.

    Returns
    -------
    Simulation

    Raises
    ------
    InvalidParameterError
        The number of draws is out of range.
    """
    if not 1 <= draws <= 1_000_000:
        raise InvalidParameterError("draws", "must be between 1 and 1,000,000")
    # One stream a parameter: making one of them uncertain leaves the draws of the others as they were.
    streams = np.random.default_rng(seed)
    values = values_of(xray, pcr, scenario)
    generators = dict(zip(values, streams.spawn(len(values)), strict=True))
    for name, known in (("sensitivity_xray", uncertainty.sensitivity_xray), ("sensitivity_pcr", uncertainty.sensitivity_pcr)):
        if known is not None:
            values[name] = generators[name].beta(known.alpha, known.beta, draws)
    for name, (low, high) in uncertainty.ranges.items():
        values[name] = generators[name].uniform(low, high, draws)
    difference = np.broadcast_to(difference_of(values), (draws,))
    low, high = np.quantile(difference, (_TAIL, 1 - _TAIL))
    return Simulation(
        values=values,
        difference=difference,
        probability_xray=float((difference > 0).mean()),
        probability_tie=float((difference == 0).mean()),
        mean=float(difference.mean()),
        low=float(low),
        high=float(high),
    )


def acceptability(simulation: Simulation, parameter: Literal["cost_importance", "value"], grid: Any) -> np.ndarray:
    """Probability that X-ray is strictly preferred, over the importance of cost or the value of an early detection.

    Each draw is a straight line in the parameter, so each has one place at which it changes sides; they are sorted and counted.

    Parameters
    ----------
    simulation : Simulation
        If the parameter itself was drawn there, its draws are not used here.
    parameter : {"cost_importance", "value"}
    grid : array_like
        Values of the parameter, shape (n,), from 0 to 1e12.

    Returns
    -------
    numpy.ndarray
        Shape (n,), in [0, 1].

    Raises
    ------
    InvalidParameterError
        Another parameter is asked for, or a value is out of range.
    """
    if parameter not in ("cost_importance", "value"):
        raise InvalidParameterError("parameter", "must be cost_importance or value")
    places = checked(parameter, grid)
    values, draws = simulation.values, len(simulation.difference)
    # The difference is start + slope · parameter, and both come from the same rule as everywhere by setting the others aside.
    start = np.broadcast_to(difference_of({**values, parameter: 0.0}), (draws,))
    slope = np.broadcast_to(_slope(parameter, values), (draws,))
    rising, falling, level = slope > 0, slope < 0, slope == 0
    with np.errstate(over="ignore"):
        turns_up = np.sort(-start[rising] / slope[rising])
        turns_down = np.sort(-start[falling] / slope[falling])
    preferred = np.full(places.shape, np.count_nonzero(start[level] > 0))
    preferred += np.searchsorted(turns_up * (1 + TOLERANCE), places, side="left")
    preferred += len(turns_down) - np.searchsorted(turns_down * (1 - TOLERANCE), places, side="right")
    return preferred / draws


def _slope(parameter: str, values: Mapping[str, Any]) -> np.ndarray:
    parts = parts_of(values)
    return -parts.cost if parameter == "cost_importance" else values["prevalence"] * parts.detection
