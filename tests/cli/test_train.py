"""What `train` takes and says; what it does is tested where it is done."""

import io
import shutil

import pytest
from rich.console import Console
from typer.testing import CliRunner

from cxr_core.cli import app
from cxr_core.data import open_collections
from cxr_core.training import Recipe
from tests.cli.running import invoke, one_line


def test_train_help_names_every_setting_of_the_recipe():
    done = CliRunner(env={"COLUMNS": "200", "TERM": "dumb"}).invoke(app, ["train", "--help"])
    written = {"init_sha256", "parent", "teacher_recipe", "data_sha256", "engine", "note"}
    assert done.exit_code == 0
    assert [name for name in set(Recipe.model_fields) - written if f"--{name.replace('_', '-')}" not in done.output] == []
    assert all(option in done.output for option in ("--data", "--out", "--resume", "--cache"))


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--size", "8"),
        ("--epochs", "0"),
        ("--augmentation", "wild"),
        ("--dropout", "1"),
        ("--schedule", "linear"),
        ("--learning-rate", "-1"),
        ("--crop", "heart"),
        ("--class-balance", "2"),
        ("--source-balance", "-1"),
        ("--epoch-films", "0"),
        ("--amplitudes", "2"),
        ("--surroundings", "-1"),
        ("--map-weight", "-1"),
        ("--appearance", "2"),
        ("--draws", "COVID=-1"),
    ],
)
def test_bad_value_is_one_sentence_that_names_the_option(tmp_path, option, value):
    message = one_line(invoke("train", "--data", tmp_path, "--out", tmp_path / "run", option, value))
    assert message.startswith(f"error: {option}: ")
    assert message.endswith(".\n")
    assert not (tmp_path / "run").exists()


def test_draws_that_are_no_numbers_are_one_sentence(tmp_path):
    for told in ("COVID", "COVID=often", "COVID="):
        message = one_line(invoke("train", "--data", tmp_path, "--out", tmp_path / "run", "--draws", told))
        assert message == f"error: --draws {told}: write it as COVID=0.3, or Normal/kermany=0.1.\n"


def test_value_of_the_wrong_kind_names_the_option(tmp_path):
    done = invoke("train", "--data", tmp_path, "--out", tmp_path / "run", "--epochs", "many")
    assert done.exit_code == 2
    assert "--epochs" in done.stderr


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--backbone", "ResNet"), "There is no backbone 'ResNet'"),
        (("--teacher", "nowhere"), "nowhere"),
        (("--backbone", "MobileNetV2", "--dilated"), "MobileNetV2 cannot be dilated"),
        (("--backbone", "Tiny", "--size", "64", "--init", "absent.weights.h5"), "There is no weights file absent.weights.h5"),
    ],
)
@pytest.mark.usefixtures("tiny")
def test_training_that_cannot_start_is_one_line(phantom_data, tmp_path, options, reason):
    assert reason in one_line(invoke("train", "--data", phantom_data, "--out", tmp_path / "run", "--cache", tmp_path / "cache", *options))


def test_kept_views_that_are_to_be_mixed_are_one_sentence(tmp_path):
    options = ("--trainable-layers", "20", "--amplitudes", "0.5")
    said = one_line(invoke("train", "--data", tmp_path, "--out", tmp_path / "run", *options))
    assert said.startswith("error: Kept views ")
    assert said.endswith("set views to 0.\n")


def test_file_system_errors_are_one_line(phantom_data, tmp_path):
    (tmp_path / "run").write_text("a file stands here")
    message = one_line(invoke("train", "--data", phantom_data, "--out", tmp_path / "run", "--init", "none"))
    assert message.startswith("error: ")
    assert str(tmp_path / "run") in message


def test_training_shows_how_far_the_search_for_near_duplicates_is(phantom_data, tmp_path, monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr("cxr_core.cli.console.stderr", Console(file=screen, force_terminal=True, width=120))
    monkeypatch.setattr("cxr_core.training.fit.train", lambda *_, **__: None)
    total = len(open_collections([phantom_data]).films)
    assert invoke("train", "--data", phantom_data, "--out", tmp_path / "run").exit_code == 0
    assert "Looking for near-duplicates" in screen.getvalue()
    assert f"{total}/{total}" in screen.getvalue()


def test_a_manifest_shows_no_search(phantom_data, tmp_path, monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr("cxr_core.cli.console.stderr", Console(file=screen, force_terminal=True, width=120))
    monkeypatch.setattr("cxr_core.training.fit.train", lambda *_, **__: None)
    data = shutil.copytree(phantom_data, tmp_path / "data")
    open_collections([phantom_data]).films.to_csv(data / "manifest.csv", index=False)
    assert invoke("train", "--data", data, "--out", tmp_path / "run").exit_code == 0
    assert "near-duplicates" not in screen.getvalue()


def test_the_split_does_not_hang_on_the_seed(phantom_data, tmp_path, monkeypatch):
    indexes = []
    monkeypatch.setattr("cxr_core.training.fit.train", lambda recipe, index, *_, **__: indexes.append((recipe.seed, index)))
    for seed in (0, 5):
        assert invoke("train", "--data", phantom_data, "--out", tmp_path / "run", "--seed", seed).exit_code == 0
    assert [seed for seed, _ in indexes] == [0, 5]
    # What evaluation will report on is what neither run was trained on.
    for _, index in indexes:
        assert index.equals(open_collections([phantom_data]).films)
