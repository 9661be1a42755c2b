"""What the table shows, of which films, in which order."""

from datetime import datetime, timezone

import pytest

from cxr_core.imaging import decode_film
from cxr_core.reporting import Opinion
from cxr_core.worklist import GATES, ORDERS, Entry, Wanted, choose, row_of
from tests.site_cards.drawing import drawn_site_card
from tests.worklist.faking import BLURRED, INVERTED, drawn_figures, drawn_read, film_png

FIGURES = drawn_figures()
NOW = datetime(2026, 3, 1, tzinfo=timezone.utc)


def entry_of(number, *probabilities, findings=(), own=None, **parts):
    entry = Entry(number, **parts)
    entry.take(decode_film(film_png(number)), drawn_read(probabilities, findings), NOW)
    if own is not None:
        entry.opinion = Opinion(own, 4, NOW, before_reveal=True)
    return entry


@pytest.fixture
def entries():
    return [
        entry_of(1, 0.7, 0.2, 0.06, 0.04, own="COVID"),
        entry_of(2, 0.1, 0.2, 0.4, 0.3, findings=[BLURRED], own="COVID", label="ward"),
        entry_of(3, 0.9, 0.05, 0.03, 0.02, findings=[INVERTED]),
        Entry(4, error="The file is damaged."),
        Entry(5),
        entry_of(6, 0.8, 0.1, 0.06, 0.04),
    ]


def numbers(entries, reads_first=False, **wanted):
    return [entry.number for entry in choose(entries, FIGURES, Wanted(**wanted), reads_first)]


def test_a_row_holds_what_a_reader_asks_of_a_film(entries):
    row = row_of(entries[0], FIGURES)
    assert (row["number"], row["name"], row["gate"], row["class"]) == (1, entries[0].fingerprint, "read", "COVID")
    assert row["probability"] == pytest.approx(0.7)
    assert row["range"] == "0.63 to 0.70"
    assert (row["set"], row["called"], row["own"], row["note"]) == ("COVID, Lung opacity", "called", "COVID", "")
    assert row["inside"] == pytest.approx(1, abs=0.02)
    assert row["film"].startswith("data:image/jpeg")
    assert row_of(entries[1], FIGURES) | {"film": ""} == row | {
        **{"number": 2, "name": "ward", "gate": "warned", "class": "Normal", "probability": pytest.approx(0.4), "film": ""},
        **{"range": "0.38 to 0.40", "set": "Lung opacity, Normal, Viral Pneumonia", "called": "not called", "note": BLURRED.reason},
    }


def test_of_a_refused_film_the_answer_is_told_on_request_and_then_without_set_and_call(entries):
    row = row_of(entries[2], FIGURES)
    assert (row["gate"], row["class"], row["probability"], row["note"]) == ("refused", "", None, INVERTED.reason)
    entries[2].forced = True
    row = row_of(entries[2], FIGURES)
    assert (row["class"], row["set"], row["called"]) == ("COVID", "", "")
    assert row["probability"] == pytest.approx(0.9)


def test_films_that_are_broken_or_wait_are_rows(entries):
    assert row_of(entries[3], FIGURES) | {"note": ""} == row_of(entries[4], FIGURES) | {"number": 4, "gate": "broken"}
    assert row_of(entries[3], FIGURES)["note"] == "The file is damaged."


def test_nothing_of_the_model_is_shown_before_the_readers_own_opinion_if_that_comes_first(entries):
    assert row_of(entries[5], FIGURES, reads_first=True)["class"] == "your read first"
    assert row_of(entries[5], FIGURES, reads_first=True)["probability"] is None
    assert row_of(entries[0], FIGURES, reads_first=True)["class"] == "COVID", "an opinion was given"
    assert numbers(entries, reads_first=True, classes=("COVID",)) == [1], "a filter would tell the class"
    entries[5].shown = True
    assert row_of(entries[5], FIGURES, reads_first=True)["class"] == "COVID"


def test_nothing_of_the_model_is_shown_before_it_is_loaded(entries):
    assert row_of(entries[0], None)["class"] == ""
    assert [entry.number for entry in choose(entries, None, Wanted(gates=("read",)))] == [1, 6]


def test_films_are_chosen_by_class_gate_and_disagreement(entries):
    assert numbers(entries) == [1, 2, 3, 4, 5, 6]
    assert numbers(entries, classes=("COVID",)) == [1, 6]
    assert numbers(entries, classes=("COVID", "Normal"), gates=("warning",)) == [2]
    assert numbers(entries, disagreeing=True) == [2]
    assert {state: numbers(entries, gates=(state,)) for state in GATES} == {
        **{"read": [1, 6], "warning": [2], "refused": [3], "broken": [4], "waiting": [5]}
    }


def test_films_are_ordered_by_any_column_and_those_with_nothing_there_come_last(entries):
    entries[1].share = None
    entries[5].share = 0.5
    first = sorted(entries[:3:2] + entries[5:], key=lambda entry: entry.fingerprint)
    expected = {  # upwards, and without what comes last by number
        "number": [1, 2, 3, 4, 5, 6],
        "covid": [2, 1, 6],
        "name": [*(entry.number for entry in first), 2],  # digits and letters to f, then "ward"
        "gate": [1, 6, 2, 3, 4, 5],
        "class": [1, 6, 2],
        "probability": [2, 1, 6],
        "range": [2, 1, 6],
        "set": [6, 1, 2],
        "called": [1, 6, 2],
        "inside": [6, 1],
        "own": [1, 2],
        "note": [3, 4, 2],
    }
    assert set(expected) == set(ORDERS)
    ties = {"gate": [5, 4, 3, 2, 1, 6], "class": [2, 1, 6], "called": [2, 1, 6], "own": [1, 2]}
    for order, upwards in expected.items():
        last = [entry.number for entry in entries if entry.number not in upwards]
        assert numbers(entries, order=order) == upwards + last, order
        assert numbers(entries, order=order, descending=True) == ties.get(order, upwards[::-1]) + last, order


def test_every_column_but_the_picture_has_an_order(entries):
    assert set(row_of(entries[0], FIGURES)) - {"film"} == set(ORDERS) - {"covid"}


def test_asking_for_the_same_order_again_turns_it_round():
    wanted = Wanted(classes=("COVID",)).by("probability")
    assert (wanted.classes, wanted.order, wanted.descending) == (("COVID",), "probability", False)
    assert wanted.by("probability").descending
    assert wanted.by("covid").descending, "the most probable first"
    assert not wanted.by("covid").by("covid").descending


def test_an_order_tells_nothing_of_films_that_are_to_be_read_first(entries):
    for order in ("covid", "class", "probability", "range", "set", "called", "inside"):
        assert numbers(entries[4:], reads_first=True, order=order) == [5, 6], order
        assert numbers(entries[4:], order=order) == [6, 5], order


def test_a_site_card_moves_probabilities_and_call(entries):
    site = drawn_site_card()
    figures = drawn_figures(site, site.threshold)
    row = row_of(entries[0], figures)
    moved = figures.read(entries[0].read)
    assert row["probability"] == moved.probabilities["COVID"] != pytest.approx(0.7)
    assert row["called"] == ("called" if moved.probabilities["COVID"] >= site.threshold else "not called")
    assert entries[0].read.probabilities["COVID"] == pytest.approx(0.7), "the entry keeps the read as the model was shipped"
