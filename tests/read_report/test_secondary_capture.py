"""The overlaid film as DICOM: what a reader finds in it, and what nobody does."""

import io

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import SecondaryCaptureImageStorage

from cxr_core.imaging import decode_film, display_grey
from cxr_core.read_report import FilmFacts, ReadReportError, secondary_capture
from cxr_core.read_report.secondary_capture import with_text
from tests.imaging.test_dicom_identity import SOUND, marks_in
from tests.read_report.reports import bare_report, full_report


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
    assert read.PatientIdentityRemoved == "YES"


def test_picture_is_the_overlaid_one_above_a_strip_of_text(report):
    pixels = reread(report).pixel_array
    height, width = report.picture.shape
    assert pixels.shape[1:] == (width, 3)
    np.testing.assert_array_equal(pixels[:height], report.overlaid)
    assert pixels[height:].max() > 100
    assert pixels[height:].mean() < 100


@pytest.mark.parametrize("shape", [(64, 64), (600, 400), (300, 1200)])
def test_text_fits_the_strip(shape):
    picture = np.full((*shape, 3), 7, np.uint8)
    strip = with_text(picture, ["short", "a line that is far longer than the other one is"])[shape[0] :]
    assert strip.max() > 100
    for edge in (strip[0], strip[-1], strip[:, 0], strip[:, -1]):
        assert edge.max() == 0


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
