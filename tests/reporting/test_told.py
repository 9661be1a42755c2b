"""What is told of a read in a line of JSON."""

import json

import pytest

from cxr_core.gate import PASSED, Finding, GateOutcome
from cxr_core.imaging import NotAnImageError
from cxr_core.reporting import ReadDocument, document_of, document_of_error
from tests.reporting.reports import PROBABILITIES, SHA256, refused
from tests.reporting.test_report import read

ABOUT = ["schema", "file", "model", "model_sha256", "device", "gate"]


def line(one, **options):
    told = json.loads(document_of(one, "film.png", **options).line())
    assert ReadDocument.model_validate(told) == document_of(one, "film.png", **options)
    return told


def test_line_tells_the_read():
    told = line(read(low={}, high={}))
    assert list(told) == [*ABOUT, "probabilities", "top_class", "prediction_set"]
    assert (told["file"], told["model"], told["model_sha256"]) == ("film.png", "densenet121 3f2a9c", SHA256)
    assert (told["probabilities"], told["top_class"], told["prediction_set"]) == (PROBABILITIES, "COVID", ["COVID"])
    assert told["gate"] == {"outcome": "read", "meaning": PASSED, "findings": []}


def test_whiskers_and_report_are_told_where_there_are_some():
    told = line(read(), report="reports/second-look-0123.pdf")
    assert (told["ranges"]["COVID"], told["report"]) == ([0.0, 1.0], "reports/second-look-0123.pdf")


@pytest.mark.parametrize(("refused_too", "more"), [(False, []), (True, ["probabilities", "ranges", "top_class"])])
def test_of_a_refused_film_the_set_is_never_told(refused_too, more):
    told = line(read(gate=refused()), refused_too=refused_too)
    assert list(told) == [*ABOUT, *more]
    assert told["gate"]["outcome"] == "refused"


def test_a_warning_keeps_nothing_back():
    told = line(read(gate=GateOutcome.of([Finding("blurred", "warning", "It is blurred.")])))
    assert told["gate"] == {"outcome": "warning", "findings": [{"code": "blurred", "severity": "warning", "reason": "It is blurred."}]}
    assert "prediction_set" in told


def test_networks_are_told_where_they_disagree():
    apart = {"DenseNet121": "COVID", "MobileNetV2": "Normal"}
    assert line(read(tops=apart))["networks"] == apart
    assert "networks" not in line(read(tops=dict.fromkeys(apart, "COVID")))


def test_line_of_an_error_tells_nothing_else():
    told = json.loads(document_of_error("film.png", NotAnImageError("It is no image.")).line())
    assert told == {"schema": "second-look-read/2", "file": "film.png", "error": "It is no image."}
