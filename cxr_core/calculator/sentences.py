"""The verdict in plain words: who is preferred, by how much, and what would flip it."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from cxr_core.calculator.rounding import apart, parameter_text, shown_comparison
from cxr_core.decision import (
    BreakEven,
    Comparison,
    Outcome,
    Parameter,
    ParameterName,
    Quadrant,
    Scenario,
    Test,
    TornadoBar,
    Verdict,
    break_even,
    compare,
)

Crossings = Mapping[ParameterName, BreakEven]
"""Break-evens by parameter, as `break_evens` gives them."""

_LEAST: Final = 1e-6
"""What a parameter that is zero counts as where changes are compared in proportion."""

NAMES = {Verdict.XRAY: "X-ray", Verdict.PCR: "PCR"}

QUADRANT_SENTENCES = {
    Quadrant.CHEAPER_LESS_SENSITIVE: (
        "X-ray is cheaper and misses more cases. What it saves is the same at any prevalence, and what it misses grows with prevalence and "
        "with the value of an early detection: it is preferred while both are low."
    ),
    Quadrant.DEARER_MORE_SENSITIVE: (
        "X-ray costs more and finds more cases. What it costs is the same at any prevalence, and what it finds grows with prevalence and "
        "with the value of an early detection: it is preferred once they are high enough."
    ),
    Quadrant.DOMINATES: "X-ray finds no fewer cases and costs no more, and is better in one of the two: PCR has no advantage.",
    Quadrant.DOMINATED: "X-ray finds no more cases and costs no less, and is worse in one of the two: X-ray has no advantage.",
    Quadrant.EQUAL: "The two tests find as many cases at the same cost.",
}
"""What sensitivity and cost alone say, a sentence or two each."""


def verdict_sentence(comparison: Comparison) -> str:
    """Say who is preferred and by how much."""
    if comparison.verdict is Verdict.TIE:
        return "The two tests tie."
    return f"{NAMES[comparison.verdict]} is preferred, by {shown_comparison(comparison).difference} a patient tested."


def flip_sentence(crossing: BreakEven) -> str:
    """Say how far the verdict holds as one parameter moves.

    Parameters
    ----------
    crossing : BreakEven

    Returns
    -------
    str
        One sentence, to stand after one that names the winner. For a break-even on the very edge of the range, and for one outside it,
        no flip is claimed.
    """
    parameter, verdict = crossing.parameter, crossing.verdict
    if crossing.outcome is not Outcome.CROSSES or not crossing.inside or crossing.value is None:
        return f"That is so whatever {_the(parameter)} is."
    place = apart(parameter, crossing.value, crossing.current)[0]
    if verdict is Verdict.TIE:
        return _from_a_tie(crossing, place)
    below = _below(crossing)
    if crossing.value in (parameter.low, parameter.high):
        return f"It stays so at any {_bare(parameter)} {'below' if below else 'above'} {place}, where the two tie."
    return f"It stays so until {parameter.label} {'exceeds' if below else 'falls below'} {place}."


def what_would_flip(crossings: Crossings) -> str:
    """Say what would flip the verdict: the prevalence, or if none can, another parameter.

    Parameters
    ----------
    crossings : mapping
        Of `break_evens`.

    Returns
    -------
    str
        One sentence. Where no prevalence flips the verdict, it names the one of the other six parameters that needs to change least, in
        proportion to what it is, if any can.
    """
    prevalence = crossings["prevalence"]
    if prevalence.verdict is Verdict.TIE or (prevalence.outcome is Outcome.CROSSES and prevalence.inside):
        return flip_sentence(prevalence)
    others = [
        crossing
        for crossing in crossings.values()
        if crossing.inside and crossing.value is not None and crossing.parameter.low < crossing.value < crossing.parameter.high
    ]
    if not others:
        return flip_sentence(prevalence)
    nearest = min(others, key=lambda crossing: abs(math.log((crossing.value or 1) / max(crossing.current, _LEAST))))
    label, place = nearest.parameter.label, apart(nearest.parameter, nearest.value or 0, nearest.current)[0]
    return f"No prevalence flips that; {label} does, once it {'exceeds' if _below(nearest) else 'falls below'} {place}."


def break_even_rows(crossings: Crossings) -> tuple[tuple[str, str, str, str], ...]:
    """List where each parameter makes the tests tie, all else fixed.

    Parameters
    ----------
    crossings : mapping
        Of `break_evens`.

    Returns
    -------
    tuple of (str, str, str, str)
        A row a parameter: its symbol, its value now, the break-even, and where X-ray is preferred.
    """
    return tuple((crossing.parameter.symbol, *_now_tie_and_side(crossing)) for crossing in crossings.values())


def turning_sentence(bars: Sequence[TornadoBar]) -> str:
    """Say which parameters of a tornado can turn the choice."""
    turning = [bar.parameter.label for bar in bars if bar.changes_verdict]
    return f"The choice can turn on {', '.join(turning)}." if turning else "Nothing in these ranges changes the choice."


def quadrant_sentence(xray: Test, pcr: Test, scenario: Scenario, *, of_all: bool = False) -> str:
    """Say what sensitivity and cost alone mean for the choice between the two tests, and what that leaves out.

    Parameters
    ----------
    xray, pcr : Test
    scenario : Scenario
    of_all : bool, optional
        Whether other strategies are compared with the two tests.

    Returns
    -------
    str
        Of `QUADRANT_SENTENCES`; what is best may be another, so it says first what it does not count.
    """
    sentence = QUADRANT_SENTENCES[compare(xray, pcr, scenario).quadrant]
    about = quadrant_bounds(scenario, of_all=of_all)
    return f"{about}: {sentence}" if about else sentence


def quadrant_bounds(scenario: Scenario, *, of_all: bool = False) -> str:
    """Say what the quadrants, by sensitivity and cost alone, do not count; "" where they count everything.

    Parameters
    ----------
    scenario : Scenario
    of_all : bool, optional
        Whether other strategies are compared with the two tests.

    Returns
    -------
    str
        The beginning of a sentence.
    """
    left_out = [what for what, on in (("false positives", _alarms(scenario)), ("waiting time", _waiting(scenario))) if on]
    bounds = ["of the two tests alone"] if of_all else []
    bounds += [f"without {' and '.join(left_out)}"] if left_out else []
    about = ", ".join(bounds)
    return f"{about[:1].upper()}{about[1:]}"


def special_cases(xray: Test, pcr: Test, scenario: Scenario, *, of_all: bool = False) -> tuple[str, ...]:
    """Explain what is out of the ordinary in a scenario, a sentence each; empty where the four quadrants tell everything.

    Parameters
    ----------
    xray, pcr : Test
    scenario : Scenario
    of_all : bool, optional
        Whether other strategies are compared with the two tests: where these tie then decides nothing.

    Returns
    -------
    tuple of str
    """
    comparison, crossing = compare(xray, pcr, scenario), break_even("prevalence", xray, pcr, scenario)
    sentences = []
    if comparison.delta_sensitivity == 0 and not _waiting(scenario):
        sentences.append("Both tests find the same share of cases, so finding cases does not tell them apart.")
    if comparison.delta_cost == 0 and not _alarms(scenario):
        sentences.append("Both tests cost the same, so cost does not tell them apart.")
    if scenario.value == 0:
        sentences.append("Finding a case is given no value, so sensitivity does not count.")
    if scenario.cost_importance == 0:
        sentences.append("Cost is given no importance, so only what the tests find counts.")
    if scenario.prevalence == 0:
        sentences.append("Nobody who is tested has COVID, so there is nothing to find.")
    if crossing.outcome is Outcome.CROSSES and not crossing.inside and not of_all:
        sentences.append("The two would tie only at an impossible prevalence, so the choice is the same at every prevalence.")
    return tuple(sentences)


def _alarms(scenario: Scenario) -> bool:
    return scenario.false_positive_harm > 0


def _waiting(scenario: Scenario) -> bool:
    return math.isfinite(scenario.half_life_hours)


def _below(crossing: BreakEven) -> bool:
    """Say whether the parameter is below its break-even: the winner is on its own side, X-ray on xray_side and PCR on the other."""
    return (crossing.xray_side == "below") == (crossing.verdict is Verdict.XRAY)


def _now_tie_and_side(crossing: BreakEven) -> tuple[str, str, str]:
    if crossing.outcome is Outcome.CROSSES and crossing.inside and crossing.value is not None:
        now, place = apart(crossing.parameter, crossing.current, crossing.value)
        # On an end of the range one side is beyond it, and nothing can be preferred there.
        beyond = crossing.value == (crossing.parameter.high if crossing.xray_side == "above" else crossing.parameter.low)
        return now, place, "nowhere" if beyond else f"{crossing.xray_side} {place}"
    now = parameter_text(crossing.parameter, crossing.current)
    return now, "none", {Verdict.XRAY: "everywhere", Verdict.PCR: "nowhere", Verdict.TIE: "nowhere"}[crossing.verdict]


def _from_a_tie(crossing: BreakEven, place: str) -> str:
    parameter = crossing.parameter
    below, above = ("X-ray", "PCR") if crossing.xray_side == "below" else ("PCR", "X-ray")
    if crossing.value == parameter.low:
        return f"{above} is preferred as soon as {parameter.label} exceeds {place}."
    if crossing.value == parameter.high:
        return f"{below} is preferred as soon as {parameter.label} falls below {place}."
    return f"{below} is preferred as soon as {parameter.label} falls below {place}, {above} as soon as it exceeds that."


def _the(parameter: Parameter) -> str:
    return f"the {_bare(parameter)}"


def _bare(parameter: Parameter) -> str:
    return parameter.label.removeprefix("the ")
