"""The answer: the best of what is compared, by how much, and what would change it."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cxr_core.calculator.rounding import amount_text, apart, share_text, subtractable, to_decimals
from cxr_core.calculator.sentences import verdict_sentence, what_would_flip
from cxr_core.calculator.state import CalculatorState
from cxr_core.decision import (
    BASE_PARAMETERS,
    PARAMETERS,
    SINGLE_TESTS,
    LeadBar,
    ParameterName,
    Ranking,
    Region,
    Strategy,
    StrategyResult,
    best_regions,
    break_evens,
    compare,
    compare_strategies,
    rank,
)

STRATEGY_NAMES: Final[Mapping[Strategy, str]] = MappingProxyType(
    {
        Strategy.NOBODY: "testing nobody",
        Strategy.XRAY: "X-ray alone",
        Strategy.PCR: "PCR alone",
        Strategy.PCR_IF_NEGATIVE: "X-ray then PCR if negative",
        Strategy.PCR_IF_POSITIVE: "X-ray then PCR if positive",
    }
)
"""As in a sentence."""

_LEAST: Final = 1e-6


@dataclass(frozen=True)
class ScenarioAnswer:
    """The answer of a scenario, in words.

    Attributes
    ----------
    sentence : str
        Who is best of what is compared, and by how much.
    change : str
        What would change that.
    """

    sentence: str
    change: str

    @property
    def text(self) -> str:
        """Both sentences."""
        return f"{self.sentence} {self.change}"


def compared(state: CalculatorState) -> tuple[Strategy, ...]:
    """Return the strategies that a scenario compares: the two tests, or with `sequential` all five."""
    return tuple(Strategy) if state.sequential else SINGLE_TESTS


def answer(state: CalculatorState) -> ScenarioAnswer:
    """Say which of what is compared is best, by how much, and what would change that.

    Parameters
    ----------
    state : CalculatorState

    Returns
    -------
    ScenarioAnswer
        Of the report's inequality where the two tests alone are compared.
    """
    tests = state.xray(), state.pcr(), state.scenario()
    if not state.sequential:
        return ScenarioAnswer(verdict_sentence(compare(*tests)), what_would_flip(break_evens(*tests)))
    ranking = rank(*tests)
    now: dict[ParameterName, float] = {name: getattr(state, name) for name in BASE_PARAMETERS}
    return ScenarioAnswer(best_sentence(ranking), what_would_change(ranking, lambda name: best_regions(name, *tests), now))


def best_sentence(ranking: Ranking) -> str:
    """Say which strategies are best, and by how much."""
    names = _listed(ranking.best)
    if len(ranking.best) > 1:
        return f"{_capital(names)} tie as the best of {len(ranking.net_benefit)}."
    if ranking.second is None:
        return f"{_capital(names)} is the only strategy."
    lead = shown_benefits(ranking)[1]
    return f"{_capital(names)} is best, by {lead} a patient over {STRATEGY_NAMES[ranking.second]}."


def shown_benefits(ranking: Ranking) -> tuple[dict[Strategy, str], str]:
    """Write the net benefits with the decimals of the lead, which the two highest subtract to; and the lead."""
    best = ranking.best[0]
    second = ranking.best[1] if len(ranking.best) > 1 else ranking.second
    benefits = ranking.net_benefit
    others = [strategy for strategy in benefits if strategy not in (best, second)]
    if second is None:
        return {best: amount_text(benefits[best])}, "0"
    ((first_text, second_text),), lead = subtractable([(benefits[best], benefits[second])], ranking.lead)
    decimals = max(len(text.partition(".")[2]) for text in (first_text, second_text, lead))
    if "e" in first_text + second_text:
        return {strategy: amount_text(benefit) for strategy, benefit in benefits.items()}, lead
    texts = {best: first_text, second: second_text}
    texts |= {strategy: first_text if strategy in ranking.best else to_decimals(benefits[strategy], decimals) for strategy in others}
    return {strategy: texts[strategy] for strategy in benefits}, lead


def what_would_change(ranking: Ranking, regions: Callable[[ParameterName], Sequence[Region]], now: Mapping[ParameterName, float]) -> str:
    """Say what would change which strategy is best: the prevalence, or if none can, another parameter.

    Parameters
    ----------
    ranking : Ranking
    regions : callable
        `best_regions` of a parameter.
    now : mapping of str to float
        The current value of each parameter, prevalence among them.

    Returns
    -------
    str
        One sentence. Where no prevalence changes the best, it names the parameter that needs to change least, in proportion to what it is.
    """
    over_prevalence = regions("prevalence")
    below, above = _neighbours(ranking.best, over_prevalence, now["prevalence"])
    if len(ranking.best) > 1 and not any(region.best == ranking.best for region in over_prevalence):
        return _from_a_tie(below, above, now["prevalence"])
    low = apart(PARAMETERS["prevalence"], below.end, now["prevalence"])[0] if below else ""
    high = apart(PARAMETERS["prevalence"], above.start, now["prevalence"])[0] if above else ""
    if below and above:
        return f"It stays so while prevalence is between {low} and {high}; below that {_best(below)}, above it {_listed(above.best)}."
    if above:
        return f"It stays so until prevalence exceeds {high}; from there on {_best(above)}."
    if below:
        return f"It stays so until prevalence falls below {low}; from there on {_best(below)}."
    return _another_parameter(ranking, regions, now)


def lead_sentence(bars: Sequence[LeadBar]) -> str:
    """Say which parameters of a tornado can change the best strategy, and who takes over."""
    turning = [
        f"{bar.parameter.label} ({_listed(bar.taken_over_by, 'or')} {'takes' if len(bar.taken_over_by) == 1 else 'take'} over)"
        for bar in bars
        if bar.taken_over_by
    ]
    return f"The choice can turn on {', '.join(turning)}." if turning else "Nothing in these ranges changes what is best."


def region_rows(regions: Mapping[ParameterName, Sequence[Region]], now: Mapping[ParameterName, float]) -> tuple[tuple[str, str, str], ...]:
    """List which strategy is best where, each parameter moved alone.

    Parameters
    ----------
    regions : mapping of str to sequence of Region
        Of `best_regions`, by parameter.
    now : mapping of str to float
        The current value of each parameter.

    Returns
    -------
    tuple of (str, str, str)
        A row a parameter: its symbol, its value now, and who is best from its low end to its high end.
    """
    rows = []
    for name, parts in regions.items():
        parameter, current = PARAMETERS[name], now[name]
        texts = [f"{_listed(part.best, 'and')} up to {apart(parameter, part.end, current)[0]}" for part in parts[:-1]]
        last = _listed(parts[-1].best, "and")
        edges = [part.end for part in parts[:-1]]
        nearest = min(edges, key=lambda edge: abs(edge - current), default=current)
        rows.append((parameter.symbol, apart(parameter, current, nearest)[0], "; ".join([*texts, last])))
    return tuple(rows)


def strategy_rows(ranking: Ranking, results: Sequence[StrategyResult]) -> tuple[tuple[str, str, str, str, str], ...]:
    """List what each strategy achieves.

    Parameters
    ----------
    ranking : Ranking
        Of the same scenario and strategies.
    results : sequence of StrategyResult

    Returns
    -------
    tuple of (str, str, str, str, str)
        A row a strategy: its label, its net benefit, the share of cases that it finds, its cost, and who has the second test.
    """
    benefits = shown_benefits(ranking)[0]
    return tuple(
        (
            result.strategy.value,
            benefits[result.strategy],
            share_text(result.sensitivity),
            amount_text(result.expected_cost),
            share_text(result.second_tests),
        )
        for result in results
    )


def ranking_of(state: CalculatorState) -> Ranking:
    """Rank what a scenario compares."""
    return rank(state.xray(), state.pcr(), state.scenario(), compared(state))


def results_of(state: CalculatorState) -> tuple[StrategyResult, ...]:
    """Work out what a scenario compares, each strategy by itself."""
    strategies = compared(state)
    return tuple(result for result in compare_strategies(state.xray(), state.pcr(), state.scenario()) if result.strategy in strategies)


def _neighbours(best: tuple[Strategy, ...], regions: Sequence[Region], place: float) -> tuple[Region | None, Region | None]:
    """Return the regions on either side of the one that a place lies in, or on either side of the place if it lies between two."""
    own = [number for number, region in enumerate(regions) if region.best == best and region.start <= place <= region.end]
    if own:
        return (regions[own[0] - 1] if own[0] else None), (regions[own[0] + 1] if own[0] + 1 < len(regions) else None)
    nearest = min((edge for region in regions for edge in (region.start, region.end)), key=lambda edge: abs(edge - place))
    return next((region for region in regions if region.end == nearest), None), next(
        (region for region in regions if region.start == nearest), None
    )


def _from_a_tie(below: Region | None, above: Region | None, place: float) -> str:
    text = share_text(place)
    if below and above:
        return f"{_capital(_best(below))} as soon as prevalence falls below {text}, and {_best(above)} as soon as it exceeds that."
    if below:
        return f"{_capital(_best(below))} as soon as prevalence falls below {text}."
    return f"{_capital(_best(above))} as soon as prevalence exceeds {text}." if above else "That is so whatever the prevalence is."


def _another_parameter(ranking: Ranking, regions: Callable[[ParameterName], Sequence[Region]], now: Mapping[ParameterName, float]) -> str:
    changes = []
    for name in now:
        below, above = _neighbours(ranking.best, regions(name), now[name])
        for edge, region, word in ((below.end if below else 0, below, "falls below"), (above.start if above else 0, above, "exceeds")):
            if region:
                far = abs(math.log(max(edge, _LEAST) / max(now[name], _LEAST)))
                changes.append((far, name, edge, region, word))
    if not changes:
        return "No other value of one number alone changes that."
    _, name, edge, region, word = min(changes, key=lambda change: change[0])
    place = apart(PARAMETERS[name], edge, now[name])[0]
    return f"No prevalence changes that; {PARAMETERS[name].label} does, once it {word} {place}; there {_best(region)}."


def _best(region: Region) -> str:
    return f"{_listed(region.best)} {'is best' if len(region.best) == 1 else 'are best'}"


def _listed(strategies: Iterable[Strategy], word: str = "and") -> str:
    *first, last = (STRATEGY_NAMES[strategy] for strategy in strategies)
    return f"{', '.join(first)} {word} {last}" if first else last


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
