"""The best of several strategies: now, and over the range of a parameter.

The net benefit of every strategy is a straight line in each parameter by itself, so the best one changes only where two lines cross. Every
such place is solved for, none is searched for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from cxr_core.decision.comparison import Values, difference_of, values_of
from cxr_core.decision.crossing import roots
from cxr_core.decision.formula import Scenario, Test
from cxr_core.decision.parameters import ParameterName, checked_parameter
from cxr_core.decision.strategies import SINGLE_TESTS, Strategy, evaluate
from cxr_core.decision.tolerance import TOLERANCE

_SAME = 1e-9


@dataclass(frozen=True)
class Ranking:
    """Strategies of one scenario by net benefit.

    Attributes
    ----------
    best : tuple of Strategy
        Those of highest net benefit: more than one where they tie but for rounding.
    second : Strategy or None
        The best of the others; None where all tie.
    net_benefit : dict of Strategy to float
        Of each, in units of benefit per patient.
    """

    best: tuple[Strategy, ...]
    second: Strategy | None
    net_benefit: dict[Strategy, float]

    @property
    def lead(self) -> float:
        """Net benefit of the best less that of the next; exactly 0 where several are best."""
        if self.second is None or len(self.best) > 1:
            return 0.0
        return self.net_benefit[self.best[0]] - self.net_benefit[self.second]


@dataclass(frozen=True)
class Region:
    """A part of a parameter's range in which the same strategies are best.

    Attributes
    ----------
    start, end : float
    best : tuple of Strategy
        More than one where they tie all over the region.
    """

    start: float
    end: float
    best: tuple[Strategy, ...]


def rank(xray: Test, pcr: Test, scenario: Scenario, strategies: Sequence[Strategy] = tuple(Strategy)) -> Ranking:
    """Compare strategies by net benefit. X-ray and PCR stand to each other as `compare` has them.

    Parameters
    ----------
    xray, pcr : Test
    scenario : Scenario
    strategies : sequence of Strategy
        At least one.

    Returns
    -------
    Ranking
    """
    values = values_of(xray, pcr, scenario)
    figures = {strategy: evaluate(strategy, values) for strategy in strategies}
    benefits = {strategy: float(item["net_benefit"]) for strategy, item in figures.items()}
    wins = _winners(strategies, values)
    best = tuple(strategy for strategy, won in zip(strategies, wins, strict=True) if won)
    others = [strategy for strategy in strategies if strategy not in best]
    return Ranking(best, max(others, key=benefits.__getitem__, default=None), benefits)


def best_regions(
    parameter: ParameterName, xray: Test, pcr: Test, scenario: Scenario, strategies: Sequence[Strategy] = tuple(Strategy)
) -> tuple[Region, ...]:
    """Divide the range of a parameter by which strategies are best, all else fixed.

    Parameters
    ----------
    parameter : str
        A name of `PARAMETERS`.
    xray, pcr : Test
    scenario : Scenario
    strategies : sequence of Strategy
        At least one.

    Returns
    -------
    tuple of Region
        From the low end of the range to the high end, each beginning where the one before ends.

    Raises
    ------
    InvalidParameterError
        There is no such parameter.
    """
    found = checked_parameter(parameter)
    values = values_of(xray, pcr, scenario)
    return regions_between([found.low, *crossings(parameter, values, strategies), found.high], parameter, values, strategies)


def regions_between(
    places: Sequence[float], parameter: ParameterName, values: Values, strategies: Sequence[Strategy]
) -> tuple[Region, ...]:
    """Say which strategies are best between places on a parameter's range, among them every crossing; see `best_regions`."""
    edges = np.array(places)
    middles = (edges[:-1] + edges[1:]) / 2
    wins = _winners(strategies, {**values, parameter: middles})
    regions: list[Region] = []
    for start, end, won in zip(edges[:-1], edges[1:], wins.T, strict=True):
        best = tuple(strategy for strategy, wins_here in zip(strategies, won, strict=True) if wins_here)
        if regions and regions[-1].best == best:
            regions[-1] = Region(regions[-1].start, float(end), best)
        else:
            regions.append(Region(float(start), float(end), best))
    return tuple(regions)


def crossings(parameter: ParameterName, values: Values, strategies: Sequence[Strategy]) -> list[float]:
    """Find where the lines of any two strategies cross within a parameter's range, its ends left out, in increasing order."""
    found = checked_parameter(parameter)
    # Two places on each line; the second of the current size, so that no digits are lost between them.
    second = 1.0 if found.share else max(1.0, float(values[parameter]))
    ends = np.array([0.0, second])  # all ranges begin at 0
    figures = {strategy: evaluate(strategy, {**values, parameter: ends}) for strategy in strategies}
    lines = {strategy: np.broadcast_to(item["net_benefit"], 2) for strategy, item in figures.items()}
    sizes = {strategy: float(np.max(item["magnitude"])) for strategy, item in figures.items()}
    places = set()
    for one, other in combinations(strategies, 2):
        if {one, other} == set(SINGLE_TESTS):
            place = float(roots(parameter, values)[1])
        else:
            start, end = (lines[one] - lines[other]).tolist()
            size = max(sizes[one], sizes[other])
            place = -start / (end - start) * second if abs(end - start) > TOLERANCE * size else np.nan
        if found.low < place < found.high:
            places.add(place)
    # Lines that meet in one point meet in several that rounding tells apart.
    apart: list[float] = []
    for place in sorted(places):
        if not apart or place - apart[-1] > _SAME * place:
            apart.append(place)
    return apart


def _winners(strategies: Sequence[Strategy], values: Values) -> np.ndarray:
    """Say which strategies are best, bool, (strategies,) or (strategies, n)."""
    figures = [evaluate(strategy, values) for strategy in strategies]
    shape = np.broadcast_shapes(*(np.shape(item["net_benefit"]) for item in figures))
    benefits, sizes = (np.stack([np.broadcast_to(item[name], shape) for item in figures]) for name in ("net_benefit", "magnitude"))
    top = benefits.argmax(axis=0)
    highest, size = (np.take_along_axis(item, top[None], axis=0) for item in (benefits, sizes))
    wins = highest - benefits <= TOLERANCE * (size + sizes)
    if set(SINGLE_TESTS) <= set(strategies):
        xray, pcr = (strategies.index(test) for test in SINGLE_TESTS)
        difference = np.broadcast_to(difference_of(values), shape)
        either = wins[xray] | wins[pcr]
        wins[xray], wins[pcr] = either & (difference >= 0), either & (difference <= 0)
    return wins
