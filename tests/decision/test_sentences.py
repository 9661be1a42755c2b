"""Every sentence that a scenario can lead to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_core.decision import (
    PARAMETERS,
    QUADRANT_SENTENCES,
    Outcome,
    Quadrant,
    Scenario,
    Test,
    amount_text,
    break_even,
    compare,
    flip_sentence,
    headline,
    parameter_text,
    share_text,
    special_cases,
)
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
        ((0.9, 30), (0.9, 50), (0.1, 1000, 1), "X-ray is preferred, by 20 a patient tested. That is so whatever the prevalence is."),
        ((0.9, 50), (0.9, 30), (0.1, 1000, 1), "PCR is preferred, by 20 a patient tested. That is so whatever the prevalence is."),
        ((0.9, 50), (0.9, 50), (0.1, 1000, 1), "The two tests tie. That is so whatever the prevalence is."),
        ((0.8, 10), (0.9, 40), (0.2, 100, 1), "X-ray is preferred, by 28 a patient tested. That is so whatever the prevalence is."),
        ((0.8, 40), (0.9, 10), (0.2, 100, 1), "PCR is preferred, by 32 a patient tested. That is so whatever the prevalence is."),
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
    assert headline(compare(*tests), break_even("prevalence", *tests)) == sentence


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
        ((0.92, 30), (0.985, 50), (0.25, 100, 1), ["cannot be"]),
        ((0.9, 50), (0.9, 50), (0, 0, 0), ["same share", "cost the same", "no value", "no importance", "Nobody"]),
    ],
)
def test_special_cases_are_explained(xray, pcr, scenario, words):
    found = special_cases(Test(*xray), Test(*pcr), Scenario(*scenario))
    assert len(found) == len(words)
    assert all(word in sentence for word, sentence in zip(words, found, strict=True))


def test_every_quadrant_has_its_sentence():
    assert set(QUADRANT_SENTENCES) == set(Quadrant)
    assert len(set(QUADRANT_SENTENCES.values())) == len(Quadrant)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0%"),
        (1, "100%"),
        (0.068, "6.8%"),
        (4 / 13, "30.8%"),
        (0.00005, "0.005%"),
        (0.9999, "99.99%"),
        (0.99951, "99.95%"),
        (1 - 1e-9, "99.9999999%"),
        (1 - 2**-53, "almost 100%"),
        (1e-12, "1.00e-10%"),
    ],
)
def test_shares_for_people(share, text):
    assert share_text(share) == text


@given(st.floats(0, 1))
def test_only_the_ends_read_as_the_ends(share):
    text = share_text(share)
    assert (text == "0%") is (share == 0)
    assert (text == "100%") is (share == 1)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0"),
        (3.75, "3.75"),
        (-3.754, "-3.75"),
        (62.5, "62.5"),
        (999.96, "1,000"),
        (1230.77, "1,231"),
        (1234567.8, "1,234,568"),
        (0.0001234, "0.000123"),
        (1e-9, "1.00e-09"),
        (1e12, "1,000,000,000,000"),
    ],
)
def test_amounts_for_people(amount, text):
    assert amount_text(amount) == text


def test_parameters_for_people():
    assert parameter_text(PARAMETERS["prevalence"], 0.5) == "50%"
    assert parameter_text(PARAMETERS["value"], 0.5) == "0.5"
