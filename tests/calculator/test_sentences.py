"""Every sentence that a scenario can lead to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_core.calculator import QUADRANT_SENTENCES, break_even_rows, quadrant_sentence, special_cases, turning_sentence
from cxr_core.calculator.sentences import flip_sentence, verdict_sentence, what_would_flip
from cxr_core.decision import PARAMETERS, Outcome, Quadrant, Scenario, Test, break_even, break_evens, compare, tornado
from tests.decision.draws import FULL_SCENARIOS, FULL_TESTS


@pytest.mark.parametrize(
    ("xray", "pcr", "scenario", "sentence"),
    [
        (
            (0.92, 30),
            (0.985, 50),
            (0.25, 1000, 1),
            "X-ray is preferred, by 3.75 a patient tested. It stays so until prevalence exceeds 30.8%.",
        ),
        (
            (0.92, 30),
            (0.985, 50),
            (0.4, 1000, 1),
            "PCR is preferred, by 6 a patient tested. It stays so until prevalence falls below 30.8%.",
        ),
        (
            (0.9, 80),
            (0.7, 50),
            (0.25, 1000, 1),
            "X-ray is preferred, by 20 a patient tested. It stays so until prevalence falls below 15%.",
        ),
        ((0.9, 80), (0.7, 50), (0.1, 1000, 1), "PCR is preferred, by 10 a patient tested. It stays so until prevalence exceeds 15%."),
        # no crossing at all, and one where no prevalence can be
        (
            (0.9, 30),
            (0.9, 50),
            (0.1, 1000, 1),
            "X-ray is preferred, by 20 a patient tested. No prevalence flips that; the sensitivity of X-ray does, once it falls below 70%.",
        ),
        (
            (0.9, 50),
            (0.9, 30),
            (0.1, 1000, 1),
            "PCR is preferred, by 20 a patient tested. No prevalence flips that; the sensitivity of PCR does, once it falls below 70%.",
        ),
        ((0.9, 50), (0.9, 50), (0.1, 1000, 1), "The two tests tie. That is so whatever the prevalence is."),
        (
            (0.8, 10),
            (0.9, 40),
            (0.2, 100, 1),
            "X-ray is preferred, by 28 a patient tested. No prevalence flips that; the cost of a PCR test does, once it falls below 12.",
        ),
        (
            (0.8, 40),
            (0.9, 10),
            (0.2, 100, 1),
            "PCR is preferred, by 32 a patient tested. No prevalence flips that; the cost of a PCR test does, once it exceeds 42.",
        ),
        # on the edges
        (
            (0.9, 50),
            (0.8, 50),
            (0.1, 1000, 1),
            "X-ray is preferred, by 10 a patient tested. It stays so at any prevalence above 0%, where the two tie.",
        ),
        (
            (0.8, 30),
            (0.9, 50),
            (0.1, 1000, 0),
            "PCR is preferred, by 10 a patient tested. It stays so at any prevalence above 0%, where the two tie.",
        ),
        (
            (0.8, 30),
            (0.9, 50),
            (0.1, 200, 1),
            "X-ray is preferred, by 18 a patient tested. It stays so at any prevalence below 100%, where the two tie.",
        ),
        (
            (0.9, 50),
            (0.8, 30),
            (0.1, 200, 1),
            "PCR is preferred, by 18 a patient tested. It stays so at any prevalence below 100%, where the two tie.",
        ),
        # ties
        (
            (0.8, 30),
            (0.9, 50),
            (0.2, 1000, 1),
            "The two tests tie. X-ray is preferred as soon as prevalence falls below 20%, PCR as soon as it exceeds that.",
        ),
        (
            (0.9, 50),
            (0.8, 30),
            (0.2, 1000, 1),
            "The two tests tie. PCR is preferred as soon as prevalence falls below 20%, X-ray as soon as it exceeds that.",
        ),
        ((0.8, 30), (0.9, 30), (0, 1000, 1), "The two tests tie. PCR is preferred as soon as prevalence exceeds 0%."),
        ((0.9, 30), (0.8, 30), (0, 1000, 1), "The two tests tie. X-ray is preferred as soon as prevalence exceeds 0%."),
        ((0.8, 30), (0.9, 50), (1, 200, 1), "The two tests tie. X-ray is preferred as soon as prevalence falls below 100%."),
        ((0.9, 50), (0.8, 30), (1, 200, 1), "The two tests tie. PCR is preferred as soon as prevalence falls below 100%."),
    ],
)
def test_headlines(xray, pcr, scenario, sentence):
    tests = Test(*xray), Test(*pcr), Scenario(*scenario)
    assert f"{verdict_sentence(compare(*tests))} {what_would_flip(break_evens(*tests))}" == sentence


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("value", "It stays so until the value of an early detection exceeds 1,231."),
        ("cost_importance", "It stays so until the importance of cost falls below 0.812."),
        ("sensitivity_xray", "It stays so until the sensitivity of X-ray falls below 90.5%."),
        ("cost_xray", "It stays so until the cost of an X-ray exceeds 33.8."),
        ("cost_pcr", "It stays so until the cost of a PCR test falls below 46.2."),
        ("specificity_xray", "That is so whatever the specificity of X-ray is."),
    ],
)
def test_other_parameters(name, sentence):
    assert flip_sentence(break_even(name, Test(0.92, 30), Test(0.985, 50), Scenario(0.25, 1000, 1))) == sentence


def test_break_evens_are_listed_with_the_side_of_xray():
    assert break_even_rows(break_evens(Test(0.92, 30), Test(0.985, 50), Scenario(0.25, 1000, 1))) == (
        ("P", "25%", "30.8%", "below 30.8%"),
        ("V", "1,000", "1,231", "below 1,231"),
        ("A", "1", "0.812", "above 0.812"),
        ("S_xray", "92%", "90.5%", "above 90.5%"),
        ("S_pcr", "98.5%", "100%", "below 100%"),
        ("C_xray", "30", "33.8", "below 33.8"),
        ("C_pcr", "50", "46.2", "above 46.2"),
    )
    # Equal costs: the tie is at P = V = 0, and X-ray, which finds fewer, would need less than that; A does not matter.
    rows = {symbol: rest for symbol, *rest in break_even_rows(break_evens(Test(0.8, 40), Test(0.9, 40), Scenario(0.2, 100, 1)))}
    assert rows["P"] == ["20%", "0%", "nowhere"]
    assert rows["A"] == ["1", "none", "nowhere"]
    rows = {symbol: rest for symbol, *rest in break_even_rows(break_evens(Test(0.9, 40), Test(0.8, 40), Scenario(0.2, 100, 1)))}
    assert rows["P"] == ["20%", "0%", "above 0%"]
    assert rows["A"] == ["1", "none", "everywhere"]


@given(FULL_TESTS, FULL_TESTS, FULL_SCENARIOS)
def test_what_is_said_to_flip_the_verdict_does(xray, pcr, scenario):
    crossings = break_evens(xray, pcr, scenario)
    sentence = what_would_flip(crossings)
    named = [name for name in crossings if name != "prevalence" and PARAMETERS[name].label in sentence]
    if "does, once it" not in sentence:
        assert sentence == flip_sentence(crossings["prevalence"])
        return
    (name,) = named
    found = crossings[name]
    assert found.outcome is Outcome.CROSSES
    assert found.inside
    assert sentence.endswith(f"{flip_sentence(found).split(PARAMETERS[name].label + ' ')[-1]}")
    assert (found.current < found.value) is ("exceeds" in sentence)


def test_turning_parameters_are_named():
    tests = Test(0.92, 30), Test(0.985, 50), Scenario(0.25, 1000, 1)
    assert turning_sentence(tornado(*tests, {"prevalence": (0.2, 0.4), "cost_xray": (29, 31)})) == "The choice can turn on prevalence."
    assert turning_sentence(tornado(*tests, {"cost_xray": (29, 31)})) == "Nothing in these ranges changes the choice."


@given(st.sampled_from(list(PARAMETERS)), FULL_TESTS, FULL_TESTS, FULL_SCENARIOS)
def test_there_is_always_a_sentence_and_it_names_the_parameter(name, xray, pcr, scenario):
    crossing = break_even(name, xray, pcr, scenario)
    sentence = flip_sentence(crossing)
    assert sentence.endswith(".")
    assert PARAMETERS[name].label.removeprefix("the ") in sentence
    assert ("whatever" in sentence) is not (crossing.outcome is Outcome.CROSSES and crossing.inside)


@pytest.mark.parametrize(
    ("xray", "pcr", "scenario", "words"),
    [
        ((0.92, 30), (0.985, 50), (0.25, 1000, 1), []),
        ((0.9, 30), (0.9, 50), (0.25, 1000, 1), ["same share"]),
        ((0.8, 50), (0.9, 50), (0.25, 1000, 1), ["cost the same"]),
        ((0.92, 30), (0.985, 50), (0.25, 0, 1), ["no value"]),
        ((0.92, 30), (0.985, 50), (0.25, 1000, 0), ["no importance"]),
        ((0.92, 30), (0.985, 50), (0, 1000, 1), ["Nobody"]),
        ((0.92, 30), (0.985, 50), (0.25, 100, 1), ["impossible prevalence"]),
        ((0.9, 50), (0.9, 50), (0, 0, 0), ["same share", "cost the same", "no value", "no importance", "Nobody"]),
    ],
)
def test_special_cases_are_explained(xray, pcr, scenario, words):
    found = special_cases(Test(*xray), Test(*pcr), Scenario(*scenario))
    assert len(found) == len(words)
    assert all(word in sentence for word, sentence in zip(words, found, strict=True))


SLOW_PCR = Test(0.985, 50, turnaround_hours=48)
QUICK_XRAY = Test(0.92, 30, turnaround_hours=0.5)


def test_waiting_and_false_positives_are_named_where_sensitivity_and_cost_leave_them_out():
    told = quadrant_sentence(QUICK_XRAY, SLOW_PCR, Scenario(0.25, 1000, 1))
    assert told in QUADRANT_SENTENCES.values()
    waits, alarms = {"half_life_hours": 24.0}, {"false_positive_harm": 1000.0}
    for extensions, start in (
        (waits, "Without waiting time: X-ray is"),
        (alarms, "Without false positives: X-ray is"),
        (waits | alarms, "Without false positives and waiting time: X-ray is"),
    ):
        assert quadrant_sentence(QUICK_XRAY, SLOW_PCR, Scenario(0.25, 1000, 1, **extensions)).startswith(start)
    both = quadrant_sentence(QUICK_XRAY, SLOW_PCR, Scenario(0.25, 1000, 1, **waits), of_all=True)
    assert both.startswith("Of the two tests alone, without waiting time: X-ray is")


def test_tests_that_waiting_or_false_positives_tell_apart_are_not_called_the_same():
    same = Test(0.92, 30, turnaround_hours=48)
    assert len(special_cases(QUICK_XRAY, same, Scenario(0.25, 1000, 1))) == 2
    assert not any("same share" in told for told in special_cases(QUICK_XRAY, same, Scenario(0.25, 1000, 1, half_life_hours=24.0)))
    assert not any("cost the same" in told for told in special_cases(QUICK_XRAY, same, Scenario(0.25, 1000, 1, false_positive_harm=10.0)))


def test_an_impossible_tie_of_the_two_says_nothing_of_five_strategies():
    tests = Test(0.92, 30), Test(0.985, 50), Scenario(0.25, 100, 1)
    assert any("impossible prevalence" in told for told in special_cases(*tests))
    assert special_cases(*tests, of_all=True) == ()


def test_every_quadrant_has_its_sentence():
    assert set(QUADRANT_SENTENCES) == set(Quadrant)
    assert len(set(QUADRANT_SENTENCES.values())) == len(Quadrant)
