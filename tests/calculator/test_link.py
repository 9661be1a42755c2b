"""The scenario as a short text, with an address or without."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxr_core.calculator import CalculatorState, NoScenarioError, from_text, is_own_address, to_text
from tests.calculator.test_query import states

OUTBREAK = CalculatorState(preset="outbreak", prevalence=0.5, sensitivity_xray=0.89)
TEXT = to_text(OUTBREAK)


def test_text_is_short_and_readable():
    assert TEXT.startswith("preset=outbreak&p=0.5&")
    assert len(to_text(CalculatorState())) < 100


@pytest.mark.parametrize(
    "around",
    ["{}", "?{}", "http://localhost:8501/net_benefit?{}", "https://example.org/a/net_benefit?{}#top", "  {}\n", '"{}"', "<?{}>", "({})"],
)
def test_copied_with_or_without_its_address_it_is_the_same_scenario(around):
    assert from_text(around.format(TEXT)) == (OUTBREAK, ())


def test_a_program_that_escapes_ampersands_does_no_harm():
    assert from_text("?" + TEXT.replace("&", "&amp;")) == (OUTBREAK, ())


@settings(max_examples=60, deadline=None)
@given(states())
def test_a_text_brings_the_same_state_back(state):
    assert from_text(to_text(state)) == (state, ())


def test_part_of_a_text_is_taken_with_a_note_on_the_rest():
    state, notes = from_text("p=0.1&v=lots")
    assert state.prevalence == 0.1
    assert notes == ("The link's value of an early detection is not usable and was ignored.",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no scenario"),
        ("hello", "no scenario"),
        ("http://localhost:8501/net_benefit", "no scenario"),
        ("https://example.org/?q=1", "no scenario"),
        ("&".join(["p=0.1"] * 200), "no scenario"),
        ("p=" + "1" * 5000, "too long"),
    ],
)
def test_what_is_no_scenario_gets_a_sentence(text, words):
    with pytest.raises(NoScenarioError, match=words):
        from_text(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_no_text_makes_it_fail_otherwise(text):
    try:
        state, _ = from_text(text)
    except NoScenarioError:
        return
    assert isinstance(state, CalculatorState)


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("http://localhost:8501/net_benefit", True),
        ("http://127.0.0.1:8501/", True),
        ("http://127.1.2.3/", True),
        ("http://[::1]:8501/", True),
        ("http://0.0.0.0:8501/", True),
        ("http://look.localhost/", True),
        ("http://192.168.0.7:8501/net_benefit", False),
        ("https://example.org/net_benefit", False),
        ("http://localhost.example.org/", False),
        ("", False),
        ("http://[::1/", False),
    ],
)
def test_an_address_that_leads_every_computer_to_itself_is_told(url, own):
    assert is_own_address(url) is own
