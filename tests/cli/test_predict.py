"""What `predict` prints where, and with which exit code."""

import gzip
import json
import os
import shutil
import struct
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cxr_core.artifacts import CALIBRATION_FILE, WEIGHTS_FILE, Calibration, read_calibration, read_card
from cxr_core.cli import app
from cxr_core.data import open_collections
from cxr_core.gate import GATE_FILE, PASSED
from cxr_core.labels import CLASS_NAMES, in_words
from tests.cli.running import invoke, one_line, process
from tests.gates import open_gate
from tests.tiny import CHANNELS

pytestmark = pytest.mark.slow

ABOUT = ["schema", "file", "model", "model_sha256", "device", "gate"]
FLAT = {"code": "low_contrast", "reason": "The picture has hardly any contrast."}


@pytest.fixture(scope="module")
def films(phantom_data, tmp_path_factory):
    bad = tmp_path_factory.mktemp("bad") / "bad.png"
    bad.write_text("not a film")
    good = [phantom_data / path for path in open_collections([phantom_data]).films["path"][:3]]
    return [good[0], bad, *good[1:]]


def test_json_has_a_line_a_file_and_nothing_else(films, tiny_model):
    done = invoke("predict", *films, "--json", "--model", tiny_model)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["file"] for line in lines] == [str(path) for path in films]
    assert list(lines[1]) == ["schema", "file", "error"]
    assert "not an image" in lines[1]["error"]
    for line in (lines[0], *lines[2:]):
        assert list(line) == [*ABOUT, "probabilities", "top_class", "prediction_set"]
        assert line["gate"] == {"outcome": "read", "meaning": PASSED, "findings": []}
        assert list(line["probabilities"]) == list(CLASS_NAMES)
        assert sum(line["probabilities"].values()) == pytest.approx(1, abs=1e-5)
        assert line["top_class"] == max(line["probabilities"], key=line["probabilities"].get)
        thresholds = read_calibration(tiny_model, read_card(tiny_model).model).set_thresholds
        assert line["prediction_set"] == [name for name in CLASS_NAMES if line["probabilities"][name] >= thresholds[name]]
        assert line["model"] == read_card(tiny_model).model.version
    assert done.stderr == ""
    assert done.exit_code == 1


def test_text_goes_to_stdout_and_errors_to_stderr(films, tiny_model):
    done = process("predict", *films, "--model", tiny_model, tiny=True)  # its own process: nothing that is loaded adds a word
    *lines, last = done.stdout.splitlines()
    assert last.startswith("Nobody has measured how often the model is right")
    assert [line.split(": ")[0] for line in lines] == [str(films[number]) for number in (0, 2, 3)]
    assert all(any(f": {in_words(name)}  (" in line for name in CLASS_NAMES) for line in lines)
    assert done.stderr.splitlines() == [f"{films[1]}: The file is not an image, whatever its name says. Choose a PNG, JPEG or DICOM file."]
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("others", "sentence"),
    [(None, "None of the four fits"), (1, "The model cannot tell "), (3, "The model cannot tell any of the four classes apart here.")],
)
def test_text_names_the_set_where_it_is_not_the_top_class(films, model, others, sentence):
    top = json.loads(invoke("predict", films[0], "--json", "--model", model).stdout)["top_class"]
    names = [] if others is None else [top, *[name for name in CLASS_NAMES if name != top][:others]]
    calibration = read_calibration(model, read_card(model).model)
    changed = calibration.model_copy(update={"set_thresholds": {name: 0.0 if name in names else 1.0 for name in CLASS_NAMES}})
    (model / CALIBRATION_FILE).write_text(changed.model_dump_json())
    said = invoke("predict", films[0], "--model", model).stdout
    assert f"  {sentence}" in said
    assert others != 1 or all(in_words(name) in said.partition(sentence)[2] for name in names)


def test_text_names_no_set_that_is_the_top_class(films, model):
    top = json.loads(invoke("predict", films[0], "--json", "--model", model).stdout)["top_class"]
    calibration = read_calibration(model, read_card(model).model)
    changed = Calibration(**calibration.model_dump() | {"set_thresholds": {name: 0.0 if name == top else 1.0 for name in CLASS_NAMES}})
    (model / CALIBRATION_FILE).write_text(changed.model_dump_json())
    assert ")  [tiny " in invoke("predict", films[0], "--model", model).stdout


def test_text_says_that_the_top_class_is_not_in_the_set(films, model):
    top = json.loads(invoke("predict", films[0], "--json", "--model", model).stdout)["top_class"]
    other = next(name for name in CLASS_NAMES if name != top)
    calibration = read_calibration(model, read_card(model).model)
    changed = Calibration(**calibration.model_dump() | {"set_thresholds": {name: 0.0 if name == other else 1.0 for name in CLASS_NAMES}})
    (model / CALIBRATION_FILE).write_text(changed.model_dump_json())
    said = invoke("predict", films[0], "--model", model).stdout
    assert f"  {in_words(top)} is the most probable class, but" in said
    assert f"; {in_words(other)} cannot be excluded." in said


