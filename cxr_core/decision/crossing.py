"""Break-even: where a parameter must be for the two tests to tie, all else fixed.

The difference of the net benefits is a straight line in each parameter by itself, extensions or not, so every break-even has a closed
form (the report's inequality, section 8, solved as an equation) and no root is ever searched for.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Literal

import numpy as np

from cxr_core.decision.comparison import Values, Verdict, difference_of, parts_of, values_of, verdict_of
from cxr_core.decision.formula import Scenario, Test, remaining
from cxr_core.decision.parameters import BASE_PARAMETERS, Parameter, ParameterName, checked_parameter
from cxr_core.decision.tolerance import balance, settle


class Outcome(str, Enum):
    """How the choice depends on a parameter."""

    CROSSES = "crosses"
    ALWAYS_XRAY = "always X-ray"
    NEVER_XRAY = "never X-ray"
    ALWAYS_TIE = "always tie"


@dataclass(frozen=True)
class BreakEven:
    """Where a parameter makes the two tests tie.

    Attributes
    ----------
    parameter : Parameter
    current : float
        The parameter's value now.
    verdict : Verdict
        Who wins now.
    outcome : Outcome
        `CROSSES` if there is one value that makes them tie, in the parameter's range or not. Else the parameter makes no difference, and
        who wins now always does: X-ray, PCR (`NEVER_XRAY`) or neither.
    value : float or None
        That value; None unless the outcome is `CROSSES`. In a tie it is the current value.
    xray_side : {"above", "below"} or None
        On which side of it X-ray is preferred; None unless the outcome is `CROSSES`.
    inside : bool
        Whether it lies in the parameter's range, bounds included.
    """

    parameter: Parameter
    current: float
    verdict: Verdict
    outcome: Outcome
    value: float | None
    xray_side: Literal["above", "below"] | None
    inside: bool


def break_even(parameter: ParameterName, xray: Test, pcr: Test, scenario: Scenario) -> BreakEven:
    """Find the value of one parameter at which X-ray and PCR tie, all else fixed.

    Parameters
    ----------
    parameter : str
        A name of `PARAMETERS`.
    xray, pcr : Test
    scenario : Scenario

    Returns
    -------
    BreakEven

    Raises
    ------
    InvalidParameterError
        There is no such parameter.
    """
    found = checked_parameter(parameter)
    values = values_of(xray, pcr, scenario)
    verdict = verdict_of(float(difference_of(values)))
    slope, root = (float(item) for item in roots(parameter, values))
    current = float(values[parameter])
    if not np.isfinite(root):
        outcome = {Verdict.XRAY: Outcome.ALWAYS_XRAY, Verdict.PCR: Outcome.NEVER_XRAY, Verdict.TIE: Outcome.ALWAYS_TIE}[verdict]
        return BreakEven(found, current, verdict, outcome, None, None, False)
    value = current if verdict is Verdict.TIE else root
    return BreakEven(
        found, current, verdict, Outcome.CROSSES, value, "above" if slope > 0 else "below", bool(found.low <= value <= found.high)
    )


def break_evens(xray: Test, pcr: Test, scenario: Scenario) -> dict[ParameterName, BreakEven]:
    """Break-even of each of the report's seven parameters."""
    return {name: break_even(name, xray, pcr, scenario) for name in BASE_PARAMETERS}


