"""One-way sensitivity analysis: each parameter in turn from the low to the high end of a stated range, all else fixed."""

from collections.abc import Mapping
from dataclasses import dataclass

from cxr_core.decision.comparison import difference_of, values_of, verdict_of
from cxr_core.decision.errors import InvalidParameterError
from cxr_core.decision.formula import Scenario, Test
from cxr_core.decision.parameters import BASE_PARAMETERS, PARAMETERS, Parameter, ParameterName, checked, checked_parameter

Ranges = Mapping[ParameterName, tuple[float, float]]
"""Low and high end by parameter name."""


@dataclass(frozen=True)
class TornadoBar:
    """What one parameter's range does to the difference (X-ray minus PCR).

    Attributes
    ----------
    parameter : Parameter
    low, high : float
        The range.
    at_low, at_high : float
        The difference at either end.
    changes_verdict : bool
        Whether the verdict is not the same at both ends and now. The difference is a straight line, so if it is, nothing in the range
        changes it.
    """

    parameter: Parameter
    low: float
    high: float
    at_low: float
    at_high: float
    changes_verdict: bool

    @property
    def swing(self) -> float:
        """Length of the bar."""
        return abs(self.at_high - self.at_low)


def default_ranges(xray: Test, pcr: Test, scenario: Scenario) -> dict[ParameterName, tuple[float, float]]:
    """Suggest ranges for the report's seven parameters: sensitivities ± 0.05, everything else from half to twice, within what is valid.

    They are a convention for drawing, not knowledge of how uncertain each parameter is.
    """
    values = values_of(xray, pcr, scenario)
    ranges: dict[ParameterName, tuple[float, float]] = {}
    for name in BASE_PARAMETERS:
        current, high = float(values[name]), PARAMETERS[name].high
        if name.startswith("sensitivity"):
            ranges[name] = (max(0.0, current - 0.05), min(1.0, current + 0.05))
        else:
            ranges[name] = (current / 2, min(high, current * 2))
    return ranges


def tornado(xray: Test, pcr: Test, scenario: Scenario, ranges: Ranges) -> tuple[TornadoBar, ...]:
    """Vary each parameter over its range, the others staying where they are.

    Parameters
    ----------
    xray, pcr : Test
    scenario : Scenario
    ranges : mapping of str to (float, float)
        By names of `PARAMETERS`. The current value need not lie inside.

    Returns
    -------
    tuple of TornadoBar
        Longest first.

    Raises
    ------
    InvalidParameterError
        A name is unknown, an end is not a number in the parameter's range, or the ends are the wrong way round.
    """
    values = values_of(xray, pcr, scenario)
    verdict = verdict_of(float(difference_of(values)))
    bars = []
    for name in ranges:
        parameter = checked_parameter(name)
        low, high = checked_range(name, ranges[name])
        at_low, at_high = (float(difference_of({**values, name: end})) for end in (low, high))
        changes = not verdict_of(at_low) == verdict_of(at_high) == verdict
        bars.append(TornadoBar(parameter, low, high, at_low, at_high, changes))
    return tuple(sorted(bars, key=lambda bar: -bar.swing))


def checked_range(name: str, ends: tuple[float, float]) -> tuple[float, float]:
    """Check the two ends of a parameter's range.

    Raises
    ------
    InvalidParameterError
        An end is not a number in the parameter's range, or the ends are the wrong way round.
    """
    numbers = checked(name, ends)
    if numbers.shape != (2,):
        raise InvalidParameterError(name, "needs a range of two numbers, low and high")
    low, high = (float(number) for number in numbers)
    if low > high:
        raise InvalidParameterError(name, f"has a range from {low:g} down to {high:g}")
    return low, high
