"""The overlaid film as DICOM: what a reader finds in it, and what nobody does."""

import importlib
import io
from dataclasses import replace

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import SecondaryCaptureImageStorage

from cxr_core.gate import GateOutcome
from cxr_core.imaging import decode_film, display_grey
from cxr_core.reporting import FilmFacts, secondary_capture
from cxr_core.reporting.errors import ReadReportError
from tests.imaging.test_dicom_identity import SOUND, marks_in
from tests.reporting.reports import bare_report, full_report, refused

module = importlib.import_module("cxr_core.reporting.secondary_capture")  # the package has a function of this name


@pytest.fixture(params=[(128, 96), (101, 77)], ids=["even", "odd"])
def report(request):
    return full_report(*request.param)


def reread(report):
    return dcmread(io.BytesIO(secondary_capture(report)))


def test_is_a_secondary_capture_with_all_that_the_standard_wants(report):
    read = reread(report)
    assert read.SOPClassUID == read.file_meta.MediaStorageSOPClassUID == SecondaryCaptureImageStorage
    assert read.SOPInstanceUID == read.file_meta.MediaStorageSOPInstanceUID
    wanted = ["StudyInstanceUID", "SeriesInstanceUID", "Modality", "ConversionType", "ImageType", "InstanceNumber", "SeriesNumber"]
    assert all(read.get(keyword) not in (None, "") for keyword in wanted)
    assert (read.StudyDate, read.StudyTime, read.TimezoneOffsetFromUTC) == ("20260301", "013005", "+0530")
    assert read.BurnedInAnnotation == "YES"
    assert read.DerivationDescription == "densenet121 3f2a9c, Grad-CAM++ for COVID, opacity 45%"


def test_who_the_patient_is_is_empty(report):
    read = reread(report)
    for keyword in ("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "AccessionNumber", "ReferringPhysicianName", "StudyID"):
        assert keyword in read
        assert read[keyword].is_empty
    assert read["PatientOrientation"].is_empty


def test_orientation_is_told_where_the_films_file_tells_it(report):
    film = report.film.model_copy(update={"orientation": "R\\F"})
    assert list(reread(replace(report, film=film)).PatientOrientation) == ["R", "F"]


def test_it_is_not_claimed_that_the_patient_cannot_be_known(report):
    read = reread(report)
    assert "PatientIdentityRemoved" not in read
    assert "DeidentificationMethod" not in read
    assert read.BurnedInAnnotation == "YES"


def test_picture_is_the_overlaid_one_above_a_strip_of_text(report):
    pixels = reread(report).pixel_array
    height, width = report.picture.shape
    assert pixels.shape[1:] == (width, 3)
    np.testing.assert_array_equal(pixels[:height], report.overlaid)
    assert pixels[height:].max() > 100
    assert pixels[height:].mean() < 100


@pytest.fixture
def strip(monkeypatch):
    """The texts of every strip that is drawn."""
    drawn = []
    real = module.with_text
    monkeypatch.setattr(module, "with_text", lambda picture, texts: drawn.append(texts) or real(picture, texts))
    return drawn


def test_strip_tells_what_it_is_for_and_what_the_model_says(report, strip):
    secondary_capture(report)
    assert strip == [
        [
            "Second Look. For research and teaching. Not a medical device.",
            "Input gate: warning - The film is less sharp than those that the model learned from.",
            "densenet121 3f2a9c: Grad-CAM++ for COVID, opacity 45%",
            f"Film {report.film.fingerprint}",
            "COVID 0.71, Lung opacity 0.21, Normal 0.05, Viral Pneumonia 0.03",
            "Prediction set: COVID, Lung opacity",
        ]
    ]


def test_refused_film_carries_the_refusal_in_its_strip_and_in_its_header(strip):
    read = reread(full_report(gate=refused(), prediction_set=None))
    told = "Input gate: REFUSED - It is a photograph."
    assert told in strip[0]
    assert not any("Prediction set" in text for text in strip[0])
    assert read.ImageComments == told


def test_film_that_the_gate_let_pass_has_no_word_of_it(strip):
    read = reread(full_report(gate=GateOutcome()))
    assert not any("gate" in text for text in strip[0])
    assert "ImageComments" not in read


def test_texts_beyond_all_measure_are_cut_to_what_dicom_allows():
    gate = refused(*("x" * 1000,) * 30)
    read = reread(full_report(gate=gate, model="m" * 2000))
    assert (len(read.ImageComments), len(read.DerivationDescription)) == (10240, 1024)


def test_times_are_those_of_the_read_alone(report):
    read = reread(report)
    told = {(element.VR, element.value) for element in read.iterall() if element.VR in ("DA", "TM", "DT") and element.value}
    assert told == {("DA", "20260301"), ("TM", "013005")}


def test_every_file_is_an_instance_of_its_own(report):
    one, other = reread(report), reread(report)
    for keyword in ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID"):
        assert one[keyword].value != other[keyword].value
        assert one[keyword].value.startswith("2.25.")


def test_holds_nothing_of_the_file_that_the_film_came_from():
    film = decode_film(SOUND[None])
    picture = display_grey(film)
    data = secondary_capture(full_report(picture=picture, overlaid=np.dstack([picture] * 3), saliency_map=None, film=FilmFacts.of(film)))
    assert marks_in([data.decode("latin-1"), str(dcmread(io.BytesIO(data)))]) == set()


def test_film_that_was_not_read_has_none():
    with pytest.raises(ReadReportError, match="no overlay"):
        secondary_capture(bare_report())