def roots(name: ParameterName, values: Values) -> tuple[np.ndarray, np.ndarray]:
    """Solve for a parameter in many scenarios at once.

    Parameters
    ----------
    name : str
        A name of `PARAMETERS`; its own entry in `values` is ignored.
    values : mapping
        See `values_of`; valid, and of shapes that broadcast.

    Returns
    -------
    slope : numpy.ndarray
        Change of the difference per unit of the parameter, exactly 0 where it does not matter.
    root : numpy.ndarray
        Where the two tie, which may lie outside the parameter's range; NaN where the slope is 0 or the root too large to write down.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        slope, root = (np.asarray(item, float) for item in _SOLVERS[name](_Line(values)))
    parameter = checked_parameter(name)
    for edge in (parameter.low, parameter.high):
        root = np.where(settle(root - edge, np.full_like(root, edge)) == 0, edge, root)
    slope, root = np.broadcast_arrays(slope, root)
    return slope, np.where((slope == 0) | ~np.isfinite(root), np.nan, root)


class _Line:
    """The terms of the difference, and pairs of them added up with care."""

    def __init__(self, values: Values) -> None:
        parts = parts_of(values)
        self.prevalence, self.value = values["prevalence"], values["value"]
        self.weight, self.harm = values["cost_importance"], values["false_positive_harm"]
        self.absent = 1 - np.asarray(self.prevalence)
        self.worth = self.prevalence * np.asarray(self.value)
        self.parts = parts
        self.left_xray = remaining(values["turnaround_hours_xray"], values["half_life_hours"])
        self.left_pcr = remaining(values["turnaround_hours_pcr"], values["half_life_hours"])
        self.values = values
        self.gain = (self.worth * parts.detection, self.worth * parts.detection_scale)
        self.alarm = (self.absent * self.harm * parts.alarms, self.harm * parts.alarms_scale)
        self.spend = (self.weight * parts.cost, self.weight * parts.cost_scale)

    @property
    def right(self) -> np.ndarray:
        return _add(self.spend, self.alarm)

    @property
    def gain_less_alarm(self) -> np.ndarray:
        return _add(self.gain, _minus(self.alarm))

    @property
    def gain_less_spend(self) -> np.ndarray:
        return _add(self.gain, _minus(self.spend))


def _add(first: tuple, second: tuple) -> np.ndarray:
    return balance([first[0], second[0]], [first[1], second[1]])


def _minus(term: tuple) -> tuple:
    return -term[0], term[1]


def _beside(start: np.ndarray, shift: np.ndarray) -> np.ndarray:
    return settle(start + shift, np.abs(start) + np.abs(shift))


def _prevalence(line: _Line) -> tuple:
    alarm = (line.harm * line.parts.alarms, line.harm * line.parts.alarms_scale)
    slope = _add((line.value * line.parts.detection, line.value * line.parts.detection_scale), alarm)
    return slope, _add(line.spend, alarm) / slope


def _value(line: _Line) -> tuple:
    slope = line.prevalence * line.parts.detection
    return slope, line.right / slope


def _cost_importance(line: _Line) -> tuple:
    return -line.parts.cost, line.gain_less_alarm / line.parts.cost


def _sensitivity_xray(line: _Line) -> tuple:
    rival = line.values["sensitivity_pcr"] * line.left_pcr
    return line.worth * line.left_xray, _beside(rival, line.right / line.worth) / line.left_xray


def _sensitivity_pcr(line: _Line) -> tuple:
    rival = line.values["sensitivity_xray"] * line.left_xray
    return -line.worth * line.left_pcr, _beside(rival, -line.right / line.worth) / line.left_pcr


def _cost_xray(line: _Line) -> tuple:
    return -np.asarray(line.weight), _beside(line.values["cost_pcr"], line.gain_less_alarm / line.weight)


def _cost_pcr(line: _Line) -> tuple:
    return line.weight, _beside(line.values["cost_xray"], -line.gain_less_alarm / line.weight)


def _specificity_xray(line: _Line) -> tuple:
    slope = line.absent * line.harm
    return slope, _beside(line.values["specificity_pcr"], -line.gain_less_spend / slope)


def _specificity_pcr(line: _Line) -> tuple:
    slope = line.absent * line.harm
    return -slope, _beside(line.values["specificity_xray"], line.gain_less_spend / slope)


def _false_positive_harm(line: _Line) -> tuple:
    slope = line.absent * line.parts.alarms
    return -slope, line.gain_less_spend / slope


_SOLVERS = {
    "prevalence": _prevalence,
    "value": _value,
    "cost_importance": _cost_importance,
    "sensitivity_xray": _sensitivity_xray,
    "sensitivity_pcr": _sensitivity_pcr,
    "cost_xray": _cost_xray,
    "cost_pcr": _cost_pcr,
    "specificity_xray": _specificity_xray,
    "specificity_pcr": _specificity_pcr,
    "false_positive_harm": _false_positive_harm,
}
