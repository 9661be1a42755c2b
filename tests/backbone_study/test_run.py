"""The study on drawn films: killed in the middle, gone on with, and its rows."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from unittest import mock

import pytest

from cxr_core.artifacts import ModelCard, read_card, read_study
from cxr_core.backbone_study import results_folder, shipped_row, write_row
from cxr_core.data import index_sha256
from cxr_core.models import BACKBONES
from cxr_core.training import load_state
from tests.cards import drawn_run, write_study
from tests.cli.running import invoke
from tests.tiny import register

REPOSITORY = Path(__file__).parents[2]
NAMES = [f"{name}-none-last4-64px-1epochs-seed3" for name in ("densenet121", "inceptionv3", "mobilenetv2")]
STAND_INS = """
from tests.tiny import register
register("DenseNet121", "InceptionV3", "MobileNetV2")
from cxr_core.cli import app
app()
"""
"""A small network in the place of each of the three."""


def whole_study(data, folder):
    """What the command line is given."""
    words = ["study", "--data", data, "--out", folder / "runs", "--results", folder / "results", "--cache", folder / "cache"]
    words += ["--init", "none", "--size", 64, "--epochs", 1, "--refine-epochs", 1, "--seed", 3, "--trainable-layers", 4]
    return list(map(str, words))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("study")


@pytest.fixture(scope="module")
def killed(phantom_data, folder):
    """Kill the study when its first backbone is done and the second under way."""
    command = [sys.executable, "-c", STAND_INS, *whole_study(phantom_data, folder)]
    process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    first = folder / "results" / f"{NAMES[0]}.json"
    deadline = time.monotonic() + 400
    while not first.is_file():
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline, "the first row was never written"
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    return load_state(folder / "runs" / NAMES[0]).history


@pytest.fixture(scope="module")
def finished(killed, phantom_data, folder):
    with mock.patch.dict(BACKBONES):
        register("DenseNet121", "InceptionV3", "MobileNetV2")
        done = invoke(*whole_study(phantom_data, folder))
    assert done.exit_code == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def rows(finished, folder):
    return {row.name: row for row in read_study(folder / "results")}


@pytest.mark.slow
def test_every_backbone_and_the_refined_winner_have_a_row(rows):
    three = set(NAMES)
    assert three < set(rows)
    (refined,) = set(rows) - three
    winner = rows[refined.removesuffix("-1epochs-refined")]
    assert winner.history[-1]["val_accuracy"] == max(rows[name].history[-1]["val_accuracy"] for name in three)
    assert rows[refined].trainable_layers is None
    assert rows[refined].started_from == "random weights; then 1 epoch at 64 px"


@pytest.mark.slow
def test_rows_are_of_the_test_split(rows, phantom_index):
    index = phantom_index
    for row in rows.values():
        assert row.results.films == (index["split"] == "test").sum()
        assert row.groups == index.loc[index["split"] == "test", "group"].tolist()


@pytest.mark.slow
def test_what_was_done_before_the_kill_is_not_done_again(rows, killed):
    assert rows[NAMES[0]].history == killed


@pytest.mark.slow
def test_rows_name_no_folder_of_the_machine(rows, folder, phantom_data):
    for path in (folder / "results").iterdir():
        text = path.read_text()
        assert str(folder) not in text
        assert str(phantom_data) not in text


@pytest.mark.slow
def test_output_is_the_files_that_were_written(finished, folder):
    assert sorted(finished.split()) == sorted(str(path) for path in (folder / "results").iterdir())


def test_rows_on_another_data_set_than_the_pages_stay_in_the_studys_folder(tmp_path, phantom_index, monkeypatch):
    of_phantoms = index_sha256(phantom_index)
    ours = tmp_path / "ours"
    monkeypatch.setattr("cxr_core.backbone_study.run.STUDY_FOLDER", ours)
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
