"""The report as data holds its pictures."""

import base64
import json

import cv2
import numpy as np
import pytest
from pydantic import ValidationError

from cxr_core.reporting import ReadDocument, report_json
from tests.reporting.reports import bare_report, full_report


def picture(uri):
    kind, content = uri.split(",")
    assert kind == "data:image/jpeg;base64"
    return cv2.imdecode(np.frombuffer(base64.b64decode(content, validate=True), np.uint8), cv2.IMREAD_UNCHANGED)


def test_film_and_overlay_are_those_of_the_report():
    report = full_report()
    told = json.loads(report_json(report))["pictures"]
    film, overlaid = picture(told["film"]), picture(told["overlaid"])[..., ::-1]
    assert np.abs(film.astype(int) - report.picture).mean() < 3
    assert np.abs(overlaid.astype(int) - report.overlaid).mean() < 6


def test_report_without_a_map_has_the_film_alone():
    assert list(json.loads(report_json(bare_report()))["pictures"]) == ["film"]


def test_other_content_is_not_taken_for_a_picture():
    told = json.loads(report_json(bare_report())) | {"pictures": {"film": "https://example.org/film.jpg"}}
    with pytest.raises(ValidationError):
        ReadDocument.model_validate(told)
