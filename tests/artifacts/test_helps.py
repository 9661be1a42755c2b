"""Rows of what helps round-trip beside those of the backbones, and damaged ones are refused."""

import json

import pytest

from cxr_core.artifacts import StudyDamagedError, read_helps, read_study
from tests.helps import drawn_row, write_rows


def test_rows_are_read_in_the_order_of_the_table(tmp_path):
    rows = [drawn_row(key) for key in ("all", "whole-film", "maps")]
    found = read_helps(write_rows(tmp_path, rows))
    assert found == [rows[1], rows[2], rows[0]]


def test_missing_folder_holds_no_rows(tmp_path):
    assert read_helps(tmp_path / "absent") == []


def test_rows_are_not_taken_for_runs_of_backbones(tmp_path):
    assert read_study(write_rows(tmp_path, [drawn_row("all")])) == []


@pytest.mark.parametrize("change", [{"surprise": 1}, {"name": "lung-crop"}, {"epochs": 0}, {"collections": []}, {"outside": None}], ids=str)
def test_row_that_does_not_fit_is_refused_with_a_sentence(tmp_path, change):
    (tmp_path / "helps-all.json").write_text(json.dumps(drawn_row("all").model_dump(mode="json") | change))
    with pytest.raises(StudyDamagedError, match=r"helps-all\.json is damaged or of another version"):
        read_helps(tmp_path)


def test_row_under_another_name_is_refused(tmp_path):
    (tmp_path / "helps-maps.json").write_text(drawn_row("all").model_dump_json())
    with pytest.raises(StudyDamagedError, match="holds 'helps-all'"):
        read_helps(tmp_path)


@pytest.mark.parametrize("change", [{"seed": 1}, {"epochs": 2}, {"epoch_films": 9}, {"size": 96}, {"index_sha256": "00" * 32}], ids=str)
def test_budget_holds_what_rows_must_share(change):
    assert drawn_row("all").budget == drawn_row("maps", held_out=0.1).budget
    assert drawn_row("all", **change).budget != drawn_row("all").budget
