"""The parameters of the net benefit: names, symbols, ranges, and the check that every number passes before it is used."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

import numpy as np

from cxr_core.decision.errors import InvalidParameterError

ParameterName = Literal[
    "prevalence",
    "value",
    "cost_importance",
    "sensitivity_xray",
    "sensitivity_pcr",
    "cost_xray",
    "cost_pcr",
    "specificity_xray",
    "specificity_pcr",
    "false_positive_harm",
]

MAX_AMOUNT: Final = 1e12
"""Largest value, importance, cost or harm: keeps every product finite."""

MAX_HOURS: Final = 1e6
"""Longest turnaround; more than a century."""


@dataclass(frozen=True)
class Parameter:
    """One parameter in which the difference of the two net benefits is a straight line.

    Attributes
    ----------
    name : str
        As in calls.
    symbol : str
        As in the report's formula.
    label : str
        As in a sentence, "until ... exceeds 5%".
    low, high : float
        Valid range, bounds included.
    share : bool
        Whether it is a share in [0, 1], to be written as a percentage; else an amount.
    unit : str
        What it is counted in.
    meaning : str
        One line for whoever sets it.
    """

    name: ParameterName
    symbol: str
    label: str
    low: float
    high: float
    share: bool
    unit: str
    meaning: str

    @property
    def title(self) -> str:
        """Its name for a list or an axis: the label without its article, with a capital."""
        name = self.label.removeprefix("the ")
        return name[0].upper() + name[1:]


def _share(name: ParameterName, symbol: str, label: str, meaning: str) -> Parameter:
    return Parameter(name, symbol, label, 0.0, 1.0, True, "share", meaning)


def _amount(name: ParameterName, symbol: str, label: str, unit: str, meaning: str) -> Parameter:
    return Parameter(name, symbol, label, 0.0, MAX_AMOUNT, False, unit, meaning)


_BENEFIT = "units of benefit"
_MONEY = "units of money"

PARAMETERS: Final[Mapping[ParameterName, Parameter]] = MappingProxyType(
    {
        parameter.name: parameter
        for parameter in (
            _share("prevalence", "P", "prevalence", "Share of the tested patients who have COVID."),
            _amount("value", "V", "the value of an early detection", _BENEFIT, "What finding one true case early is worth."),
            _amount("cost_importance", "A", "the importance of cost", "benefit per unit of money", "How much weight a unit of cost has."),
            _share("sensitivity_xray", "S_xray", "the sensitivity of X-ray", "Share of COVID patients whom the X-ray read finds."),
            _share("sensitivity_pcr", "S_pcr", "the sensitivity of PCR", "Share of COVID patients whom PCR finds."),
            _amount("cost_xray", "C_xray", "the cost of an X-ray", _MONEY, "Cost of one X-ray with its read."),
            _amount("cost_pcr", "C_pcr", "the cost of a PCR test", _MONEY, "Cost of one PCR test."),
            _share("specificity_xray", "Sp_xray", "the specificity of X-ray", "Share of patients without COVID whom X-ray clears."),
            _share("specificity_pcr", "Sp_pcr", "the specificity of PCR", "Share of patients without COVID whom PCR clears."),
            _amount("false_positive_harm", "F", "the harm of a false positive", _BENEFIT, "What one false alarm costs, in the units of V."),
        )
    }
)
"""The report's seven parameters, then the three of the false-positive extension."""

BASE_PARAMETERS: Final = tuple(PARAMETERS)[:7]
"""The seven parameters of the report's formula."""

_BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    **{name: (parameter.low, parameter.high) for name, parameter in PARAMETERS.items()},
    "sensitivity": (0.0, 1.0),
    "specificity": (0.0, 1.0),
    "cost": (0.0, MAX_AMOUNT),
    "turnaround_hours": (0.0, MAX_HOURS),
    "half_life_hours": (1e-6, float("inf")),
}

assert tuple(PARAMETERS) == get_args(ParameterName)


def checked(name: str, value: Any) -> np.ndarray:
    """Turn what a caller gave for a parameter into numbers in its range.

    Parameters
    ----------
    name : str
        The parameter; decides the range.
    value : array_like
        Any shape.

    Returns
    -------
    numpy.ndarray
        float64, same shape.

    Raises
    ------
    InvalidParameterError
        Not numbers, NaN, infinite (but for `half_life_hours`, where infinity means that nothing is lost by waiting), or out of range.
    """
    low, high = _BOUNDS[name]
    try:
        given = np.asarray(value)
    except ValueError as error:  # ragged lists
        raise InvalidParameterError(name, "must be a number or a regular array of numbers") from error
    if given.dtype.kind not in "iuf":
        raise InvalidParameterError(name, "must be a number or a regular array of numbers")
    numbers = given.astype(float)
    if np.isnan(numbers).any():
        raise InvalidParameterError(name, "must not be NaN")
    outside = numbers[(numbers < low) | (numbers > high)]
    if outside.size:
        raise InvalidParameterError(name, f"must be {_range_words(low, high)}, and {float(outside[0]):g} is not")
    return numbers


def checked_number(name: str, value: Any) -> float:
    """Like `checked`, for a parameter that must be a single number."""
    numbers = checked(name, value)
    if numbers.ndim:
        raise InvalidParameterError(name, "must be a single number")
    return float(numbers)


def checked_parameter(name: str) -> Parameter:
    """Look a parameter up by its name.

    Raises
    ------
    InvalidParameterError
        There is no such parameter; the error's own parameter is then "parameter".
    """
    if name not in PARAMETERS:
        raise InvalidParameterError("parameter", f"must be one of {', '.join(PARAMETERS)}")
    return PARAMETERS[name]  # type: ignore[index]


def _range_words(low: float, high: float) -> str:
    if high == float("inf"):
        return f"at least {low:g}"
    return f"between {low:g} and {high:g}"
