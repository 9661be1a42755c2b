"""The answer names the best of what is compared, and what would change it."""

import pytest
from hypothesis import given, settings

from cxr_core.calculator import (
    STRATEGY_NAMES,
    CalculatorState,
    answer,
    lead_sentence,
    load_presets,
    ranking_of,
    region_rows,
    results_of,
    shown_benefits,
    strategy_rows,
)
from cxr_core.calculator.answer import compared
from cxr_core.decision import SINGLE_TESTS, Strategy, best_regions, default_ranges, lead_tornado, rank
from tests.calculator.test_query import states


def five(**fields):
    return CalculatorState(sequential=True, **fields)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (CalculatorState(), "X-ray is preferred, by 3.75 a patient tested. It stays so until prevalence exceeds 30.8%."),
        (
            five(),
            "X-ray alone is best, by 3.75 a patient over PCR alone. It stays so while prevalence is between 3.26% and 30.8%; below that "
            "testing nobody is best, above it PCR alone.",
        ),
        (
            five(prevalence=0.6),
            "X-ray then PCR if negative is best, by 5.88 a patient over PCR alone. It stays so until prevalence falls below 50.2%; from "
            "there on PCR alone is best.",
        ),
        (
            five(prevalence=0.005),
            "Testing nobody is best, by 25.4 a patient over X-ray alone. It stays so until prevalence exceeds 3.26%; from there on X-ray "
            "alone is best.",
        ),
        (
            five(value=0),
            "Testing nobody is best, by 30 a patient over X-ray alone. No prevalence changes that; the value of an early detection does, "
            "once it exceeds 130; there X-ray alone is best.",
        ),
        (
            five(value=0, cost_xray=0, cost_pcr=0),
            "Testing nobody, X-ray alone, PCR alone, X-ray then PCR if negative and X-ray then PCR if positive tie as the best of 5. No "
            "prevalence changes that; the value of an early detection does, once it exceeds 0; there X-ray then PCR if negative is best.",
        ),
        (
            five(prevalence=0.2, sensitivity_xray=0.8, sensitivity_pcr=0.9),
            "X-ray alone and PCR alone tie as the best of 5. X-ray alone is best as soon as prevalence falls below 20%, and PCR alone is "
            "best as soon as it exceeds that.",
        ),
    ],
)
def test_answers(state, sentence):
    assert answer(state).text == sentence


def test_tie_and_prevalence_are_told_apart_where_they_are_close():
    assert "exceeds 30.769%" in answer(CalculatorState(prevalence=0.30768)).change
    assert "30.769%; below" in answer(five(prevalence=0.30768)).change


def test_preset_whose_lesson_is_that_nobody_should_be_tested_says_so_once_that_is_compared():
    state = load_presets()["screening"].state()
    assert answer(state).sentence.startswith("X-ray is preferred")
    assert answer(state.model_copy(update={"sequential": True})).sentence.startswith("Testing nobody is best")


@settings(max_examples=60, deadline=None)
@given(states())
def test_there_is_always_an_answer_and_it_names_the_best(state):
    said = answer(state)
    assert said.sentence.endswith(".")
    assert said.change.endswith(".")
    assert not any(word in said.text for word in ("nan", "None", "inf "))
    if state.sequential:
        best = rank(state.xray(), state.pcr(), state.scenario()).best
        assert said.sentence.lower().startswith(STRATEGY_NAMES[best[0]].lower())


def test_what_is_compared_is_what_is_worked_out():
    assert compared(CalculatorState()) == SINGLE_TESTS
    assert [result.strategy for result in results_of(five())] == list(Strategy)
    assert list(ranking_of(CalculatorState()).net_benefit) == list(SINGLE_TESTS)


def test_net_benefits_differ_by_the_stated_lead():
    texts, lead = shown_benefits(ranking_of(five(prevalence=0.6)))
    assert (texts[Strategy.PCR_IF_NEGATIVE], texts[Strategy.PCR], lead) == ("546.88", "541", "5.88")
    texts, lead = shown_benefits(ranking_of(five(value=0, cost_xray=0, cost_pcr=0)))
    assert (set(texts.values()), lead) == ({"0"}, "0")


def test_strategies_are_listed_as_text():
    state = five(prevalence=0.2, sensitivity_xray=0.8, sensitivity_pcr=0.9)
    assert strategy_rows(ranking_of(state), results_of(state)) == (
        ("Test nobody", "0", "0%", "0", "0%"),
        ("X-ray", "130", "80%", "30", "0%"),
        ("PCR", "130", "90%", "50", "0%"),
        ("X-ray, then PCR if negative", "124", "98%", "72", "84%"),
        ("X-ray, then PCR if positive", "106", "72%", "38", "16%"),
    )


def test_who_takes_over_is_named_with_the_parameter():
    state = five()
    tests = state.xray(), state.pcr(), state.scenario()
    bars = lead_tornado(*tests, {"prevalence": (0.01, 0.9), "sensitivity_pcr": (0.9, 1)})
    assert lead_sentence(bars) == ("The choice can turn on prevalence (testing nobody, PCR alone or X-ray then PCR if negative take over).")
    assert lead_sentence(lead_tornado(*tests, {"cost_xray": (29, 31)})) == "Nothing in these ranges changes what is best."
    nobody = five(prevalence=0.005)
    rest = nobody.xray(), nobody.pcr(), nobody.scenario()
    assert lead_sentence(lead_tornado(*rest, default_ranges(*rest))) == "Nothing in these ranges changes what is best."


def test_regions_are_listed_from_low_to_high():
    state = five()
    tests = state.xray(), state.pcr(), state.scenario()
    rows = region_rows({name: best_regions(name, *tests) for name in ("prevalence", "cost_xray")}, {"prevalence": 0.25, "cost_xray": 30})
    assert rows == (
        ("P", "25%", "testing nobody up to 3.26%; X-ray alone up to 30.8%; PCR alone up to 50.2%; X-ray then PCR if negative"),
        ("C_xray", "30", "X-ray alone up to 33.8; PCR alone"),
    )
