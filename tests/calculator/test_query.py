"""Links: they come back exactly, carry only what differs, and cannot do harm."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxr_core.calculator import CalculatorState, from_query, load_presets, to_query
from cxr_core.decision import PARAMETERS

SHARE = st.floats(0, 1)
AMOUNT = st.floats(0, 1e12)
KEYS = sorted(
    to_query(
        CalculatorState(
            preset="clinic", prevalence=0.1, sensitivity_xray=0.1, sensitivity_pcr=0.1, value=1, cost_importance=2, cost_xray=1, cost_pcr=1,
            specificity_xray=0.1, specificity_pcr=0.1, false_positive_harm=1, xray_minutes=1, pcr_hours=1, half_life_hours=1, cases_xray=1,
            cases_pcr=1, spread=0.1, false_positives=True, waiting=True, sequential=True, presenter=True, map_x="value", map_y="cost_pcr",
            source="point", threshold=0.1, model="c0ffee",
        )
    )
)  # fmt: skip


@st.composite
def states(draw):
    x, y = draw(st.lists(st.sampled_from(list(PARAMETERS)), min_size=2, max_size=2, unique=True))
    fields = {"preset": st.sampled_from(["", *load_presets()])}
    for name, parameter in PARAMETERS.items():
        fields[name] = SHARE if parameter.share else AMOUNT
    fields |= {name: st.booleans() for name in ("false_positives", "waiting", "sequential", "presenter")}
    fields |= {name: st.floats(0, 1e6) for name in ("xray_minutes", "pcr_hours", "cases_xray", "cases_pcr")}
    fields |= {"half_life_hours": st.floats(0.01, 1e6), "spread": SHARE}
    fields |= {"source": st.sampled_from(["typed", "card", "threshold", "point"])}
    settings = {name: draw(field) for name, field in fields.items()}
    if settings["source"] != "typed":  # typed numbers have neither
        settings |= {"threshold": draw(SHARE), "model": draw(st.text("0123456789abcdef", max_size=12))}
    return CalculatorState(**settings, map_x=x, map_y=y)


@settings(max_examples=200, deadline=None)
@given(states())
def test_a_link_brings_the_same_state_back(state):
    assert from_query(to_query(state)) == (state, ())


def test_every_field_has_its_key():
    assert len(KEYS) == len(CalculatorState.model_fields)


COUNTING = {
    "p": "0.25", "v": "1000", "a": "1", "sx": "0.92", "sp": "0.985", "cx": "30", "cp": "50", "spx": "0.9", "spp": "0.99", "nx": "723",
    "np": "482",
}  # fmt: skip


def test_default_scenario_carries_its_numbers():
    assert to_query(CalculatorState()) == COUNTING
    assert from_query(COUNTING) == (CalculatorState(), ())


def test_what_counts_is_written_and_of_the_rest_what_differs():
    waiting = {"w": "1", "tx": "15", "tp": "18", "h": "48"}
    assert to_query(CalculatorState(prevalence=0.068, value=500, waiting=True)) == COUNTING | {"p": "0.068", "v": "500"} | waiting
    assert to_query(CalculatorState(false_positives=True)) == COUNTING | {"fp": "1", "f": "100"}
    assert to_query(CalculatorState(map_y="cost_pcr")) == COUNTING | {"mx": "p", "my": "cp"}
    assert to_query(CalculatorState(preset="")) == COUNTING | {"preset": "none"}
    clinic = load_presets()["clinic"].state()
    assert to_query(clinic) == COUNTING | {"preset": "clinic", "sx": "0.56", "sp": "0.89", "spx": "0.6", "nx": "466", "np": "370"}


def test_a_preset_with_changes():
    state, notes = from_query({"preset": "outbreak", "p": "0.6"})
    assert notes == ()
    assert state == load_presets()["outbreak"].state().model_copy(update={"prevalence": 0.6})
    assert to_query(state) == COUNTING | {"preset": "outbreak", "p": "0.6", "sx": "0.89"}


HOSTILE = [
    "",
    "nan",
    "inf",
    "-inf",
    "1e999",
    "-1",
    "1_0",
    "\u0660",
    "0x1",
    "1" * 10_000,
    "0.5;drop",
    "<script>",
    "1,5",
    " 1 ",
    "None",
    "1e13",
    "\x00",
]


@pytest.mark.parametrize("key", ["p", "sx", "sp", "v", "a", "cx", "cp", "spx", "spp", "f", "tx", "tp", "h", "nx", "np", "u"])
def test_hostile_numbers_fall_back_with_a_note(key):
    for text in HOSTILE:
        state, notes = from_query({key: text})
        assert state == CalculatorState(), ascii(text)
        assert len(notes) == 1, ascii(text)
        assert notes[0].endswith("is not usable and was ignored."), ascii(text)


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({"fp": "yes"}, "false positives"),
        ({"w": "2"}, "waiting"),
        ({"mx": "v"}, "axes"),
        ({"mx": "p", "my": "p"}, "axes"),
        ({"mx": "nonsense"}, "axes"),
        ({"preset": "nonsense"}, "preset"),
        ({"preset": "../../etc/passwd"}, "preset"),
        ({"preset": ""}, ""),
        ({"zzz": "1"}, "1 unknown entry"),
        ({"zzz": "1", "<img>": "2"}, "2 unknown entries"),
    ],
)
def test_everything_else_falls_back_with_a_note(query, word):
    state, notes = from_query(query)
    assert state.model_copy(update={"preset": "report"}) == CalculatorState()
    assert "<" not in "".join(notes)
    assert [word in note for note in notes] == [True] * (word != "")


def test_one_bad_number_leaves_the_others():
    state, notes = from_query({"p": "2", "v": "500", "sx": "0.5"})
    assert state == CalculatorState(value=500, sensitivity_xray=0.5)
    assert notes == ("The link's prevalence is not usable and was ignored.",)


def test_any_number_of_bad_numbers_gets_one_sentence():
    _, notes = from_query({"p": "2", "v": "-1", "fp": "yes", "cx": "7"})
    assert notes == ("The link's prevalence, value of an early detection and switch for false positives are not usable and were ignored.",)


@settings(max_examples=500, deadline=None)
@given(
    st.dictionaries(
        st.one_of(st.sampled_from(KEYS), st.text(max_size=20)), st.one_of(st.text(), st.floats().map(repr), st.sampled_from(KEYS))
    )
)
def test_no_link_makes_it_fail(query):
    state, notes = from_query(query)
    assert isinstance(state, CalculatorState)
    assert len(notes) <= len(query)
    assert from_query(to_query(state)) == (state, ())
