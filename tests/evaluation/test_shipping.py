"""Weights of a training run become those that are shipped, with what was measured of them, or nothing changes."""

import json
import shutil
from dataclasses import replace

import pytest

from cxr_core.artifacts import (
    CARD_FILE,
    COMPANION_FILE,
    SHIPPED_MODEL,
    WEIGHTS_FILE,
    WeightsMissingError,
    file_sha256,
    read_card,
    read_identity,
)
from cxr_core.data import DataSetError, open_collections
from cxr_core.evaluation import evaluate, model_folder, ship, staged_run
from cxr_core.gate import InputGate
from cxr_core.labels import CLASS_NAMES
from cxr_core.models import Classifier
from cxr_core.training import BEST_WEIGHTS, Recipe, RunError
from tests.evaluating import quickly


@pytest.fixture(scope="module", autouse=True)
def quick_evaluations():
    with quickly():
        yield


@pytest.fixture
def run(tiny_model, phantom_data, tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    start = tmp_path / "start.weights.h5"
    start.write_bytes(b"start")
    recipe = Recipe(backbone="Tiny", size=64, init=str(start)).pinned(open_collections([phantom_data]).films)
    recipe.model_copy(update={"teacher": str(tmp_path / "teacher"), "teacher_recipe": recipe, "parent": recipe}).save(folder)
    # The same weights in another file: the hash must be the run's, not the one of the model folder before.
    shutil.copyfile(tiny_model / WEIGHTS_FILE, folder / BEST_WEIGHTS)
    with open(folder / BEST_WEIGHTS, "ab") as file:
        file.write(b"\0")
    (folder / "checkpoint-001.weights.h5").write_bytes(b"")
    state = {"checkpoint": "checkpoint-001.weights.h5", "history": [{"epoch": 1, "val_accuracy": 0.5}], "best": 0.5}
    (folder / "state.json").write_text(json.dumps(state))
    return folder


@pytest.fixture
def model(tiny_model, tmp_path):
    return shutil.copytree(tiny_model, tmp_path / "model")


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_staged_run_lies_beside_the_model_folder_and_is_gone_afterwards(run, model):
    before = contents(model)
    with staged_run(run, model) as (staged, training):
        assert staged.parent == model.parent
        assert read_identity(staged).sha256 == file_sha256(run / BEST_WEIGHTS)
        assert Classifier.load_unfitted(staged).identity.backbone == "Tiny"
        assert training.history == [{"epoch": 1, "val_accuracy": 0.5}]
        assert "; then 10 epochs at 64 px; taught by a Tiny that started from" in training.started_from
        assert contents(model) == before
    assert not staged.exists()


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


@pytest.mark.slow
def test_a_shipped_run_replaces_weights_and_card_and_names_no_folder_of_the_machine(run, model, phantom_data, tmp_path):
    with staged_run(run, model) as (staged, training):
        evaluation = evaluate(staged, open_collections([phantom_data]), "val", training, "the command", lambda *_: None)
        ship(evaluation, staged, model)
    assert contents(model)[WEIGHTS_FILE] == (run / BEST_WEIGHTS).read_bytes()
    assert read_card(model) == evaluation.card
    assert Classifier.load(model).identity == evaluation.card.model
    assert Classifier.load(model).calibration == evaluation.calibration
    assert InputGate.load(model).limits == evaluation.gate.limits
    text = (model / CARD_FILE).read_text()
    assert str(tmp_path) not in text
    assert str(phantom_data) not in text
    found = list(strings(json.loads(text)))
    assert "start.weights.h5" in found
    assert not [string for string in found if string.startswith(("/", "~")) or ":\\" in string]


def test_a_run_is_shipped_under_its_backbone(run):
    assert model_folder(run) == SHIPPED_MODEL.parent / "tiny"


@pytest.mark.parametrize("error", [DataSetError("no films"), KeyboardInterrupt()], ids=["data", "interrupt"])
def test_failed_evaluation_leaves_what_was_there(run, model, error):
    before = contents(model)
    with pytest.raises(type(error)), staged_run(run, model):
        raise error
    assert contents(model) == before
    assert not list(model.parent.glob(".staged-*"))


def test_unfinished_run_is_refused_and_nothing_is_touched(run, model):
    before = contents(model)
    (run / BEST_WEIGHTS).unlink()
    with pytest.raises(WeightsMissingError, match="no finished epoch"), staged_run(run, model):
        pytest.fail("an unfinished run was staged")
    assert contents(model) == before


@pytest.fixture
def companion(run, tmp_path):
    return shutil.copytree(run, tmp_path / "companion")


@pytest.mark.slow
def test_a_run_is_shipped_with_its_companion_averaged_as_fits_the_validation_films(run, companion, model, phantom_data):
    films = open_collections([phantom_data])
    with staged_run(run, model, companion) as (staged, training):
        assert read_identity(staged).companion.share == 0.5
        evaluation = evaluate(staged, films, "val", training, "the command", lambda *_: None)
        ship(evaluation, staged, model)
    card = read_card(model)
    average = card.model.companion
    assert (average.backbone, len(average.shift)) == ("Tiny", len(CLASS_NAMES))
    assert any(average.shift)  # halves and no shift are what they started from
    assert card.training.companion.recipe["backbone"] == "Tiny"
    assert set(card.elsewhere.disagreement) == {"own"}
    assert card.elsewhere.disagreement["own"].apart.value == 0  # it is the same network
    assert Classifier.load(model).identity == card.model
    alone = card.model.model_copy(update={"companion": None})
    with staged_run(run, model) as (staged, _):  # without a companion the file of the last one goes
        ship(replace(evaluation, card=card.model_copy(update={"model": alone})), staged, model)
    assert not (model / COMPANION_FILE).exists()


def test_a_companion_with_a_dilated_last_stage_is_built_so(run, companion, model):
    Recipe.load(companion).model_copy(update={"dilated": True}).save(companion)
    with staged_run(run, model, companion) as (staged, _):
        assert read_identity(staged).companion.dilated


def test_a_companion_that_sees_other_films_is_refused(run, companion, model):
    Recipe.load(companion).model_copy(update={"crop": "none"}).save(companion)
    with pytest.raises(RunError, match="at another size or crop"), staged_run(run, model, companion):
        pytest.fail("it was staged")
