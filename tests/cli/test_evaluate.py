"""What `evaluate` measures, writes and ships."""

import shutil
from types import SimpleNamespace

import cv2
import pytest

from cxr_core.artifacts import CARD_FILE, WEIGHTS_FILE, ModelError, read_card
from cxr_core.data import open_collections
from cxr_core.files import sole_use
from cxr_core.training import BEST_WEIGHTS, Recipe
from tests.cli.running import invoke, one_line
from tests.dicoms import dicom_bytes
from tests.evaluating import quickly


@pytest.fixture(autouse=True)
def quick_evaluations():
    with quickly():
        yield


@pytest.mark.slow
def test_evaluate_writes_the_card_that_it_prints(model, phantom_data):
    before = read_card(model)
    done = invoke("evaluate", "--data", phantom_data, "--model", model)
    assert done.exit_code == 0, done.stderr
    card = read_card(model)
    assert card != before
    assert card.results.films == (open_collections([phantom_data]).films["split"] == "test").sum()
    assert card.model == before.model
    assert card.training == before.training
    assert f"accuracy {card.results.accuracy.value:.3f}" in done.stdout
    assert card.model.version in done.stdout
    assert str(phantom_data) not in (model / CARD_FILE).read_text()


@pytest.fixture
def run(tiny_model, tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    Recipe(backbone="Tiny", size=64, init="none", seed=9).save(folder)
    shutil.copyfile(tiny_model / WEIGHTS_FILE, folder / BEST_WEIGHTS)
    return folder


@pytest.mark.slow
def test_evaluate_ships_a_run(run, phantom_data, tmp_path):
    done = invoke("evaluate", "--data", phantom_data, "--run", run, "--model", tmp_path / "shipped", "--split", "val")
    assert done.exit_code == 0, done.stderr
    card = read_card(tmp_path / "shipped")
    assert card.training.recipe["seed"] == 9
    assert card.training.started_from == "random weights"
    assert card.data.split == "val"
    assert invoke("predict", next(phantom_data.glob("COVID/images/*")), "--model", tmp_path / "shipped").exit_code == 0


@pytest.fixture(scope="module")
def dicom_data(phantom_data, tmp_path_factory):
    """The phantoms as DICOM films, of which two cannot be read."""
    folder = tmp_path_factory.mktemp("dicom") / "films"
    for number, path in enumerate(sorted(phantom_data.rglob("*.png"))):
        samples = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        written = (folder / path.relative_to(phantom_data)).with_suffix(".dcm")
        written.parent.mkdir(parents=True, exist_ok=True)
        data = dicom_bytes(samples, bits=8, WindowCenter=128, WindowWidth=256)
        written.write_bytes(data[:-500] if number in (3, 40) else data)
    return folder


@pytest.mark.slow
@pytest.mark.usefixtures("tiny")
def test_dicom_films_are_trained_on_and_measured_and_the_card_counts_the_broken(dicom_data, phantom_data, tmp_path):
    few = ("--backbone", "Tiny", "--size", "64", "--init", "none", "--epochs", "1", "--crop", "none")
    given = ("--data", dicom_data, "--skip-broken")
    done = invoke("train", *given, "--out", tmp_path / "run", *few)
    assert done.exit_code == 0, done.stderr
    assert (tmp_path / "run" / BEST_WEIGHTS).is_file()
    done = invoke("evaluate", *given, "--run", tmp_path / "run", "--model", tmp_path / "shipped")
    assert done.exit_code == 0, done.stderr
    card = read_card(tmp_path / "shipped")
    films = open_collections([dicom_data], skip_broken=True).films
    assert card.data.broken == 2
    assert len(films) == len(list(phantom_data.rglob("*.png"))) - 2
    assert sum(sum(classes.values()) for classes in card.data.counts.values()) == len(films)
    assert card.results.films == (films["split"] == "test").sum()


def test_failed_evaluation_of_a_run_leaves_the_model_folder(run, model, phantom_data):
    before = {path.name: path.read_bytes() for path in model.iterdir()}
    assert "no split 'dev'" in one_line(invoke("evaluate", "--data", phantom_data, "--run", run, "--model", model, "--split", "dev"))
    assert {path.name: path.read_bytes() for path in model.iterdir()} == before


@pytest.mark.parametrize("of_a_run", [False, True])
def test_model_folder_of_another_run_is_left_to_it(run, model, phantom_data, of_a_run):
    before = {path.name: path.read_bytes() for path in model.iterdir()}
    with sole_use(model):
        more = ("--run", run) if of_a_run else ()
        said = invoke("evaluate", "--data", phantom_data, "--model", model, *more).stderr.splitlines()
    assert said[-1].startswith("error: Another run writes into")
    assert {path.name: path.read_bytes() for path in model.iterdir()} == before


@pytest.mark.parametrize("missing", ["run", "companion", "model"])
def test_folders_are_looked_at_before_any_film(run, phantom_data, tmp_path, monkeypatch, missing):
    monkeypatch.setattr("cxr_core.cli.evaluate.open_data", lambda *_: pytest.fail("films were looked at"))
    nowhere = tmp_path / "nowhere"
    more = {
        "run": ["--run", nowhere, "--model", tmp_path / "shipped"],
        "companion": ["--run", run, "--companion", nowhere, "--model", tmp_path / "shipped"],
        "model": ["--model", nowhere],
    }
    assert str(nowhere) in one_line(invoke("evaluate", "--data", phantom_data, *more[missing]))


def test_the_cards_command_names_as_many_collections_as_were_given(model, phantom_data, monkeypatch):
    def told(folder, films, split, training, command, *_):
        raise ModelError(command)

    monkeypatch.setattr("cxr_core.evaluation.evaluate", told)
    monkeypatch.setattr("cxr_core.cli.evaluate.open_data", lambda *_: None)
    monkeypatch.setattr("cxr_core.evaluation.gather", lambda *_: SimpleNamespace(notes=[]))
    once, twice = (one_line(invoke("evaluate", *["--data", phantom_data] * times, "--model", model)) for times in (1, 2))
    assert "evaluate --data DIR --split test" in once
    assert "evaluate --data DIR --data DIR --split test" in twice


def test_evaluate_without_data_is_one_line(model, tmp_path):
    assert "no data folder" in one_line(invoke("evaluate", "--data", tmp_path / "nowhere", "--model", model))