def test_model_without_its_calibration_is_one_line_on_stderr(films, model):
    (model / CALIBRATION_FILE).unlink()
    assert "so these weights have no calibrated probabilities" in one_line(invoke("predict", films[0], "--model", model))


@pytest.fixture
def strict_model(model):
    """A model whose gate refuses every film, as hardly any has a contrast above 1."""
    identity = read_card(model).model
    open_gate(identity.sha256, CHANNELS, contrast=(1.0, 1.0)).save(model)
    return model


def test_refused_film_has_no_probabilities_and_is_no_error(films, strict_model):
    done = invoke("predict", films[0], "--json", "--model", strict_model)
    line = json.loads(done.stdout)
    assert list(line) == ABOUT
    assert line["gate"] == {"outcome": "refused", "findings": [FLAT | {"severity": "refused"}]}
    assert done.exit_code == 0
    assert done.stderr == ""


def test_refused_film_is_read_all_the_same_by_force(films, strict_model):
    done = invoke("predict", films[0], "--json", "--force", "--model", strict_model)
    line = json.loads(done.stdout)
    assert list(line) == [*ABOUT, "probabilities", "top_class"]  # no prediction set, which is of films that are read
    assert line["gate"]["outcome"] == "refused"
    assert done.exit_code == 0


def test_text_says_what_the_gate_says(films, strict_model):
    refused = invoke("predict", films[0], "--model", strict_model).stdout
    assert refused.startswith(f"{films[0]}: refused: The picture has hardly any contrast.  [tiny ")
    assert not any(name in refused.removeprefix(str(films[0])) for name in CLASS_NAMES)
    forced = invoke("predict", films[0], "--force", "--model", strict_model).stdout
    assert "refused: The picture has hardly any contrast." in forced
    assert any(f": {in_words(name)}  (" in forced for name in CLASS_NAMES)


def test_warning_stands_beside_the_probabilities(films, model):
    open_gate(read_card(model).model.sha256, CHANNELS, contrast=(1.0, 0.0)).save(model)
    line = json.loads(invoke("predict", films[0], "--json", "--model", model).stdout)
    assert line["gate"] == {"outcome": "warning", "findings": [FLAT | {"severity": "warning"}]}
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


@pytest.mark.skipif(sys.getfilesystemencoding() != "utf-8", reason="names are shown as this system spells them")
def test_names_that_are_no_text_are_printed_all_the_same(oddly_named, tiny_model):
    done = process("predict", *oddly_named, "--model", tiny_model, tiny=True, text=False)
    *lines, _ = done.stdout.decode("utf-8").splitlines()
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
    assert (first["file"], first["error"]) == ("absent.png", "The file cannot be opened: No such file or directory.")
    assert second["file"] == str(films[0])
    assert done.exit_code == 1


def test_missing_model_is_one_line_on_stderr(films, tmp_path):
    done = process("predict", films[0], "--model", tmp_path / "nowhere")
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(f"error: There is no model card {tmp_path / 'nowhere'}")
    assert done.returncode == 1


def test_damaged_weights_are_one_line_on_stderr(films, model):
    (model / WEIGHTS_FILE).write_bytes(b"damaged")
    assert one_line(invoke("predict", films[0], "--model", model)).startswith(f"error: The weights file {model / WEIGHTS_FILE} is not")


def test_films_of_a_zip_are_read_as_those_beside_it(films, tiny_model, tmp_path):
    archive = tmp_path / "films.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
        for number, path in enumerate(films):
            written.write(path, f"films/{number}.png")
        written.writestr("__MACOSX/films/._0.png", b"hidden")
    before = sorted(tmp_path.iterdir())
    done = invoke("predict", archive, films[0], "--json", "--model", tiny_model)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["file"] for line in lines] == [*(f"{archive}/films/{number}.png" for number in range(len(films))), str(films[0])]
    assert lines[0]["probabilities"] == pytest.approx(lines[-1]["probabilities"], abs=1e-5)
    assert "not an image" in lines[1]["error"]
    assert done.stderr == f"{archive}: skipped, since they are hidden or not named like films: 1\n"
    assert done.exit_code == 1
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("films.zip", b"PK\x03\x04 and no more", "damaged or ends too early"),
        ("film.nii.gz", gzip.compress(struct.pack("<i", 348) + bytes(340) + b"n+1\0"), "NIfTI"),
        ("film.tif", b"II*\0" + bytes(100), "Export the film as PNG"),
        ("film.heic", b"\0\0\0\x18ftypheic" + bytes(100), "save it as JPEG"),
    ],
    ids=lambda value: "content" if isinstance(value, bytes) else value,  # bytes differ from one collection to the next
)
def test_file_of_another_kind_is_told_what_to_do_with(tiny_model, tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    done = invoke("predict", tmp_path / name, "--model", tiny_model)
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"{tmp_path / name}: ")
    assert said in line
    assert done.exit_code == 1
