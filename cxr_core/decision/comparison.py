"""X-ray against PCR: the report's inequality, its verdict and its quadrants."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from cxr_core.decision.formula import Scenario, Test, net_benefit, remaining
from cxr_core.decision.tolerance import balance, settle


class Verdict(str, Enum):
    """Which test has the strictly higher net benefit."""

    XRAY = "xray"
    PCR = "pcr"
    TIE = "tie"


class Quadrant(str, Enum):
    """Where X-ray stands from PCR in sensitivity and cost alone, whatever the extensions."""

    CHEAPER_LESS_SENSITIVE = "cheaper and less sensitive"
    DEARER_MORE_SENSITIVE = "dearer and more sensitive"
    DOMINATES = "at least as sensitive and no dearer"
    DOMINATED = "no more sensitive and at least as dear"
    EQUAL = "equal"


@dataclass(frozen=True)
class Comparison:
    """X-ray against PCR in one scenario.

    Attributes
    ----------
    net_benefit_xray, net_benefit_pcr : float
        Per patient tested, in units of benefit.
    difference : float
        X-ray minus PCR; exactly 0 in a tie, and of the verdict's sign otherwise.
    left, right : float
        The two sides of the inequality P·V·ΔS > A·ΔC. With extensions on, ΔS is of sensitivities times what waiting leaves of the value,
        and the right side has (1-P)·F·(Sp_pcr - Sp_xray) added.
    delta_sensitivity, delta_cost : float
        X-ray minus PCR, exactly 0 where they are equal but for rounding.
    verdict : Verdict
        Strict: equality is a tie.
    quadrant : Quadrant
    """

    net_benefit_xray: float
    net_benefit_pcr: float
    difference: float
    left: float
    right: float
    delta_sensitivity: float
    delta_cost: float
    verdict: Verdict
    quadrant: Quadrant


@dataclass(frozen=True)
class Parts:
    """What the inequality is made of, in arrays of any shapes that broadcast.

    With ``left = P·V·detection`` and ``right = A·cost + (1-P)·F·alarms``, X-ray is preferred where ``left > right``.

    Attributes
    ----------
    detection, alarms, cost : numpy.ndarray
        S_xray·w_xray - S_pcr·w_pcr, Sp_pcr - Sp_xray and C_xray - C_pcr, settled (w is what waiting leaves of the value).
    detection_scale, alarms_scale, cost_scale : numpy.ndarray
        The same with plus instead of minus.
    """

    detection: np.ndarray
    detection_scale: np.ndarray
    alarms: np.ndarray
    alarms_scale: np.ndarray
    cost: np.ndarray
    cost_scale: np.ndarray


Values = Mapping[str, Any]
"""All that a comparison depends on, by parameter name, in numbers or arrays that broadcast; see `values_of`."""


def values_of(xray: Test, pcr: Test, scenario: Scenario) -> dict[str, Any]:
    """Lay out two tests and a scenario flat, by the names of `PARAMETERS`, and the times beside them."""
    return {
        "prevalence": scenario.prevalence,
        "value": scenario.value,
        "cost_importance": scenario.cost_importance,
        "sensitivity_xray": xray.sensitivity,
        "sensitivity_pcr": pcr.sensitivity,
        "cost_xray": xray.cost,
        "cost_pcr": pcr.cost,
        "specificity_xray": xray.specificity,
        "specificity_pcr": pcr.specificity,
        "false_positive_harm": scenario.false_positive_harm,
        "turnaround_hours_xray": xray.turnaround_hours,
        "turnaround_hours_pcr": pcr.turnaround_hours,
        "half_life_hours": scenario.half_life_hours,
    }


def parts_of(values: Values) -> Parts:
    """Subtract PCR from X-ray, in all three ways."""
    found_xray = values["sensitivity_xray"] * remaining(values["turnaround_hours_xray"], values["half_life_hours"])
    found_pcr = values["sensitivity_pcr"] * remaining(values["turnaround_hours_pcr"], values["half_life_hours"])
    pairs = (
        (found_xray, found_pcr),
        (values["specificity_pcr"], values["specificity_xray"]),
        (values["cost_xray"], values["cost_pcr"]),
    )
    return Parts(*(item for first, second in pairs for item in (settle(first - second, first + second), np.asarray(first + second))))


def difference_of(values: Values) -> np.ndarray:
    """Net benefit of X-ray minus that of PCR, exactly 0 where they tie.

    Parameters
    ----------
    values : mapping
        See `values_of`; valid, and of shapes that broadcast.

    Returns
    -------
    numpy.ndarray
        Of the common shape.
    """
    parts = parts_of(values)
    worth = values["prevalence"] * values["value"]
    harm, weight = values["false_positive_harm"], values["cost_importance"]
    return balance(
        [worth * parts.detection, -((1 - values["prevalence"]) * harm * parts.alarms), -(weight * parts.cost)],
        # 1 - P is rounded in units of 1, however small it is.
        [worth * parts.detection_scale, harm * parts.alarms_scale, weight * parts.cost_scale],
    )


def verdict_of(difference: float) -> Verdict:
    """Name the winner from the sign of a difference of `difference_of`."""
    if difference == 0:
        return Verdict.TIE
    return Verdict.XRAY if difference > 0 else Verdict.PCR


def compare(xray: Test, pcr: Test, scenario: Scenario) -> Comparison:
    """Compare X-ray with PCR (report, section 8): X-ray is preferred where P·V·(S_xray - S_pcr) > A·(C_xray - C_pcr).

    Two sides that differ by no more than the rounding of their inputs count as equal: see `cxr_core.decision.tolerance`.

    Parameters
    ----------
    xray, pcr : Test
    scenario : Scenario

    Returns
    -------
    Comparison
    """
    values = values_of(xray, pcr, scenario)
    parts = parts_of(values)
    difference = float(difference_of(values))
    delta_sensitivity = float(settle(np.asarray(xray.sensitivity - pcr.sensitivity), np.asarray(xray.sensitivity + pcr.sensitivity)))
    delta_cost = float(parts.cost)
    right = scenario.cost_importance * delta_cost + (1 - scenario.prevalence) * scenario.false_positive_harm * float(parts.alarms)
    return Comparison(
        net_benefit_xray=_net_benefit(xray, scenario),
        net_benefit_pcr=_net_benefit(pcr, scenario),
        difference=difference,
        left=scenario.prevalence * scenario.value * float(parts.detection),
        right=right,
        delta_sensitivity=delta_sensitivity,
        delta_cost=delta_cost,
        verdict=verdict_of(difference),
        quadrant=_quadrant(delta_sensitivity, delta_cost),
    )


def _net_benefit(test: Test, scenario: Scenario) -> float:
    return float(
        net_benefit(
            scenario.prevalence,
            test.sensitivity,
            scenario.value,
            scenario.cost_importance,
            test.cost,
            specificity=test.specificity,
            false_positive_harm=scenario.false_positive_harm,
            turnaround_hours=test.turnaround_hours,
            half_life_hours=scenario.half_life_hours,
        )
    )


def _quadrant(delta_sensitivity: float, delta_cost: float) -> Quadrant:
    if delta_sensitivity == 0 and delta_cost == 0:
        return Quadrant.EQUAL
    if delta_sensitivity >= 0 and delta_cost <= 0:
        return Quadrant.DOMINATES
    if delta_sensitivity <= 0 and delta_cost >= 0:
        return Quadrant.DOMINATED
    return Quadrant.CHEAPER_LESS_SENSITIVE if delta_sensitivity < 0 else Quadrant.DEARER_MORE_SENSITIVE
