"""The net benefit of one test (report, section 8), and the values that it is computed from."""

from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from cxr_core.decision.errors import InvalidParameterError
from cxr_core.decision.parameters import checked, checked_number

NO_DECAY: Final = float("inf")
"""Half-life at which waiting loses nothing: the report's formula."""


@dataclass(frozen=True)
class Test:
    """A test for COVID.

    The defaults are what the report's formula implies by leaving them out: no false alarms, and an answer at once.

    Attributes
    ----------
    sensitivity : float
        Share of COVID patients found, in [0, 1].
    cost : float
        Cost of one test, in units of money, from 0 to 1e12.
    specificity : float
        Share of patients without COVID cleared, in [0, 1]. Counts only with a harm of false positives and in strategies of two tests.
    turnaround_hours : float
        Hours until the result is there. Counts only with a half-life of the value.

    Raises
    ------
    InvalidParameterError
        A value is not a number in its range.
    """

    __test__: ClassVar = False  # pytest would otherwise take it for a test class

    sensitivity: float
    cost: float
    specificity: float = 1.0
    turnaround_hours: float = 0.0

    def __post_init__(self) -> None:
        for name in ("sensitivity", "cost", "specificity", "turnaround_hours"):
            object.__setattr__(self, name, checked_number(name, getattr(self, name)))


@dataclass(frozen=True)
class Scenario:
    """Where and for what the test is used.

    Attributes
    ----------
    prevalence : float
        P, share of the tested who have COVID, in [0, 1].
    value : float
        V, value of one early true detection, from 0 to 1e12.
    cost_importance : float
        A, weight of a unit of cost, from 0 to 1e12.
    false_positive_harm : float
        F, harm of one false positive in the units of V, from 0 to 1e12. 0 switches the extension off.
    half_life_hours : float
        Hours of waiting after which a detection is worth half. Infinity switches the extension off.

    Raises
    ------
    InvalidParameterError
        A value is not a number in its range.
    """

    prevalence: float
    value: float
    cost_importance: float
    false_positive_harm: float = 0.0
    half_life_hours: float = NO_DECAY

    def __post_init__(self) -> None:
        for name in ("prevalence", "value", "cost_importance", "false_positive_harm", "half_life_hours"):
            object.__setattr__(self, name, checked_number(name, getattr(self, name)))


def net_benefit(
    prevalence: Any,
    sensitivity: Any,
    value: Any,
    cost_importance: Any,
    cost: Any,
    *,
    specificity: Any = 1.0,
    false_positive_harm: Any = 0.0,
    turnaround_hours: Any = 0.0,
    half_life_hours: Any = NO_DECAY,
) -> np.ndarray:
    """Net benefit of a test per patient tested: NB = P·S·V - A·C (report, section 8).

    The keyword arguments extend it to NB = P·S·V·2^(-t/h) - (1-P)·(1-Sp)·F - A·C, where t is the turnaround, h the half-life of the
    value of a detection, Sp the specificity and F the harm of a false positive. With their defaults the added factor is exactly 1 and
    the added term exactly 0.

    Parameters
    ----------
    prevalence, sensitivity, specificity : array_like
        Shares in [0, 1].
    value, cost_importance, cost, false_positive_harm : array_like
        From 0 to 1e12.
    turnaround_hours, half_life_hours : array_like
        Hours; the half-life may be infinite.

    Returns
    -------
    numpy.ndarray or numpy.float64
        In units of benefit, of the shape that the parameters broadcast to.

    Raises
    ------
    InvalidParameterError
        A parameter is not numeric or out of range, or its shape does not broadcast with those before it.

    Examples
    --------
    >>> float(net_benefit(0.25, 0.92, 1000, 1, 30))
    200.0
    """
    given = {
        "prevalence": prevalence,
        "sensitivity": sensitivity,
        "value": value,
        "cost_importance": cost_importance,
        "cost": cost,
        "specificity": specificity,
        "false_positive_harm": false_positive_harm,
        "turnaround_hours": turnaround_hours,
        "half_life_hours": half_life_hours,
    }
    numbers = {name: checked(name, item) for name, item in given.items()}
    shape: tuple[int, ...] = ()
    for name, item in numbers.items():
        try:
            shape = np.broadcast_shapes(shape, item.shape)
        except ValueError as error:
            raise InvalidParameterError(name, f"has shape {item.shape}, which does not broadcast with {shape}") from error
    found = numbers["sensitivity"] * remaining(numbers["turnaround_hours"], numbers["half_life_hours"])
    alarms = (1 - numbers["prevalence"]) * (1 - numbers["specificity"])
    spend = numbers["cost_importance"] * numbers["cost"]
    return (numbers["prevalence"] * numbers["value"] * found - alarms * numbers["false_positive_harm"] - spend)[()]


def remaining(turnaround_hours: Any, half_life_hours: Any) -> np.ndarray:
    """Share of a detection's value that is left after waiting: 2^(-t/h), exactly 1 for an infinite half-life."""
    return np.exp2(-np.asarray(turnaround_hours) / half_life_hours)
