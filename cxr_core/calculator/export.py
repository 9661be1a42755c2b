"""What a user takes away from the calculator: the scenario, the curves, a paragraph for the methods section."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cxr_core.calculator.answer import answer, ranking_of, results_of, shown_benefits
from cxr_core.calculator.rounding import amount_text, parameter_text, share_text, shown_comparison
from cxr_core.calculator.state import CalculatorState, Source
from cxr_core.decision import (
    BASE_PARAMETERS,
    PARAMETERS,
    SINGLE_TESTS,
    ParameterName,
    PrevalenceCurves,
    Simulation,
    break_even,
    compare,
)

if TYPE_CHECKING:
    import pandas as pd

_SOURCES: Final[Mapping[Source, str]] = {
    "typed": "typed",
    "card": "model card",
    "threshold": "threshold on the model's ROC",
    "point": "operating point handed over",
}
_FALSE_POSITIVE_PARAMETERS: tuple[ParameterName, ...] = ("specificity_xray", "specificity_pcr", "false_positive_harm")


_Row = tuple[str, str, Any, str]
"""Quantity, symbol, value and unit."""


def curves_table(curves: PrevalenceCurves) -> "pd.DataFrame":
    """Lay curves out as a table: prevalence, then a column a strategy. Its `to_csv(index=False)` is the download."""
    import pandas as pd

    return pd.DataFrame({"prevalence": curves.prevalences} | {strategy.value: line for strategy, line in curves.net_benefit.items()})


def scenario_table(state: CalculatorState, site_card: str = "") -> "pd.DataFrame":
    """List the numbers that count and what follows from them: columns quantity, symbol, value and unit.

    Extensions that are off are left out. A row says where the sensitivity of X-ray comes from; unless that was typed, others say of which
    model, at which threshold and on how many patients, as far as that is known. Where no prevalence breaks even its value is missing.

    Parameters
    ----------
    state : CalculatorState
    site_card : str
        Name of the site card whose figures are used in place of the model card's; "" if none is.

    Returns
    -------
    pandas.DataFrame
    """
    import pandas as pd

    xray, pcr, scenario = state.xray(), state.pcr(), state.scenario()
    comparison, crossing = compare(xray, pcr, scenario), break_even("prevalence", xray, pcr, scenario)
    names = (*BASE_PARAMETERS, *(_FALSE_POSITIVE_PARAMETERS if state.false_positives else ()))
    rows: list[_Row] = [
        (PARAMETERS[name].label.removeprefix("the "), PARAMETERS[name].symbol, getattr(state, name), PARAMETERS[name].unit)
        for name in names
    ]
    rows += _origin_rows(state, site_card)
    if state.waiting:
        rows += [
            ("turnaround of X-ray", "t_xray", state.xray_minutes, "minutes"),
            ("turnaround of PCR", "t_pcr", state.pcr_hours, "hours"),
            ("half-life of the value", "h", state.half_life_hours, "hours"),
        ]
    benefit = "units of benefit per patient"
    rows += [
        ("net benefit of X-ray", "NB_xray", comparison.net_benefit_xray, benefit),
        ("net benefit of PCR", "NB_pcr", comparison.net_benefit_pcr, benefit),
        ("difference", "NB_xray - NB_pcr", comparison.difference, benefit),
        ("preferred of the two tests", "", comparison.verdict.value, ""),
        ("break-even prevalence", "P*", crossing.value if crossing.inside else None, "share"),
    ]
    if state.sequential:
        rows += [
            (f"net benefit of: {result.strategy.value}", "", result.net_benefit, benefit)
            for result in results_of(state)
            if result.strategy not in SINGLE_TESTS
        ]
        rows.append(("best of all five", "", "; ".join(strategy.value for strategy in ranking_of(state).best), ""))
    return pd.DataFrame(rows, columns=["quantity", "symbol", "value", "unit"])


def methods_paragraph(state: CalculatorState, simulation: Simulation | None = None) -> str:
    """Write a paragraph for a methods section, with the current numbers in it.

    Parameters
    ----------
    state : CalculatorState
    simulation : Simulation, optional
        Adds its result, if given.

    Returns
    -------
    str
        Plain text without line breaks.
    """
    sentences = [
        f"We compared X-ray with PCR as the first test for COVID by net benefit per patient tested, {_formula(state)}, where P is "
        "prevalence, S sensitivity, V the value of an early true detection, A the importance of cost and C the cost of a test.",
        "We took "
        + ", ".join(f"{PARAMETERS[name].symbol} = {parameter_text(PARAMETERS[name], getattr(state, name))}" for name in BASE_PARAMETERS)
        + ".",
    ]
    if state.false_positives:
        sentences.append(
            f"Each false positive did a harm of F = {amount_text(state.false_positive_harm)}, at specificities (Sp) of "
            f"{share_text(state.specificity_xray)} for X-ray and {share_text(state.specificity_pcr)} for PCR."
        )
    if state.waiting:
        sentences.append(
            f"A detection lost half its value every h = {amount_text(state.half_life_hours)} hours of waiting; the turnaround t was "
            f"{amount_text(state.xray_minutes)} minutes for X-ray and {amount_text(state.pcr_hours)} hours for PCR."
        )
    sentences += [
        f"The net benefit was {_benefits(state)}.",
        answer(state).text,
    ]
    if state.sequential:
        sentences.append(
            "The tests' errors were taken as independent given the disease"
            + ("." if state.false_positives else ", and false positives as absent.")
        )
    if simulation is not None:
        sentences.append(
            f"In {len(simulation.difference):,} draws of what is uncertain, X-ray was "
            f"{'better than PCR' if state.sequential else 'preferred'} in "
            f"{share_text(simulation.probability_xray)}; the mean difference was {amount_text(simulation.mean)} (central 95% of draws "
            f"{amount_text(simulation.low)} to {amount_text(simulation.high)})."
        )
    left_out = [what for what, on in (("specificity", state.false_positives), ("turnaround time", state.waiting)) if not on]
    if left_out:
        sentences.append(f"The formula takes no account of {' or '.join(left_out)}.")
    return " ".join(sentences)


def _origin_rows(state: CalculatorState, site_card: str) -> list[_Row]:
    of_site = site_card and state.source in ("card", "threshold")
    source = f"site card {site_card}" if of_site else _SOURCES[state.source]
    rows: list[_Row] = [("source of the sensitivity of X-ray", "", source, "")]
    if state.source == "typed":
        return rows
    if state.model:
        rows.append(("model, first digits of the SHA-256 of its weights", "", state.model, ""))
    if state.threshold is not None:
        rows.append(("threshold of the model", "", state.threshold, "probability of COVID"))
    if state.cases_xray:
        rows.append(("patients behind the sensitivity of X-ray", "n_xray", state.cases_xray, "patients with COVID"))
    return rows


def _benefits(state: CalculatorState) -> str:
    if not state.sequential:
        shown = shown_comparison(compare(state.xray(), state.pcr(), state.scenario()))
        return f"{shown.xray} for X-ray and {shown.pcr} for PCR"
    texts, _ = shown_benefits(ranking_of(state))
    return ", ".join(f"{text} for '{strategy.value}'" for strategy, text in texts.items())


def _formula(state: CalculatorState) -> str:
    waiting = "·2^(-t/h)" if state.waiting else ""
    alarms = " - (1-P)·(1-Sp)·F" if state.false_positives else ""
    return f"NB = P·S·V{waiting}{alarms} - A·C"
