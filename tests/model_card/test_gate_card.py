"""The gate's figures as tables, and beside what was aimed at."""

import pytest

from cxr_core.artifacts import GateExternal
from cxr_core.model_card import gate_card, tables
from cxr_core.model_card.finding import against_aim
from cxr_core.stats import Interval
from tests.cards import drawn_gate


@pytest.fixture(scope="module")
def gate():
    return drawn_gate()


@pytest.mark.parametrize(
    ("value", "low", "high", "words"),
    [
        (0.01, 0.005, 0.02, "the aim is met"),
        (0.03, 0.03, 0.03, "the aim is met"),
        (0.02, 0.01, 0.04, "the aim is met, though not by all of the interval"),
        (0.04, 0.02, 0.06, "the aim is missed, though the interval reaches it"),
        (0.05, 0.04, 0.06, "the aim is missed"),
        (0.02, None, None, "the aim is met"),
        (0.05, None, None, "the aim is missed"),
        (None, None, None, "not measured"),
    ],
)
def test_share_and_its_interval_are_held_against_the_aim(value, low, high, words):
    assert against_aim(Interval(value=value, low=low, high=high), 0.03, at_most=True) == words
    flip = [None if bound is None else round(1 - bound, 6) for bound in (value, high, low)]
    assert against_aim(Interval(value=flip[0], low=flip[1], high=flip[2]), 0.97, at_most=False) == words


def test_outcomes_add_up(gate):
    table = gate_card.outcome_table(gate)
    assert table["outcome"].tolist() == ["read", "read with a warning", "refused"]
    assert table["share of films"].sum() == pytest.approx(1)
    assert table["share of films low"].tolist() == [gate.read.low, gate.warned.low, gate.refused.low]


def test_reasons_are_by_weight_and_number(gate):
    table = gate_card.reason_table(gate)
    assert table.values.tolist() == [
        ["inverted", "refused", 8],
        ["out of distribution", "read with a warning", 6],
        ["blurred", "read with a warning", 2],
    ]
    assert gate_card.reason_table(gate.model_copy(update={"reasons": {}})).empty


def test_changes_have_a_row_each(gate):
    table = gate_card.changed_table(gate.changed)
    assert table["films that are"].tolist() == [one.change for one in gate.changed]
    assert table["caught"].tolist() == [one.caught.value for one in gate.changed]
    assert tables.as_text(table)["refused"].tolist() == [str(one.refused) for one in gate.changed]


def test_pictures_of_each_kind_add_up(gate):
    table = gate_card.others_table(gate)
    assert (table["refused"] + table["read with a warning"] + table["read"] == table["pictures"]).all()
    assert table["read"].tolist() == [0, 0, 2]
    assert table["share refused"].tolist() == [0.95, 1.0, 0.95]


def test_films_from_elsewhere_come_with_the_laterals_first(gate):
    table = gate_card.external_table(gate.external, [31, 43])
    assert table["row of external.csv"].tolist() == [8, 31, 43, *(row for row in range(1, 52) if row not in (8, 31, 43))]
    assert table["view"].tolist() == ["lateral"] * 3 + ["frontal"] * 48
    assert table.iloc[0]["outcome"] == "refused"
    assert table.iloc[0]["reasons"] == "not a chest, out of distribution"
    assert table["view by the table"].tolist()[:2] == ["L", "PA"]


@pytest.mark.parametrize(("view", "lateral"), [("PA", False), ("AP Supine", False), ("L", True), ("Lateral", True), ("", False)])
def test_table_of_the_collection_may_name_laterals(view, lateral):
    film = GateExternal(row=3, finding="", view=view, outcome="read", codes=[])
    assert gate_card.is_lateral(film, ()) is lateral
    assert gate_card.is_lateral(film, (3,))


def test_gate_that_saw_the_films_is_said_to(gate):
    said = gate_card.gate_sentence(gate, "test")
    assert (
        "1,500 training films and 300 validation films, each as it is and stretched to other proportions; none of them is counted here"
        in said
    )
    assert "flatter it" in gate_card.gate_sentence(gate, "val")


@pytest.mark.parametrize(("refused", "words"), [((0.01, 0.0, 0.02), "the aim is met."), ((0.1, 0.05, 0.15), "the aim is missed.")])
def test_refused_films_are_held_against_the_aim(gate, refused, words):
    figure = Interval(value=refused[0], low=refused[1], high=refused[2])
    finding = gate_card.films_finding(gate.model_copy(update={"refused": figure}), "test")
    assert finding.meaning.startswith(f"Refused {figure}, ")
    assert finding.meaning.endswith(words)
    assert "at most 3% refused" in finding.good


def test_change_that_is_caught_least_is_named(gate):
    finding = gate_card.changed_finding(gate)
    worst = gate.changed[2].caught
    assert finding.meaning == f"The gate catches the fewest of the films that are rotated by 180 degrees, {worst}: the aim is missed."
    met = gate_card.changed_finding(gate.model_copy(update={"changed": gate.changed[:1]}))
    assert met.meaning.endswith("the aim is met even there.")
    assert gate_card.changed_finding(gate.model_copy(update={"changed": []})).meaning == "It was not measured."


def test_corruption_that_is_caught_least_is_named(gate):
    assert gate_card.corruptions_finding(gate.model_copy(update={"corruptions": []})).meaning == "It was not measured."
    meaning = gate_card.corruptions_finding(gate.model_copy(update={"corruptions": gate.changed})).meaning
    assert meaning == f"The gate catches the fewest of the films that are rotated by 180 degrees, {gate.changed[2].caught}."


def test_films_of_other_proportions_are_held_against_what_may_be_refused(gate):
    one = gate.narrowed
    assert gate_card.narrowed_finding(gate).meaning == (
        f"Of {one.films} films brought to 4:5, {one.refused} are refused and {one.caught} refused or warned of: the aim is met."
    )
    many = one.model_copy(update={"refused": one.caught.model_copy(update={"value": 0.2, "low": 0.1, "high": 0.3})})
    assert gate_card.narrowed_finding(gate.model_copy(update={"narrowed": many})).meaning.endswith("the aim is missed.")
    assert gate_card.narrowed_finding(gate.model_copy(update={"narrowed": None})).meaning == "It was not measured."


def test_pictures_of_other_things_name_their_packages_and_the_worst_kind(gate):
    finding = gate_card.others_finding(gate)
    assert "120 pictures" in finding.asks
    assert "scikit-image 0.25.2, pydicom 3.0.2" in finding.asks
    assert finding.meaning == (
        "Refused 0.967 of all, 50 of them because they cannot be decoded as a film: the aim is met. "
        "It refuses the fewest of pictures of scikit-image, 19 of 20."
    )
    assert gate_card.others_finding(gate.model_copy(update={"others": gate.others[1:2]})).meaning.endswith("None of any kind is read.")
    assert "missed" in gate_card.others_finding(gate.model_copy(update={"others_refused": 0.9})).meaning


def test_laterals_are_counted_apart(gate):
    finding = gate_card.external_finding(gate.external, [31])
    assert finding.meaning == (
        "Of 49 frontal films 48 are read, 1 is read with a warning, 0 are refused. "
        "Of 2 lateral views 1 is read, 0 are read with a warning, 1 is refused."
    )
    assert "None of them is known to be a lateral view" in gate_card.external_finding(gate.external[:3], ()).meaning
