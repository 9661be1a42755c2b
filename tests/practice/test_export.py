"""The CSV file: what packages for readers' studies take, and what is gone on from."""

import io

import pandas as pd
import pytest

from cxr_core.practice import AnswerSheet, PracticeError, answers_csv, read_answers, reader_name
from tests.practice.answering import LINK, drawn_answers, drawn_sheet


@pytest.mark.parametrize("revised", [True, False])
def test_answers_come_back(revised):
    sheet = drawn_sheet(revised=revised)
    assert read_answers(answers_csv(sheet)) == sheet


def test_rows_are_in_the_long_form():
    table = pd.read_csv(io.BytesIO(answers_csv(drawn_sheet())), dtype={"case": str})
    assert list(table.columns[:5]) == ["reader", "case", "truth", "rating", "modality"]
    assert len(table) == 80
    assert table.groupby(["reader", "case", "modality"]).size().max() == 1
    assert table["case"].str.fullmatch("[0-9a-f]{12}").all()
    assert table["rating"].between(1, 10).all()
    assert (table["truth"] == (table["class"] != "Normal")).all()


def test_a_model_that_read_nothing_leaves_its_cells_empty():
    answers = tuple(answer for answer in drawn_answers(4))
    bare = AnswerSheet("A", LINK, tuple(type(one)(**{**vars(one), "probabilities": None}) for one in answers))
    assert read_answers(answers_csv(bare)) == bare


@pytest.mark.parametrize(
    ("text", "name"), [("=cmd|' /C calc'!A0", "cmd C calcA0"), ("+1", "1"), ("", "reader"), ("Dr. Ä-1", "Dr. Ä-1"), ("x" * 60, "x" * 40)]
)
def test_no_reader_is_a_formula(text, name):
    assert reader_name(text) == name


def damaged(change):
    table = pd.read_csv(io.BytesIO(answers_csv(drawn_sheet(films=4))), dtype=str, keep_default_na=False)
    return change(table).to_csv(index=False).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"reader,case\nA,1\n",
        damaged(lambda table: table.assign(confidence="9")),
        damaged(lambda table: table.assign(case="secret-name.png")),
        damaged(lambda table: table.assign(reader=[f"R{row}" for row in range(len(table))])),
        damaged(lambda table: table.assign(series="x")),
        damaged(lambda table: table.assign(left="2")),
        damaged(lambda table: table.assign(hit="maybe")),
        damaged(lambda table: table[table["modality"] == "with model"]),
        damaged(lambda table: table.head(0)),
    ],
)
def test_other_files_are_refused_in_a_sentence(content):
    with pytest.raises(PracticeError):
        read_answers(content)
