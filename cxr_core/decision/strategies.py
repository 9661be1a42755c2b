"""Ways to use the two tests: either alone, one after the other, or neither.

In the sequential strategies every patient has the X-ray, and some have PCR after it. Two assumptions are made, and must be stated
wherever the figures are shown. The tests err **independently** given whether the patient has COVID. And a test whose specificity was
left at 1 raises no false alarms, which is what the report's formula implies by leaving specificity out; how many patients have the second
test depends on it.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from cxr_core.decision.comparison import Values, values_of
from cxr_core.decision.formula import Scenario, Test, remaining
from cxr_core.decision.parameters import checked


class Strategy(str, Enum):
    """What is done for each patient; the values are labels."""

    NOBODY = "Test nobody"
    XRAY = "X-ray"
    PCR = "PCR"
    PCR_IF_NEGATIVE = "X-ray, then PCR if negative"
    PCR_IF_POSITIVE = "X-ray, then PCR if positive"


SINGLE_TESTS = (Strategy.XRAY, Strategy.PCR)
"""What the report compares."""


@dataclass(frozen=True)
class StrategyResult:
    """What a strategy achieves per patient.

    Attributes
    ----------
    strategy : Strategy
    net_benefit : float
        In units of benefit; 0 for testing nobody.
    sensitivity, specificity : float
        Of the strategy as a whole, in [0, 1].
    expected_cost : float
        Mean cost per patient in units of money; the second test counts only for those who have it.
    second_tests : float
        Share of patients who have the second test.
    magnitude : float
        Sum of the magnitudes of the net benefit's terms, which its rounding is measured against.
    """

    strategy: Strategy
    net_benefit: float
    sensitivity: float
    specificity: float
    expected_cost: float
    second_tests: float
    magnitude: float


def compare_strategies(xray: Test, pcr: Test, scenario: Scenario) -> tuple[StrategyResult, ...]:
    """Work out all five strategies, in the order of `Strategy`.

    "PCR if negative" calls a patient positive if either test is (sensitivity 1 - (1-S_x)(1-S_p), specificity Sp_x·Sp_p); "PCR if
    positive" only if both are (S_x·S_p, 1 - (1-Sp_x)(1-Sp_p)). PCR's cost is multiplied by the share who have it: P·(1-S_x) +
    (1-P)·Sp_x after a negative X-ray, P·S_x + (1-P)·(1-Sp_x) after a positive one. With a half-life of the value, what the second test
    finds has waited for both.

    Parameters
    ----------
    xray, pcr : Test
    scenario : Scenario

    Returns
    -------
    tuple of StrategyResult
    """
    values = values_of(xray, pcr, scenario)
    results = []
    for strategy in Strategy:
        figures = {name: float(item) for name, item in evaluate(strategy, values).items()}
        results.append(StrategyResult(strategy=strategy, **figures))
    return tuple(results)


def strategy_curve(strategy: Strategy, xray: Test, pcr: Test, scenario: Scenario, prevalences: Any) -> np.ndarray:
    """Net benefit of a strategy over prevalences.

    Parameters
    ----------
    strategy : Strategy
    xray, pcr : Test
    scenario : Scenario
        Its own prevalence is not used.
    prevalences : array_like
        Shares in [0, 1], any shape.

    Returns
    -------
    numpy.ndarray
        Same shape, in units of benefit.

    Raises
    ------
    InvalidParameterError
        A prevalence is not a number in [0, 1].
    """
    prevalences = checked("prevalence", prevalences)
    figures = evaluate(strategy, {**values_of(xray, pcr, scenario), "prevalence": prevalences})
    return np.broadcast_to(figures["net_benefit"], prevalences.shape)


def evaluate(strategy: Strategy, values: Values) -> dict[str, Any]:
    """Work out what a strategy achieves in many scenarios at once.

    Every figure is a straight line in each parameter by itself.

    Parameters
    ----------
    strategy : Strategy
    values : mapping
        See `values_of`; valid, and of shapes that broadcast.

    Returns
    -------
    dict of str to array_like
        By the fields of `StrategyResult`, but for the strategy.
    """
    present = values["prevalence"]
    absent = 1 - np.asarray(present)
    s_xray, s_pcr = values["sensitivity_xray"], values["sensitivity_pcr"]
    sp_xray, sp_pcr = values["specificity_xray"], values["specificity_pcr"]
    early = remaining(values["turnaround_hours_xray"], values["half_life_hours"])
    late = remaining(values["turnaround_hours_pcr"], values["half_life_hours"])
    last = remaining(np.asarray(values["turnaround_hours_xray"]) + values["turnaround_hours_pcr"], values["half_life_hours"])
    if strategy is Strategy.NOBODY:
        sensitivity, found, specificity, first_cost, second = 0.0, 0.0, 1.0, 0.0, 0.0
    elif strategy is Strategy.XRAY:
        sensitivity, found, specificity, first_cost, second = s_xray, s_xray * early, sp_xray, values["cost_xray"], 0.0
    elif strategy is Strategy.PCR:
        sensitivity, found, specificity, first_cost, second = s_pcr, s_pcr * late, sp_pcr, values["cost_pcr"], 0.0
    elif strategy is Strategy.PCR_IF_NEGATIVE:
        added = (1 - s_xray) * s_pcr
        sensitivity, found, specificity = s_xray + added, s_xray * early + added * last, sp_xray * sp_pcr
        first_cost, second = values["cost_xray"], present * (1 - s_xray) + absent * sp_xray
    else:
        sensitivity, found, specificity = s_xray * s_pcr, s_xray * s_pcr * last, 1 - (1 - sp_xray) * (1 - sp_pcr)
        first_cost, second = values["cost_xray"], present * s_xray + absent * (1 - sp_xray)
    cost = first_cost + second * values["cost_pcr"]
    gain = present * values["value"] * found
    alarms = absent * values["false_positive_harm"] * (1 - specificity)
    spend = values["cost_importance"] * cost
    return {
        "net_benefit": gain - alarms - spend,
        "sensitivity": sensitivity,
        "specificity": specificity,
        "expected_cost": cost,
        "second_tests": second,
        "magnitude": gain + values["false_positive_harm"] * (np.asarray(specificity) < 1) + spend,  # 1 - Sp is rounded in units of 1
    }
