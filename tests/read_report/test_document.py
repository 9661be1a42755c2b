"""The report of one read: what it holds, and its JSON."""

import json
from datetime import datetime

import numpy as np
import pytest
from pydantic import ValidationError

from cxr_core.imaging import Film
from cxr_core.labels import CLASS_NAMES
from cxr_core.read_report import DISCLAIMER, SOURCE_LIMIT, FilmFacts, Probability, ReadDocument, ReadReportError, SaliencyShown, report_json
from tests.read_report.reports import READ_AT, SHA256, bare_report, full_report


@pytest.mark.parametrize("make", [bare_report, full_report])
def test_json_comes_back_as_it_was(make):
    report = make()
    read = ReadDocument.model_validate_json(report_json(report))
    assert read.model_copy(update={"pictures": None}) == report.document()


def test_json_tells_the_whole_read():
    told = json.loads(report_json(full_report()))
    assert list(told)[:5] == ["schema", "read_at", "model", "model_sha256", "device"]
    assert told["schema"] == "second-look-read/1"
    assert told["model_sha256"] == SHA256
    assert datetime.fromisoformat(told["read_at"]) == READ_AT
    assert datetime.fromisoformat(told["read_at"]).utcoffset() == READ_AT.utcoffset()
    assert list(told["probabilities"]) == list(CLASS_NAMES)
    assert told["probabilities"]["COVID"] == pytest.approx({"value": 0.71, "low": 0.69, "high": 0.74})
    assert told["prediction_set"]["classes"] == ["COVID", "Lung_Opacity"]
    assert told["gate"]["outcome"] == "warning"
    assert told["prediction_set"]["measured"] == 0.887
    assert told["call"]["ppv"] == {"value": 0.36, "low": 0.31, "high": 0.42}
    assert [told["call"][name] for name in ("cases", "others", "split", "prevalence_is_default")] == [1217, 851, "test", True]
    assert told["saliency"] == {"method": "Grad-CAM++", "class_name": "COVID", "opacity": 0.45, "lung_share": 0.62}
    assert told["opinion"]["class_name"] == "Normal"
    assert told["agreement"] == "The clinician says Normal, the model says COVID. The model's prediction set excludes Normal."
    assert (told["disclaimer"], told["source_limit"]) == (DISCLAIMER, SOURCE_LIMIT)


def test_json_of_a_film_that_was_not_read_leaves_out_what_is_not_there():
    told = json.loads(report_json(bare_report()))
    assert set(told) == {"schema", "read_at", "model", "model_sha256", "device", "film", "disclaimer", "source_limit", "pictures"}
    assert set(told["film"]) == {"format", "height", "width", "bit_depth", "steps"}


def test_json_is_the_same_every_time_and_utf_8():
    report = full_report(model="modèle 3f2a9c")
    assert report_json(report) == report_json(report)
    assert "modèle" in report_json(report).decode("utf-8")


@pytest.mark.parametrize(
    "change", [{"schema": "second-look-read/2"}, {"surprise": 1}, {"model_sha256": "abc"}, {"read_at": "2026-03-01T01:30"}]
)
def test_json_of_another_layout_is_not_taken_for_it(change):
    told = json.loads(report_json(full_report())) | change
    with pytest.raises(ValidationError):
        ReadDocument.model_validate(told)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"picture": np.zeros((4, 4))}, "grey, 8 bits"),
        ({"picture": np.zeros((4, 4, 3), np.uint8)}, "grey, 8 bits"),
        ({"overlaid": None}, "belong together"),
        ({"saliency": None}, "belong together"),
        ({"saliency_map": np.zeros((3, 4), np.float32)}, "of the film's size"),
        ({"overlaid": np.zeros((3, 4, 3), np.uint8)}, "of the film's size"),
        ({"model_sha256": "none"}, "model_sha256"),
        ({"read_at": datetime(2026, 3, 1)}, "read_at"),
        ({"probabilities": {"COVID": Probability(value=1)}}, "probabilities"),
    ],
)
def test_parts_that_do_not_fit_are_refused(parts, said):
    with pytest.raises(ReadReportError, match=said):
        full_report(**parts)


@pytest.mark.parametrize(
    "wrong", [{"value": 1.2}, {"value": float("nan")}, {"value": 0.5, "low": 0.4}, {"value": 0.5, "low": 0.6, "high": 0.4}]
)
def test_probability_has_a_range_in_zero_to_one(wrong):
    with pytest.raises(ValidationError):
        Probability(**wrong)


def test_opacity_is_a_share():
    with pytest.raises(ValidationError):
        SaliencyShown(method="Grad-CAM", class_name="COVID", opacity=45)


def test_facts_are_the_films_own():
    film = Film(np.zeros((80, 60), np.uint16), 12, "DICOM", ("windowed",), np.zeros(65536, np.float32), (0.15, 0.14), "PA", "U")
    facts = FilmFacts.of(film)
    assert (facts.height, facts.width, facts.bit_depth, facts.format) == (80, 60, 12, "DICOM")
    assert (facts.steps, facts.pixel_spacing, facts.view, facts.laterality) == (("windowed",), (0.15, 0.14), "PA", "U")


def test_top_class_and_agreement_want_probabilities():
    assert full_report().top_class == "COVID"
    refused = full_report(probabilities=None, prediction_set=None, overlaid=None, saliency=None, saliency_map=None, call=None)
    assert (refused.top_class, refused.agreement) == (None, None)
    assert full_report(prediction_set=None).agreement == "The clinician says Normal, the model says COVID."
