"""The command line: what it prints where, and with which exit code."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from cxr_core.card import CARD_FILE, DOUBT_FILE, WEIGHTS_FILE, Doubt, read_card, read_doubt
from cxr_core.cli import app
from cxr_core.gate import GATE_FILE
from cxr_core.labels import CLASS_NAMES
from cxr_core.training.index import read_index
from cxr_core.training.recipe import Recipe
from cxr_core.training.run import BEST_WEIGHTS
from tests.cards import drawn_card, write_card
from tests.gates import open_gate

REPOSITORY = Path(__file__).parents[1]


def invoke(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def process(*arguments):
    command = [sys.executable, "-m", "cxr_core", *map(str, arguments)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def films(phantom_data, tmp_path_factory):
    bad = tmp_path_factory.mktemp("bad") / "bad.png"
    bad.write_text("not a film")
    good = [phantom_data / path for path in read_index(phantom_data)["path"][:3]]
    return [good[0], bad, *good[1:]]


@pytest.fixture
def model(tiny_model, tmp_path):
    return shutil.copytree(tiny_model, tmp_path / "model")


@pytest.mark.slow
def test_json_has_a_line_a_file_and_nothing_else(films, tiny_model):
    done = process("predict", *films, "--json", "--model", tiny_model)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["file"] for line in lines] == [str(path) for path in films]
    assert list(lines[1]) == ["file", "error"]
    assert "not an image" in lines[1]["error"]
    for line in (lines[0], *lines[2:]):
        assert list(line) == ["file", "probabilities", "top_class", "prediction_set", "model", "gate"]
        assert line["gate"] == {"outcome": "read", "reasons": []}
        assert list(line["probabilities"]) == list(CLASS_NAMES)
        assert sum(line["probabilities"].values()) == pytest.approx(1, abs=1e-5)
        assert line["top_class"] == max(line["probabilities"], key=line["probabilities"].get)
        thresholds = read_doubt(tiny_model, read_card(tiny_model).model).set_thresholds
        assert line["prediction_set"] == [name for name in CLASS_NAMES if line["probabilities"][name] >= thresholds[name]]
        assert line["model"] == read_card(tiny_model).model.version
    assert done.stderr == ""
    assert done.returncode == 1


@pytest.mark.slow
def test_text_goes_to_stdout_and_errors_to_stderr(films, tiny_model):
    done = process("predict", *films, "--model", tiny_model)
    lines = done.stdout.splitlines()
    assert [line.split(": ")[0] for line in lines] == [str(films[number]) for number in (0, 2, 3)]
    assert all(any(f": {name}  (" in line for name in CLASS_NAMES) for line in lines)
    assert done.stderr.splitlines() == [f"{films[1]}: The file is not an image, whatever its name says. Choose a PNG, JPEG or DICOM file."]
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("others", "sentence"),
    [(None, "None of the four fits"), (1, "The model cannot tell "), (3, "The model cannot tell any of the four classes apart here.")],
)
def test_text_names_the_set_where_it_is_not_the_top_class(films, model, others, sentence):
    top = json.loads(invoke("predict", films[0], "--json", "--model", model).stdout)["top_class"]
    names = [] if others is None else [top, *[name for name in CLASS_NAMES if name != top][:others]]
    doubt = read_doubt(model, read_card(model).model)
    changed = doubt.model_copy(update={"set_thresholds": {name: 0.0 if name in names else 1.0 for name in CLASS_NAMES}})
    (model / DOUBT_FILE).write_text(changed.model_dump_json())
    said = invoke("predict", films[0], "--model", model).stdout
    assert f"  {sentence}" in said
    assert others != 1 or all(name in said.partition(sentence)[2] for name in names)


def test_text_names_no_set_that_is_the_top_class(films, model):
    top = json.loads(invoke("predict", films[0], "--json", "--model", model).stdout)["top_class"]
    doubt = read_doubt(model, read_card(model).model)
    changed = Doubt(**doubt.model_dump() | {"set_thresholds": {name: 0.0 if name == top else 1.0 for name in CLASS_NAMES}})
    (model / DOUBT_FILE).write_text(changed.model_dump_json())
    assert ")  [mobilenetv2 " in invoke("predict", films[0], "--model", model).stdout


def test_text_says_that_the_top_class_is_not_in_the_set(films, model):
    top = json.loads(invoke("predict", films[0], "--json", "--model", model).stdout)["top_class"]
    other = next(name for name in CLASS_NAMES if name != top)
    doubt = read_doubt(model, read_card(model).model)
    changed = Doubt(**doubt.model_dump() | {"set_thresholds": {name: 0.0 if name == other else 1.0 for name in CLASS_NAMES}})
    (model / DOUBT_FILE).write_text(changed.model_dump_json())
    said = invoke("predict", films[0], "--model", model).stdout
    assert f"  {top} is the most probable class, but" in said
    assert f"; {other} cannot be excluded." in said


def test_model_without_its_doubt_is_one_line_on_stderr(films, model):
    (model / DOUBT_FILE).unlink()
    assert "so these weights have no calibrated probabilities" in one_line(invoke("predict", films[0], "--model", model))


@pytest.fixture
def strict_model(model):
    """A model whose gate refuses every film, as hardly any has a contrast above 1."""
    identity = read_card(model).model
    open_gate(identity.sha256, 1280, contrast=(1.0, 1.0)).save(model)
    return model


def test_refused_film_has_no_probabilities_and_is_no_error(films, strict_model):
    done = invoke("predict", films[0], "--json", "--model", strict_model)
    line = json.loads(done.stdout)
    assert list(line) == ["file", "model", "gate"]
    assert line["gate"]["outcome"] == "refused"
    assert line["gate"]["reasons"] == ["The picture has hardly any contrast."]
    assert done.exit_code == 0
    assert done.stderr == ""


def test_refused_film_is_read_all_the_same_by_force(films, strict_model):
    done = invoke("predict", films[0], "--json", "--force", "--model", strict_model)
    line = json.loads(done.stdout)
    assert list(line) == ["file", "probabilities", "top_class", "model", "gate"]  # no prediction set, which is of films that are read
    assert line["gate"]["outcome"] == "refused"
    assert done.exit_code == 0


def test_text_says_what_the_gate_says(films, strict_model):
    refused = invoke("predict", films[0], "--model", strict_model).stdout
    assert refused.startswith(f"{films[0]}: refused: The picture has hardly any contrast.  [mobilenetv2 ")
    assert not any(name in refused.removeprefix(str(films[0])) for name in CLASS_NAMES)
    forced = invoke("predict", films[0], "--force", "--model", strict_model).stdout
    assert "refused: The picture has hardly any contrast." in forced
    assert any(f": {name}  (" in forced for name in CLASS_NAMES)


def test_warning_stands_beside_the_probabilities(films, model):
    open_gate(read_card(model).model.sha256, 1280, contrast=(1.0, 0.0)).save(model)
    line = json.loads(invoke("predict", films[0], "--json", "--model", model).stdout)
    assert line["gate"] == {"outcome": "warning", "reasons": ["The picture has hardly any contrast."]}
    assert "probabilities" in line


def test_missing_gate_is_one_line_on_stderr(films, model):
    (model / GATE_FILE).unlink()
    assert "The input gate" in one_line(invoke("predict", films[0], "--model", model))


def test_help_of_predict_tells_of_the_gate():
    done = CliRunner(env={"COLUMNS": "200", "TERM": "dumb"}).invoke(app, ["predict", "--help"])
    assert "--force" in done.output
    assert "exit code stays 0" in " ".join(done.output.split())


@pytest.fixture(scope="module")
def oddly_named(films, tmp_path_factory):
    """A film and a text file whose names are no UTF-8, and a film whose name is no ASCII."""
    folder = os.fsencode(tmp_path_factory.mktemp("odd"))
    names = [b"film-\xff.png", b"text-\xfe.png", "Aufnahme-ä€.png".encode()]
    try:
        for name in names:
            shutil.copyfile(films[0], os.path.join(folder, name))
        Path(os.fsdecode(os.path.join(folder, names[1]))).write_text("not a film")
    except OSError:
        pytest.skip("this file system takes no such names")
    return [Path(os.fsdecode(os.path.join(folder, name))) for name in names]


PRINTABLE = [r"film-\xff.png", r"text-\xfe.png", "Aufnahme-ä€.png"]


@pytest.mark.slow
@pytest.mark.skipif(sys.getfilesystemencoding() != "utf-8", reason="names are shown as this system spells them")
def test_names_that_are_no_text_are_printed_all_the_same(oddly_named, tiny_model):
    command = [sys.executable, "-m", "cxr_core", "predict", *oddly_named, "--model", tiny_model]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=False)
    lines = done.stdout.decode("utf-8").splitlines()
    assert [Path(line.split(": ")[0]).name for line in lines] == [PRINTABLE[0], PRINTABLE[2]]
    assert [Path(line.split(": ")[0]).name for line in done.stderr.decode("utf-8").splitlines()] == [PRINTABLE[1]]
    assert done.returncode == 1


@pytest.mark.skipif(sys.getfilesystemencoding() != "utf-8", reason="names are shown as this system spells them")
def test_names_that_are_no_text_leave_the_json_valid(oddly_named, tiny_model):
    done = invoke("predict", *oddly_named, "--json", "--model", tiny_model)
    names = [json.loads(line)["file"] for line in done.stdout_bytes.decode("utf-8").splitlines()]
    assert [Path(name).name for name in names] == PRINTABLE
    assert all(name.encode("utf-8") for name in names)  # no lone surrogate, which strict readers of JSON refuse
    assert done.exit_code == 1


def test_all_good_files_exit_with_0(films, tiny_model):
    done = invoke("predict", films[0], films[2], "--json", "--model", tiny_model)
    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) == 2
    assert done.stderr == ""


def test_absent_file_is_reported_in_its_place(films, tiny_model):
    done = invoke("predict", "absent.png", films[0], "--json", "--model", tiny_model)
    first, second = map(json.loads, done.stdout.splitlines())
    assert first == {"file": "absent.png", "error": "The file cannot be opened: No such file or directory."}
    assert second["file"] == str(films[0])
    assert done.exit_code == 1


@pytest.mark.slow
def test_missing_model_is_one_line_on_stderr(films, tmp_path):
    done = process("predict", films[0], "--model", tmp_path / "nowhere")
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(f"error: There is no model card {tmp_path / 'nowhere'}")
    assert done.returncode == 1


def one_line(done):
    assert done.exit_code == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


def test_damaged_weights_are_one_line_on_stderr(films, model):
    (model / WEIGHTS_FILE).write_bytes(b"damaged")
    assert one_line(invoke("predict", films[0], "--model", model)).startswith(f"error: The weights file {model / WEIGHTS_FILE} is not")


@pytest.mark.slow
def test_evaluate_writes_the_card_that_it_prints(model, phantom_data):
    before = read_card(model)
    done = invoke("evaluate", "--data", phantom_data, "--model", model)
    assert done.exit_code == 0, done.stderr
    card = read_card(model)
    assert card != before
    assert card.results.films == (read_index(phantom_data)["split"] == "test").sum()
    assert card.model == before.model
    assert card.training == before.training
    assert f"accuracy {card.results.accuracy.value:.3f}" in done.stdout
    assert card.model.version in done.stdout
    assert str(phantom_data) not in (model / CARD_FILE).read_text()


def test_card_shows_what_was_measured_of_doubt_and_gate(tmp_path):
    card, reads = drawn_card()
    done = invoke("card", "--model", write_card(tmp_path / "model", card, reads))
    assert done.exit_code == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert f"prediction sets hold the true class of {card.doubt.coverage}" in text
    assert f"input gate: refused {card.gate.refused} of 400, warned of {card.gate.warned}" in text
    assert "input gate: refused 0.967 of 120 pictures of other things" in text
    assert text.count("input gate: films ") == len(card.gate.changed)
    assert f"by {card.saliency.deletion.gain} in deletion, {card.saliency.insertion.gain} in insertion" in text


def test_card_without_doubt_and_gate_is_shown(tmp_path):
    card, reads = drawn_card()
    bare = card.model_copy(update={"doubt": None, "gate": None, "saliency": None})
    done = invoke("card", "--model", write_card(tmp_path / "model", bare, reads))
    assert done.exit_code == 0, done.stderr
    assert "input gate" not in done.stdout
    assert "saliency" not in done.stdout
    assert "prediction sets" not in done.stdout


@pytest.fixture
def run(tiny_model, tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    Recipe(backbone="MobileNetV2", size=64, init="none", seed=9).save(folder)
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


def test_failed_evaluation_of_a_run_leaves_the_model_folder(run, model, phantom_data):
    before = {path.name: path.read_bytes() for path in model.iterdir()}
    assert "no split 'dev'" in one_line(invoke("evaluate", "--data", phantom_data, "--run", run, "--model", model, "--split", "dev"))
    assert {path.name: path.read_bytes() for path in model.iterdir()} == before


def test_evaluate_without_data_is_one_line(model, tmp_path):
    assert "no data folder" in one_line(invoke("evaluate", "--data", tmp_path / "nowhere", "--model", model))


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_help_names_the_commands(arguments):
    shown = invoke(*arguments).output
    assert all(name in shown for name in ("predict", "train", "evaluate"))
    assert "not a medical device" in " ".join(shown.split())


def test_train_help_names_every_setting_of_the_recipe():
    done = CliRunner(env={"COLUMNS": "200", "TERM": "dumb"}).invoke(app, ["train", "--help"])
    written = {"init_sha256", "parent", "teacher_recipe", "data_sha256"}
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
    ],
)
def test_bad_value_is_one_sentence_that_names_the_option(tmp_path, option, value):
    message = one_line(invoke("train", "--data", tmp_path, "--out", tmp_path / "run", option, value))
    assert message.startswith(f"error: {option}: ")
    assert message.endswith(".\n")
    assert not (tmp_path / "run").exists()


def test_value_of_the_wrong_kind_names_the_option(tmp_path):
    done = invoke("train", "--data", tmp_path, "--out", tmp_path / "run", "--epochs", "many")
    assert done.exit_code == 2
    assert "--epochs" in done.stderr


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--backbone", "ResNet"), "There is no backbone 'ResNet'"),
        (("--teacher", "nowhere"), "nowhere"),
        (("--backbone", "MobileNetV2", "--size", "64", "--init", "absent.weights.h5"), "There is no weights file absent.weights.h5"),
    ],
)
def test_training_that_cannot_start_is_one_line(phantom_data, tmp_path, options, reason):
    assert reason in one_line(invoke("train", "--data", phantom_data, "--out", tmp_path / "run", "--cache", tmp_path / "cache", *options))


def test_file_system_errors_are_one_line(phantom_data, tmp_path):
    (tmp_path / "run").write_text("a file stands here")
    message = one_line(invoke("train", "--data", phantom_data, "--out", tmp_path / "run", "--init", "none"))
    assert message.startswith("error: ")
    assert str(tmp_path / "run") in message


def test_training_shows_how_far_the_search_for_near_duplicates_is(phantom_data, tmp_path, monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr("cxr_core.cli._stderr", Console(file=screen, force_terminal=True, width=120))
    monkeypatch.setattr("cxr_core.training.fit.train", lambda *_, **__: None)
    total = len(read_index(phantom_data))
    assert invoke("train", "--data", phantom_data, "--out", tmp_path / "run").exit_code == 0
    assert "Looking for near-duplicates" in screen.getvalue()
    assert f"{total}/{total}" in screen.getvalue()


def test_a_manifest_shows_no_search(phantom_data, tmp_path, monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr("cxr_core.cli._stderr", Console(file=screen, force_terminal=True, width=120))
    monkeypatch.setattr("cxr_core.training.fit.train", lambda *_, **__: None)
    data = shutil.copytree(phantom_data, tmp_path / "data")
    read_index(phantom_data).to_csv(data / "manifest.csv", index=False)
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
        assert index.equals(read_index(phantom_data))
