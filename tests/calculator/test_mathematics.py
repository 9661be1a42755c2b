"""The inequality and its derivation as LaTeX."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_core.calculator import CalculatorState, derivation, inequality_lines, symbol_latex
from cxr_core.calculator.mathematics import number_latex
from cxr_core.decision import Verdict, compare


def inequality(**fields):
    state = CalculatorState(**fields)
    return inequality_lines(state, compare(state.xray(), state.pcr(), state.scenario()))


def test_numbers():
    assert number_latex(0.985) == "0.985"
    assert number_latex(1000) == "1{,}000"
    assert number_latex(-16.25) == "-16.25"
    assert number_latex(0) == "0"
    assert number_latex(2e-9, 3) == r"2.00\cdot 10^{-9}"


def test_symbols():
    assert symbol_latex("P") == "P"
    assert symbol_latex("S_xray") == r"S_{\text{xray}}"


def test_inequality_holds_the_current_numbers_and_the_verdict():
    gain, spend, choice = inequality()
    assert gain == r"P\,V\,(S_{\text{xray}} - S_{\text{pcr}}) = 0.25\cdot 1{,}000\cdot(0.92 - 0.985) = -16.25"
    assert spend == r"A\,(C_{\text{xray}} - C_{\text{pcr}}) = 1\cdot(30 - 50) = -20"
    assert choice == r"-16.25 > -20 \ \Rightarrow\ \text{X-ray preferred}"


def test_sign_follows_the_verdict():
    assert " < " in inequality(prevalence=0.5)[2]
    assert "PCR preferred" in inequality(prevalence=0.5)[2]
    tie = inequality(sensitivity_xray=0.9, sensitivity_pcr=0.9, cost_xray=50)[2]
    assert "0 = 0" in tie
    assert "neither preferred" in tie


def test_sides_are_never_written_alike_where_one_is_larger():
    choice = inequality(prevalence=0.30768)[2]  # the tie is at 0.307692...
    left, right = choice.split(" ")[0], choice.split("> ")[1].split(" ")[0]
    assert left != right


def test_extensions_add_their_terms():
    gain, spend, _ = inequality(false_positives=True, waiting=True)
    assert r"(1-P)\,F\,(Sp_{\text{pcr}} - Sp_{\text{xray}})" in spend
    assert r"w_{\text{xray}}" in gain
    assert "w_" not in "".join(inequality())


def test_derivation_compares_the_sides_in_numbers():
    _, latex = derivation(CalculatorState())[4]
    assert latex == r"0.25\cdot 1{,}000\cdot(0.92 - 0.985) = -16.25 \;>\; -20 = 1\cdot(30 - 50)"


def test_derivation_turns_the_sign_where_xray_finds_fewer():
    sentence, latex = derivation(CalculatorState())[-1]
    assert "the sign turns" in sentence
    assert latex.startswith("P < P^{*}")
    assert r"30.8\%" in latex
    sentence, latex = derivation(CalculatorState(sensitivity_xray=0.99, cost_xray=80))[-1]
    assert "the sign stays" in sentence
    assert latex.startswith("P > P^{*}")


def test_derivation_without_a_break_even():
    sentence, _ = derivation(CalculatorState(value=0))[-1]
    assert "P does not decide" in sentence
    _, latex = derivation(CalculatorState(cost_xray=80))[-1]
    assert "not a prevalence" in latex


amounts = st.floats(0, 1e12)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), amounts, amounts, amounts, st.booleans(), st.booleans())
def test_any_scenario_can_be_written(prevalence, s_xray, s_pcr, value, importance, cost, alarms, waiting):
    state = CalculatorState(
        prevalence=prevalence,
        sensitivity_xray=s_xray,
        sensitivity_pcr=s_pcr,
        value=value,
        cost_importance=importance,
        cost_xray=cost,
        false_positives=alarms,
        waiting=waiting,
    )
    comparison = compare(state.xray(), state.pcr(), state.scenario())
    for text in [*inequality_lines(state, comparison), *(latex for _, latex in derivation(state))]:
        assert text.count("{") == text.count("}")
        assert not any(word in text for word in ("nan", "inf", "None"))
    assert {Verdict.XRAY: "X-ray", Verdict.PCR: "PCR", Verdict.TIE: "neither"}[comparison.verdict] in inequality_lines(state, comparison)[2]


@pytest.mark.parametrize("field", ["prevalence", "value", "cost_importance", "sensitivity_xray"])
def test_derivation_of_zeros(field):
    assert len(derivation(CalculatorState(**{field: 0}))) == 6
