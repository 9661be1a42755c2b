"""`predict --report`, with a reader that needs no TensorFlow: what is filed does not depend on its figures."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from pypdf import PdfReader

from cxr_core import cli
from cxr_core.gate import GateOutcome
from cxr_core.imaging import draw_phantom, load_film
from cxr_core.reading import Read
from tests.artifacts.test_calibration import CALIBRATION
from tests.cli.running import invoke, one_line
from tests.reporting.reports import SHA256, refused
from tests.reporting.test_report import read
from tests.reporting.test_reporter import write_model


@pytest.fixture
def films(tmp_path):
    paths = [tmp_path / name for name in ("QUIXOTE-1.png", "bad.png", "QUIXOTE-2.png")]
    for seed in (0, 2):
        cv2.imwrite(str(paths[seed]), np.rint(draw_phantom(96, 80, seed).pixels * 255).astype(np.uint8))
    paths[1].write_text("not a film")
    return paths


@pytest.fixture
def model(tmp_path):
    return write_model(tmp_path / "model")


@pytest.fixture
def predict(monkeypatch, model):
    """Call the command with a reader that always says the same."""
    outcomes = [GateOutcome()]
    reader = SimpleNamespace(read=lambda film: read(gate=outcomes[-1]), classifier=SimpleNamespace(calibration=CALIBRATION))
    room = SimpleNamespace(Reader=SimpleNamespace(load=lambda _: reader), Read=Read)
    monkeypatch.setitem(sys.modules, "cxr_core.reading", room)
    monkeypatch.setattr(cli.predict, "import_tensorflow", lambda: None)

    def call(*arguments, outcome=None):
        outcomes.append(outcome or GateOutcome())
        return invoke("predict", *arguments, "--model", model)

    return call


def text_of(path):
    (page,) = PdfReader(path).pages
    return " ".join(page.extract_text().split())


def test_each_film_is_filed_under_its_fingerprint(films, predict, tmp_path):
    folder = tmp_path / "new" / "reports"
    done = predict(*films, "--json", "--report", folder)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["file"] for line in lines] == [str(path) for path in films]
    assert list(lines[1]) == ["schema", "file", "error"]
    names = [f"second-look-{load_film(path).fingerprint}.pdf" for path in (films[0], films[2])]
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    assert [line["report"] for line in (lines[0], lines[2])] == [str(folder / name) for name in names]
    assert lines[0]["ranges"]
    assert done.exit_code == 1


def test_report_is_that_of_the_page_and_names_no_file(films, predict, tmp_path):
    line = json.loads(predict(films[0], "--json", "--report", tmp_path / "reports").stdout)
    text = text_of(line["report"])
    for part in (
        "Grad-CAM for COVID, opacity 45%",
        "Prediction set: COVID",
        "Operating point: called positive",
        SHA256,
        "a default; yours",
    ):
        assert part in text
    assert "QUIXOTE" not in text
    assert b"QUIXOTE" not in Path(line["report"]).read_bytes()


def test_text_says_where_the_report_is(films, predict, tmp_path):
    done = predict(films[0], "--report", tmp_path / "reports")
    (made,) = (tmp_path / "reports").iterdir()
    assert done.stdout.splitlines()[0] == (
        f"{films[0]}: COVID  (COVID 0.710  Lung opacity 0.210  Normal 0.050  Viral Pneumonia 0.030)  [densenet121 3f2a9c]  -> {made}"
    )
    assert done.exit_code == 0


def test_report_of_a_refused_film_has_no_figures_unless_forced(films, predict, tmp_path):
    for options in ([], ["--force"]):
        line = json.loads(predict(films[0], "--json", "--report", tmp_path / "reports", *options, outcome=refused()).stdout)
        assert ("probabilities" in line) == bool(options)
        assert "prediction_set" not in line
        text = text_of(line["report"])
        assert "Input gate: refused" in text
        assert ("No probabilities" in text) != bool(options)
        assert "Operating point" not in text


def test_a_model_without_the_films_behind_its_card_is_one_line_on_stderr(films, predict, model, tmp_path):
    (model / "test_reads.csv").unlink()
    assert "is missing" in one_line(predict(films[0], "--report", tmp_path / "reports"))
    assert not (tmp_path / "reports").exists()


def test_a_folder_that_cannot_be_made_is_one_line_on_stderr(films, predict, tmp_path):
    (tmp_path / "file").write_text("")
    assert "error:" in one_line(predict(films[0], "--report", tmp_path / "file" / "reports"))
