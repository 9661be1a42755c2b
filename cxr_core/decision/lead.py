"""One-way sensitivity of the best strategy: how far each parameter alone can cut its lead, and who takes over."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cxr_core.decision.best import crossings, rank, regions_between
from cxr_core.decision.comparison import values_of
from cxr_core.decision.formula import Scenario, Test
from cxr_core.decision.oneway import Ranges, checked_range
from cxr_core.decision.parameters import Parameter, checked_parameter
from cxr_core.decision.strategies import Strategy, evaluate


@dataclass(frozen=True)
class LeadBar:
    """What one parameter's range does to the lead of the strategy that is best now over the best of the others.

    Attributes
    ----------
    parameter : Parameter
    low, high : float
        The range.
    least, most : float
        Smallest and largest lead in the range, in units of benefit; negative where another is better.
    least_at, most_at : float
        The parameter's values there.
    best_at_least : Strategy
        Who is best where the lead is smallest.
    taken_over_by : tuple of Strategy
        Others that are best somewhere in the range, from its low end to its high end.
    """

    parameter: Parameter
    low: float
    high: float
    least: float
    most: float
    least_at: float
    most_at: float
    best_at_least: Strategy
    taken_over_by: tuple[Strategy, ...]

    @property
    def swing(self) -> float:
        """Length of the bar."""
        return self.most - self.least


def lead_tornado(
    xray: Test, pcr: Test, scenario: Scenario, ranges: Ranges, strategies: Sequence[Strategy] = tuple(Strategy)
) -> tuple[LeadBar, ...]:
    """Vary each parameter over its range, the others staying where they are, and follow the lead of what is best now.

    The lead is concave over each parameter, a line less the largest of several: it is smallest at an end of the range, and largest at an
    end or where two of the others cross.

    Parameters
    ----------
    xray, pcr : Test
    scenario : Scenario
    ranges : mapping of str to (float, float)
        By names of `PARAMETERS`.
    strategies : sequence of Strategy
        At least two.

    Returns
    -------
    tuple of LeadBar
        Longest first.

    Raises
    ------
    InvalidParameterError
        A name is unknown, an end is not a number in the parameter's range, or the ends are the wrong way round.
    """
    values = values_of(xray, pcr, scenario)
    leader = rank(xray, pcr, scenario, strategies).best[0]
    others = [strategy for strategy in strategies if strategy is not leader]
    bars = []
    for name in ranges:
        parameter = checked_parameter(name)
        low, high = checked_range(name, ranges[name])
        places = np.array([low, *(place for place in crossings(name, values, strategies) if low < place < high), high])
        own, *rest = (
            np.broadcast_to(evaluate(strategy, {**values, name: places})["net_benefit"], places.shape) for strategy in (leader, *others)
        )
        lead = own - np.max(rest, axis=0)
        least, most = int(lead.argmin()), int(lead.argmax())
        inside = regions_between(places.tolist(), name, values, strategies)
        bars.append(
            LeadBar(
                parameter,
                low,
                high,
                least=float(lead[least]),
                most=float(lead[most]),
                least_at=float(places[least]),
                most_at=float(places[most]),
                best_at_least=leader if lead[least] >= 0 else others[int(np.argmax(np.array(rest)[:, least]))],
                taken_over_by=tuple(dict.fromkeys(region.best[0] for region in inside if leader not in region.best)),
            )
        )
    return tuple(sorted(bars, key=lambda bar: -bar.swing))
