"""Site cards: what their schema takes, and how they are kept, read, listed and removed."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import ValidationError

from cxr_core.site_cards import (
    SiteCard,
    SiteCardMissingError,
    SiteCurve,
    check_new_site_card,
    list_site_cards,
    remove_site_card,
    site_cards_folder,
    write_site_card,
)
from cxr_core.site_cards.card import SITE_CARD_SCHEMA
from cxr_core.site_cards.errors import SiteCardDamagedError, SiteCardExistsError, SiteCardNameError
from cxr_core.site_cards.folder import read_site_card
from tests.site_cards.drawing import drawn_site_card


@pytest.fixture(scope="module")
def card():
    return drawn_site_card()


def named(card, name, **parts):
    return card.model_copy(update={"name": name, **parts})


def changed(card, **parts):
    return SiteCard.model_validate({**card.model_dump(mode="json"), **parts})


def test_card_is_read_as_it_was_written(card, tmp_path):
    path = write_site_card(card, tmp_path)
    assert path == tmp_path / "Ward 3.json"
    assert read_site_card("Ward 3", tmp_path) == card
    assert SITE_CARD_SCHEMA in path.read_text()
    assert [one.name for one in tmp_path.iterdir()] == ["Ward 3.json"]


def test_card_lies_in_the_users_data_folder(card, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert site_cards_folder().is_relative_to(tmp_path)
    write_site_card(card)
    assert list_site_cards() == ([card], [])
    remove_site_card(card.name)
    assert list_site_cards() == ([], [])


@pytest.mark.parametrize("name", ["", " ", "a/b", "..", "../up", ".hidden", "ends ", "x" * 41, "ä", "a\nb", "*"])
def test_name_that_is_no_file_name_is_refused(card, tmp_path, name):
    for act in (check_new_site_card, read_site_card, remove_site_card):
        with pytest.raises(SiteCardNameError, match="letters from A to Z"):
            act(name, tmp_path)
    with pytest.raises(SiteCardNameError):
        write_site_card(named(card, name), tmp_path)
    assert not list(tmp_path.parent.glob("*.json"))


def test_card_never_replaces_another(card, tmp_path):
    write_site_card(card, tmp_path)
    with pytest.raises(SiteCardExistsError, match="'Ward 3' already"):
        write_site_card(card, tmp_path)
    remove_site_card("Ward 3", tmp_path)
    check_new_site_card("Ward 3", tmp_path)


def test_absent_card_is_said_to_be_absent(tmp_path):
    for act in (read_site_card, remove_site_card):
        with pytest.raises(SiteCardMissingError, match="no site card 'Ward 3'"):
            act("Ward 3", tmp_path / "nowhere")
    assert list_site_cards(tmp_path / "nowhere") == ([], [])


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff", b'{"schema": "second-look-site-card/9"}'])
def test_damaged_card_is_listed_apart_and_can_be_removed(card, tmp_path, content):
    write_site_card(card, tmp_path)
    (tmp_path / "Old.json").write_bytes(content)
    with pytest.raises(SiteCardDamagedError, match="'Old' is damaged"):
        read_site_card("Old", tmp_path)
    assert list_site_cards(tmp_path) == ([card], ["Old"])
    remove_site_card("Old", tmp_path)
    assert list_site_cards(tmp_path) == ([card], [])


def test_card_under_another_name_is_damaged(card, tmp_path):
    write_site_card(card, tmp_path).rename(tmp_path / "Other.json")
    with pytest.raises(SiteCardDamagedError, match="called 'Ward 3'"):
        read_site_card("Other", tmp_path)


def test_newest_comes_first_and_other_files_are_passed_over(card, tmp_path):
    for days, name in ((1, "B"), (3, "A"), (2, "C")):
        write_site_card(named(card, name, written=card.written + timedelta(days=days)), tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / ".x.json").write_text("mine")
    assert [one.name for one in list_site_cards(tmp_path)[0]] == ["A", "C", "B"]


def test_card_holds_no_film_and_no_file_name(card):
    allowed = {
        "films",
        "warned",
        "refused",
        "reasons",
        "broken",
        "repeated",
        "confusion",
        "accuracy",
        "recall",
        "threshold",
        "sensitivity",
        "specificity",
        "roc_auc",
        "calibration_error",
        "chance_calibration_error",
        "comparisons",
    }
    assert set(card.model_dump()["figures"]) == allowed
    assert len(card.curve.threshold) <= 1001


def test_card_is_named_where_it_is_used(card):
    assert card.source_text == "Figures from the site card Ward 3, 120 films"


def test_card_fits_its_own_weights_alone(card):
    assert card.fits(card.weights_sha256)
    assert not card.fits("0" * 64)


def test_points_run_from_the_strictest_threshold_to_the_laxest(card):
    points = card.points
    assert points[0].sensitivity.value == 0
    assert points[-1].threshold == 0
    assert points[-1].sensitivity.value == 1
    assert points[-1].specificity.value == 0
    assert all(one.threshold > other.threshold for one, other in pairwise(points))
    assert {(point.cases, point.others) for point in points} == {(card.operating_point.cases, card.operating_point.others)}


@pytest.mark.parametrize(
    "parts",
    [
        {"temperature": 0},
        {"temperature": float("inf")},
        {"folds": 1},
        {"weights_sha256": "12"},
        {"name": "a/b"},
        {"written": "2026-01-01T00:00:00"},
        {"film": "film.png"},
        {"operating_point": {"threshold": 0.5, "sensitivity": {"value": 1}, "specificity": {"value": 1}, "cases": 5, "others": 5}},
        {"schema": "second-look-site-card/2"},
    ],
)
def test_card_out_of_range_is_refused(card, parts):
    with pytest.raises(ValidationError):
        changed(card, **parts)


def test_figures_must_add_up(card):
    figures = card.model_dump(mode="json")["figures"]
    for wrong in ({"films": figures["films"] + 1}, {"confusion": [[1]]}, {"recall": {"Flu": {"value": 1}}}):
        with pytest.raises(ValidationError):
            changed(card, figures={**figures, **wrong})


@pytest.mark.parametrize(
    "curve",
    [
        {"threshold": [], "found": [], "cleared": []},
        {"threshold": [0.0, 0.5], "found": [1], "cleared": [0, 1]},
        {"threshold": [0.1], "found": [1], "cleared": [0]},
        {"threshold": [0.0, 0.5, 0.5], "found": [2, 1, 0], "cleared": [0, 1, 2]},
    ],
)
def test_curve_that_does_not_rise_from_zero_is_refused(curve):
    with pytest.raises(ValidationError):
        SiteCurve(**curve)


def test_path_of_a_card_is_never_outside_its_folder(tmp_path):
    assert isinstance(site_cards_folder(), Path)
    with pytest.raises(SiteCardNameError):
        read_site_card(str(tmp_path / "x"), tmp_path)
