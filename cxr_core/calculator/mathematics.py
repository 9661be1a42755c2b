"""The inequality and its derivation with the current numbers in them, as LaTeX."""

from typing import Final

from cxr_core.calculator.rounding import apart, plain, shown_comparison
from cxr_core.calculator.state import CalculatorState
from cxr_core.decision import BreakEven, Comparison, Outcome, Quadrant, Verdict, break_even, compare, remaining

_RELATION: Final = {Verdict.XRAY: ">", Verdict.PCR: "<", Verdict.TIE: "="}
_DIGITS: Final = 4


def symbol_latex(symbol: str) -> str:
    """Write a symbol such as ``S_xray`` as LaTeX."""
    letter, _, test = symbol.partition("_")
    return letter if not test else f"{letter}_{{\\text{{{test}}}}}"


def number_latex(number: float, digits: int = _DIGITS) -> str:
    """Write a number as LaTeX, to so many digits."""
    return _text_latex(plain(number, digits))


def _text_latex(number: str) -> str:
    mantissa, _, exponent = number.partition("e")
    text = mantissa.replace(",", "{,}")
    return text if not exponent else f"{text}\\cdot 10^{{{int(exponent)}}}"


def inequality_lines(state: CalculatorState, comparison: Comparison) -> tuple[str, str, str]:
    """Write the two sides of the inequality, with the numbers in them, and how they compare.

    Parameters
    ----------
    state : CalculatorState
    comparison : Comparison
        Of that state.

    Returns
    -------
    tuple of str
        LaTeX of three lines. Each can be broken at its relations and operators, as inline mathematics is on a narrow screen; a block of
        aligned lines could not.
    """
    left, right = _sides(comparison)
    left_symbols, left_numbers = _gain(state)
    right_symbols, right_numbers = _spend(state)
    meaning = {Verdict.XRAY: "X-ray preferred", Verdict.PCR: "PCR preferred", Verdict.TIE: "neither preferred"}[comparison.verdict]
    if state.sequential:  # of five, neither of these two need be the best
        meaning = {Verdict.XRAY: "X-ray better than PCR", Verdict.PCR: "PCR better than X-ray", Verdict.TIE: "X-ray and PCR tie"}[
            comparison.verdict
        ]
    return (
        f"{left_symbols} = {left_numbers} = {left}",
        f"{right_symbols} = {right_numbers} = {right}",
        rf"{left} {_RELATION[comparison.verdict]} {right} \ \Rightarrow\ \text{{{meaning}}}",
    )


def derivation(state: CalculatorState) -> tuple[tuple[str, str], ...]:
    """Derive the choice step by step.

    Parameters
    ----------
    state : CalculatorState

    Returns
    -------
    tuple of (str, str)
        A sentence and the LaTeX that it introduces, for each step. It too can be broken as inline mathematics.
    """
    xray, pcr, scenario = state.xray(), state.pcr(), state.scenario()
    comparison, crossing = compare(xray, pcr, scenario), break_even("prevalence", xray, pcr, scenario)
    gain, gain_numbers = _gain(state)
    spend, spend_numbers = _spend(state)
    left, right = _sides(comparison)
    steps = [
        (
            "A test finds the share S of the P who are ill. Each find is worth V, and each test costs C, weighed by A.",
            rf"NB = {_net_benefit_symbols(state)}",
        ),
        ("For X-ray, with the current numbers:", rf"NB_{{\text{{xray}}}} = {_net_benefit_numbers(state, 'xray', comparison)}"),
        ("For PCR:", rf"NB_{{\text{{pcr}}}} = {_net_benefit_numbers(state, 'pcr', comparison)}"),
        (
            "X-ray is preferred where its net benefit is the larger. What finding cases brings goes to the left, the rest to the right.",
            rf"NB_{{\text{{xray}}}} > NB_{{\text{{pcr}}}} \iff {gain} > {spend}",
        ),
        (
            {
                Verdict.XRAY: "The left side is larger: X-ray is preferred.",
                Verdict.PCR: "The left side is smaller: PCR is preferred.",
                Verdict.TIE: "The sides are equal, and equal is not preferred: the tests tie.",
            }[comparison.verdict],
            rf"{gain_numbers} = {left} \;{_RELATION[comparison.verdict]}\; {right} = {spend_numbers}",
        ),
        _last_step(state, comparison, crossing),
    ]
    return tuple(steps)


