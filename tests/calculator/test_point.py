"""Operating points: they go into the numbers, into a link and back, and a link of another model is not believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_core.calculator import NO_MODEL, CalculatorState, ModelOffer, from_query, reconcile, to_query, with_point, with_source
from cxr_core.calculator.point import as_typed
from tests.calculator.links import handed_link, point

HASH = "c0ffee" + "0123456789" * 5 + "abcdefab"
TOP = point(0.9, 0.95, None, 670)
POINTS = (point(0.6, 0.99, 0.9, 670), point(0.88, 0.94, 0.4, 670), point(1, 0.1, 0.01, 670))
HERE = ModelOffer(HASH, TOP, POINTS)
STATE = CalculatorState(prevalence=0.1, value=500)


def opened(state, offer):
    linked, notes = from_query(to_query(state))
    assert notes == ()
    return reconcile(linked, offer)


def test_point_sets_xray_and_nothing_else():
    found = with_point(STATE, "threshold", POINTS[1], HASH)
    assert (found.sensitivity_xray, found.specificity_xray, found.cases_xray, found.threshold) == (0.88, 0.94, 670, 0.4)
    assert (found.source, found.model) == ("threshold", HASH[:12])
    untouched = set(CalculatorState.model_fields) - {"sensitivity_xray", "specificity_xray", "cases_xray", "threshold", "source", "model"}
    assert all(getattr(found, field) == getattr(STATE, field) for field in untouched)
    assert CalculatorState(**found.model_dump()) == found


def test_typing_goes_on_from_the_models_numbers():
    found = as_typed(with_point(STATE, "card", TOP, HASH))
    assert (found.source, found.model, found.threshold, found.sensitivity_xray) == ("typed", "", None, 0.9)
    assert "from" not in to_query(found)


def test_offer_names_what_there_is():
    assert HERE.sources == ("card", "threshold")
    assert ModelOffer(HASH, TOP, ()).sources == ("card",)
    assert NO_MODEL.sources == ()
    assert HERE.nearest(0.5) is POINTS[1]
    assert HERE.point("card", 0.5) is TOP
    assert HERE.point("threshold", 1) is POINTS[0]
    assert HERE.point("typed", 0.5) is NO_MODEL.point("threshold", 0.5) is None


def test_source_is_followed_where_it_has_a_point_and_else_the_numbers_count_as_typed():
    handed = with_point(CalculatorState(), "point", point(0.7, 0.8, 0.2, 5), "ab" * 32)
    assert with_source(STATE, "card", HERE, handed) == with_point(STATE, "card", TOP, HASH)
    assert with_source(STATE, "point", HERE, handed) == with_point(STATE, "point", point(0.7, 0.8, 0.2, 5), "ab" * 32)
    at_threshold = with_source(STATE, "threshold", HERE)
    assert at_threshold == with_point(STATE, "threshold", POINTS[1], HASH)  # nearest to 0.5
    strict = with_point(STATE, "threshold", POINTS[0], HASH)
    assert with_source(strict, "threshold", HERE) == strict  # nearest to the one before
    assert with_source(strict, "typed", HERE, handed) == as_typed(strict)
    assert with_source(strict, "point", HERE) == as_typed(strict)
    assert with_source(strict, "card", NO_MODEL) == as_typed(strict)


@pytest.mark.parametrize(("source", "taken"), [("card", TOP), ("threshold", POINTS[2]), ("point", point(0.92, 0.9, 0.3))])
def test_link_brings_back_where_the_number_came_from(source, taken):
    state = with_point(STATE, source, taken, HASH)  # 0.92 and 0.9 are also the defaults, and are written all the same
    assert opened(state, HERE) == (state, ())


@pytest.mark.parametrize("source", ["card", "threshold", "point"])
@pytest.mark.parametrize(
    ("offer", "words"), [(ModelOffer("ab" * 32, TOP, POINTS), "the model here is ababab"), (NO_MODEL, "there is none here")]
)
def test_link_of_another_model_keeps_its_numbers_as_typed_with_a_note(source, offer, words):
    state = with_point(STATE, source, POINTS[1], HASH)
    found, (note,) = opened(state, offer)
    assert found == as_typed(state)
    assert "c0ffee" in note
    assert words in note


@pytest.mark.parametrize("offer", [ModelOffer(HASH, point(0.91, 0.95, None, 670), ()), ModelOffer(HASH, None, POINTS)])
def test_link_whose_card_says_something_else_by_now_is_not_passed_off_as_the_models(offer):
    state = with_point(STATE, "card", TOP, HASH)
    found, (note,) = opened(state, offer)
    assert found == as_typed(state)
    assert "kept as typed" in note


def test_link_that_names_no_model_follows_the_one_that_is_here():
    linked, notes = from_query({"from": "card"})
    assert notes == ()
    assert reconcile(linked, HERE) == (with_point(CalculatorState(), "card", TOP, HASH), ())
    assert reconcile(from_query({"from": "roc", "th": "0.45"})[0], HERE)[0] == with_point(CalculatorState(), "threshold", POINTS[1], HASH)
    assert reconcile(linked, NO_MODEL)[0].source == "typed"


def test_operating_point_is_handed_over_by_link():
    handed = point(0.92, 0.9, 0.3125, 670)
    query = handed_link(handed, HASH)
    assert query == to_query(CalculatorState()) | {"sx": "0.92", "spx": "0.9", "nx": "670", "th": "0.3125", "m": HASH[:12], "from": "point"}
    found, notes = reconcile(from_query(query)[0], HERE)
    assert notes == ()
    assert found == with_point(CalculatorState(), "point", handed, HASH)


@pytest.mark.parametrize("missing", ["sx", "spx", "th"])
@pytest.mark.parametrize("text", [None, "2", "nan", "<b>"])
def test_incomplete_operating_point_is_ignored_with_a_note(missing, text):
    query = handed_link(POINTS[1], HASH)
    query.pop(missing)
    if text is not None:
        query[missing] = text
    state, notes = from_query(query)
    assert (state.source, state.model, state.threshold) == ("typed", "", None)
    assert "usable operating point" in notes[-1]


@pytest.mark.parametrize(
    ("query", "word"),
    [({"from": "moon"}, "operating point"), ({"from": "card", "m": "<b>"}, "model"), ({"from": "card", "m": "a" * 13}, "model")],
)
def test_hostile_origins_fall_back_with_a_note(query, word):
    state, (note,) = from_query(query)
    assert state.model == ""
    assert word in note
    assert "<" not in note


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.integers(0, 10**6), st.text("0123456789abcdef", max_size=64))
def test_any_operating_point_arrives(sensitivity, specificity, threshold, cases, model):
    handed = point(sensitivity, specificity, threshold, cases)
    state, notes = from_query(handed_link(handed, model))
    assert notes == ()
    assert state == with_point(CalculatorState(), "point", handed, model)
    assert (state.sensitivity_xray, state.specificity_xray, state.threshold) == (sensitivity, specificity, threshold)
    assert (state.cases_xray, state.model) == (cases, model[:12])
