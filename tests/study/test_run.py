"""The study on drawn films: killed in the middle, gone on with, and its rows."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cxr_core.card import ModelCard, read_card, read_study
from cxr_core.study import results_folder, shipped_row, write_row
from cxr_core.training.index import index_sha256, read_index
from cxr_core.training.run import load_state
from tests.cards import drawn_run, write_study

REPOSITORY = Path(__file__).parents[2]


def start(data, folder, *options):
    command = [sys.executable, "-m", "cxr_core", "study", "--data", data, "--out", folder / "runs", "--results", folder / "results"]
    settings = ["--cache", folder / "cache", "--init", "none", "--size", 80, "--epochs", 1, "--refine-epochs", 1, "--seed", 3]
    return subprocess.Popen(
        [*map(str, [*command, *settings, *options])], cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("study")


@pytest.fixture(scope="module")
def killed(phantom_data, folder):
    """Kill the study when its first backbone is done and the second under way."""
    process = start(phantom_data, folder)
    first = folder / "results" / "densenet121-none-last20-80px-1epochs-seed3.json"
    deadline = time.monotonic() + 400
    while not first.is_file():
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline, "the first row was never written"
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    return load_state(folder / "runs" / "densenet121-none-last20-80px-1epochs-seed3").history


@pytest.fixture(scope="module")
def finished(killed, phantom_data, folder):
    process = start(phantom_data, folder)
    output, errors = process.communicate(timeout=500)
    assert process.returncode == 0, errors
    return output


@pytest.fixture(scope="module")
def rows(finished, folder):
    return {row.name: row for row in read_study(folder / "results")}


@pytest.mark.slow
def test_every_backbone_and_the_refined_winner_have_a_row(rows):
    three = {f"{name}-none-last20-80px-1epochs-seed3" for name in ("densenet121", "inceptionv3", "mobilenetv2")}
    assert three < set(rows)
    (refined,) = set(rows) - three
    winner = rows[refined.removesuffix("-1epochs-refined")]
    assert winner.history[-1]["val_accuracy"] == max(rows[name].history[-1]["val_accuracy"] for name in three)
    assert rows[refined].trainable_layers is None
    assert rows[refined].started_from == "random weights; then 1 epoch at 80 px"


@pytest.mark.slow
def test_rows_are_of_the_test_split(rows, phantom_data):
    index = read_index(phantom_data)
    for row in rows.values():
        assert row.results.films == (index["split"] == "test").sum()
        assert row.groups == index.loc[index["split"] == "test", "group"].tolist()


@pytest.mark.slow
def test_what_was_done_before_the_kill_is_not_done_again(rows, killed):
    assert rows["densenet121-none-last20-80px-1epochs-seed3"].history == killed


@pytest.mark.slow
def test_rows_name_no_folder_of_the_machine(rows, folder, phantom_data):
    for path in (folder / "results").iterdir():
        text = path.read_text()
        assert str(folder) not in text
        assert str(phantom_data) not in text


@pytest.mark.slow
def test_output_is_the_files_that_were_written(finished, folder):
    assert sorted(finished.split()) == sorted(str(path) for path in (folder / "results").iterdir())


def test_rows_on_another_data_set_than_the_pages_stay_in_the_studys_folder(tmp_path, phantom_data, monkeypatch):
    of_phantoms = index_sha256(read_index(phantom_data))
    ours = tmp_path / "ours"
    monkeypatch.setattr("cxr_core.study.run.STUDY_FOLDER", ours)
    assert results_folder(tmp_path, of_phantoms) == ours  # nothing there yet
    write_study(ours, [drawn_run("one", "DenseNet121", 2.0)])
    assert results_folder(tmp_path, of_phantoms) == tmp_path / "results"
    assert results_folder(tmp_path, drawn_run("one", "DenseNet121", 2.0).index_sha256) == ours


def test_shipped_classifier_has_a_row_without_training(tiny_model, tmp_path):
    card = read_card(tiny_model)
    card = ModelCard.model_validate(
        card.model_dump()
        | {"data": card.data.model_dump() | {"counts": {"train": {"COVID": 40}}, "index_sha256": "0" * 64}}
        | {"training": card.training.model_dump() | {"history": [{"epoch": 1, "seconds": 2.5}, {"epoch": 2, "seconds": 2.0}]}}
    )
    row = shipped_row(tiny_model, card, "the command")
    assert row.results == card.results
    assert row.y_true == row.top_class == [0, 1, 2, 3]
    assert (row.epochs, row.seconds, row.films_seen) == (2, 4.5, 64)
    path = write_row(row, tmp_path / "results")
    assert path.name == "shipped.json"
    assert read_study(tmp_path / "results") == [row]