def _last_step(state: CalculatorState, comparison: Comparison, crossing: BreakEven) -> tuple[str, str]:
    if crossing.outcome is not Outcome.CROSSES or crossing.value is None:
        return "No prevalence makes the two sides equal: P does not decide.", r"P^{*}\ \text{does not exist}"
    place = (
        apart(crossing.parameter, crossing.value, crossing.current)[0].replace("%", r"\%")
        if crossing.inside
        else number_latex(crossing.value)
    )
    outside = "" if crossing.inside else r"\quad(\text{not a prevalence})"
    if state.false_positives or state.waiting:
        return "Setting both sides equal and solving for P gives the break-even prevalence.", rf"P^{{*}} = {place}{outside}"
    # Dividing by a negative difference of sensitivities turns the inequality round: the report's slip.
    turned = comparison.quadrant in (Quadrant.CHEAPER_LESS_SENSITIVE, Quadrant.DOMINATED)
    return (
        "Solving for P gives the break-even prevalence. "
        + (
            "X-ray finds fewer cases, so we divide by a negative number and the sign turns: X-ray is preferred below it."
            if turned
            else "X-ray finds more cases, so the sign stays: X-ray is preferred above it."
        ),
        rf"P {'<' if turned else '>'} P^{{*}} = \dfrac{{A\,(C_{{\text{{xray}}}} - C_{{\text{{pcr}}}})}}"
        rf"{{V\,(S_{{\text{{xray}}}} - S_{{\text{{pcr}}}})}} = "
        rf"\dfrac{{{number_latex(comparison.right)}}}{{{number_latex(state.value)}\cdot({number_latex(comparison.delta_sensitivity)})}}"
        rf" = {place}{outside}",
    )


def _sides(comparison: Comparison) -> tuple[str, str]:
    """Write both sides so that they differ by what the verdict says."""
    shown = shown_comparison(comparison)
    return _text_latex(shown.left), _text_latex(shown.right)


def _gain(state: CalculatorState) -> tuple[str, str]:
    worth = f"{number_latex(state.prevalence)}\\cdot {number_latex(state.value)}"
    if not state.waiting:
        return (
            r"P\,V\,(S_{\text{xray}} - S_{\text{pcr}})",
            rf"{worth}\cdot({number_latex(state.sensitivity_xray)} - {number_latex(state.sensitivity_pcr)})",
        )
    early, late = (
        f"{number_latex(found)}\\cdot {number_latex(float(remaining(test.turnaround_hours, state.half_life_hours)))}"
        for found, test in ((state.sensitivity_xray, state.xray()), (state.sensitivity_pcr, state.pcr()))
    )
    return r"P\,V\,(S_{\text{xray}}w_{\text{xray}} - S_{\text{pcr}}w_{\text{pcr}})", rf"{worth}\cdot({early} - {late})"


def _spend(state: CalculatorState) -> tuple[str, str]:
    symbols = r"A\,(C_{\text{xray}} - C_{\text{pcr}})"
    numbers = rf"{number_latex(state.cost_importance)}\cdot({number_latex(state.cost_xray)} - {number_latex(state.cost_pcr)})"
    if not state.false_positives:
        return symbols, numbers
    return (
        symbols + r" + (1-P)\,F\,(Sp_{\text{pcr}} - Sp_{\text{xray}})",
        numbers
        + rf" + {number_latex(1 - state.prevalence)}\cdot {number_latex(state.false_positive_harm)}"
        + rf"\cdot({number_latex(state.specificity_pcr)} - {number_latex(state.specificity_xray)})",
    )


def _net_benefit_symbols(state: CalculatorState) -> str:
    waiting = r"\,w" if state.waiting else ""
    alarms = r" - (1-P)\,(1-Sp)\,F" if state.false_positives else ""
    explained = r",\qquad w = 2^{-t/h}" if state.waiting else ""
    return rf"P\,S\,V{waiting}{alarms} - A\,C{explained}"


def _net_benefit_numbers(state: CalculatorState, test: str, comparison: Comparison) -> str:
    taken = state.xray() if test == "xray" else state.pcr()
    shown = shown_comparison(comparison)
    result = shown.xray if test == "xray" else shown.pcr
    factors = [state.prevalence, taken.sensitivity, state.value]
    if state.waiting:
        factors.append(float(remaining(taken.turnaround_hours, state.half_life_hours)))
    text = r"\cdot ".join(number_latex(factor) for factor in factors)
    if state.false_positives:
        alarms = (1 - state.prevalence, 1 - taken.specificity, state.false_positive_harm)
        text += " - " + r"\cdot ".join(number_latex(factor) for factor in alarms)
    text += rf" - {number_latex(state.cost_importance)}\cdot {number_latex(taken.cost)}"
    return rf"{text} = {_text_latex(result)}"
