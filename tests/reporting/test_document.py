"""A read as JSON has it."""

import json
from datetime import datetime

import numpy as np
import pytest
from pydantic import ValidationError

from cxr_core.imaging import Film
from cxr_core.labels import CLASS_NAMES
from cxr_core.reporting import FilmFacts, ReadDocument, SaliencyShown, report_json
from cxr_core.reporting.document import REPORT_DISCLAIMER, SOURCE_LIMIT
from tests.reporting.reports import BLURRED, READ_AT, SHA256, bare_report, full_report


@pytest.mark.parametrize("make", [bare_report, full_report])
def test_json_comes_back_as_it_was(make):
    report = make()
    read = ReadDocument.model_validate_json(report_json(report))
    assert read.model_copy(update={"pictures": None}) == report.document()


def test_json_tells_the_whole_read():
    told = json.loads(report_json(full_report()))
    assert list(told)[:5] == ["schema", "read_at", "model", "model_sha256", "device"]
    assert told["schema"] == "second-look-read/2"
    assert told["model_sha256"] == SHA256
    assert datetime.fromisoformat(told["read_at"]) == READ_AT
    assert datetime.fromisoformat(told["read_at"]).utcoffset() == READ_AT.utcoffset()
    assert list(told["probabilities"]) == list(CLASS_NAMES)
    assert (told["probabilities"]["COVID"], told["ranges"]["COVID"]) == (0.71, [0.69, 0.74])
    assert (told["top_class"], told["prediction_set"]) == ("COVID", ["COVID", "Lung_Opacity"])
    assert told["gate"] == {"outcome": "warning", "findings": [{"code": "blurred", "severity": "warning", "reason": BLURRED.reason}]}
    assert told["coverage"]["measured"] == 0.887
    assert told["call"]["ppv"] == {"value": 0.36, "low": 0.31, "high": 0.42}
    assert [told["call"][name] for name in ("positive", "split", "prevalence_is_default")] == [True, "test", True]
    assert [told["call"]["operating_point"][name] for name in ("threshold", "cases", "others", "rule")] == [0.284, 1217, 851, "sensitivity"]
    assert told["saliency"] == {"method": "Grad-CAM++", "class_name": "COVID", "opacity": 0.45, "lung_share": 0.62}
    assert told["opinion"]["class_name"] == "Normal"
    assert told["agreement"] == "The clinician says Normal, the model says COVID. The model's prediction set excludes Normal."
    assert (told["disclaimer"], told["source_limit"]) == (REPORT_DISCLAIMER, SOURCE_LIMIT)


def test_json_of_a_refused_film_leaves_out_what_the_model_says():
    told = json.loads(report_json(bare_report()))
    about = {"schema", "read_at", "model", "model_sha256", "device", "film"}
    assert set(told) == {*about, "gate", "disclaimer", "source_limit", "pictures"}
    assert told["gate"]["outcome"] == "refused"
    assert set(told["film"]) == {"format", "fingerprint", "height", "width", "bit_depth", "steps"}


def test_json_is_the_same_every_time_and_utf_8():
    report = full_report(model="modèle 3f2a9c")
    assert report_json(report) == report_json(report)
    assert "modèle" in report_json(report).decode("utf-8")


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "second-look-read/1"},
        {"surprise": 1},
        {"model_sha256": "abc"},
        {"read_at": "2026-03-01T01:30"},
        {"probabilities": {"COVID": 1.0}},
        {"probabilities": dict.fromkeys(CLASS_NAMES, 1.2)},
        {"probabilities": dict.fromkeys(CLASS_NAMES, "NaN")},
        {"ranges": dict.fromkeys(CLASS_NAMES, (0.6, 0.4))},
        {"gate": {"outcome": "warning", "findings": [{"code": "odd", "severity": "grave", "reason": "It is odd."}]}},
        {"gate": {"outcome": "warning"}},
        {"error": "There is a read all the same."},
        {"model": None},
    ],
    ids=str,
)
def test_json_of_another_layout_is_not_taken_for_it(change):
    told = json.loads(report_json(full_report())) | change
    with pytest.raises(ValidationError):
        ReadDocument.model_validate(told)


def test_probabilities_have_six_decimals():
    probabilities = dict(zip(CLASS_NAMES, (0.12345678, 0.87654322, 0.0, 0.0), strict=True))
    assert ReadDocument(model="none", probabilities=probabilities).probabilities["COVID"] == 0.123457


def test_a_line_is_one_of_ascii():
    line = ReadDocument(model="modèle", file="ä\n.png").line()
    assert line.isascii()
    assert "\n" not in line
    assert json.loads(line) == {"schema": "second-look-read/2", "file": "ä\n.png", "model": "modèle"}


def test_opacity_is_a_share():
    with pytest.raises(ValidationError):
        SaliencyShown(method="Grad-CAM", class_name="COVID", opacity=45)


def test_facts_are_the_films_own():
    film = Film(np.zeros((80, 60), np.uint16), 12, "DICOM", ("windowed",), np.zeros(65536, np.float32), (0.15, 0.14), "PA", "U")
    facts = FilmFacts.of(film)
    assert (facts.height, facts.width, facts.bit_depth, facts.format) == (80, 60, 12, "DICOM")
    assert (facts.steps, facts.pixel_spacing, facts.view, facts.laterality) == (("windowed",), (0.15, 0.14), "PA", "U")
