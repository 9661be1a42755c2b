"""What is stored of a read: valid objects of the film's study, with its identifiers and nothing else of its header."""

import io
import shutil
import subprocess
import warnings
from dataclasses import replace

import highdicom
import pydicom
import pytest
from highdicom.sr.utils import find_content_items
from pydicom.sr.codedict import codes

from cxr_core.dicomweb.errors import ReportNotWrittenError
from cxr_core.dicomweb.identifiers import MUST_AGREE, PATIENT, REFERENCE, STUDY, derived_uid, identifiers_of
from cxr_core.dicomweb.report import report_uids
from cxr_core.dicomweb.send import objects_of
from cxr_core.gate import GateOutcome
from cxr_core.reporting import FilmFacts
from tests.dicomweb.films import film_file
from tests.imaging.test_dicom_identity import SOUND, marks_in
from tests.reporting.reports import bare_report, full_report


def header(**tags):
    return pydicom.dcmread(io.BytesIO(film_file(**tags)))


def written(made):
    file = io.BytesIO()
    made.save_as(file, enforce_file_format=True)
    return file.getvalue()


def shown_on(report):
    """UIDs of the pictures that a report shows its finding on."""
    root = highdicom.sr.Comprehensive3DSR.from_dataset(report).content[0]
    items = find_content_items(root, name=codes.DCM.BestIllustrationOfFinding, recursive=True)
    return [item.referenced_sop_instance_uid for item in items]


REPORTS = {
    "read": full_report(),
    "passed": full_report(gate=GateOutcome(), prediction_set=()),
    "refused": bare_report(),
    "shown anyway": full_report(gate=bare_report().gate, prediction_set=None, coverage=None, call=None),
    "ribs": full_report(film=FilmFacts(format="DICOM", height=128, width=96, bit_depth=12, body_part="ribs")),
}


def test_all_that_is_stored_is_valid_and_is_read_back(tmp_path):
    for name, report in REPORTS.items():
        objects = objects_of(report, header(), 2)
        assert [made.Modality for made in objects] == (["SR"] if name == "refused" else ["OT", "SR"])
        for made in objects:
            again = pydicom.dcmread(io.BytesIO(written(made)))
            assert (again.StudyInstanceUID, again.PatientID, again.InstanceNumber) == ("1.2.826.0.1.1", "DULCINEA-1", 2)
            if shutil.which("dciodvfy"):  # where it must be there, it is used with Orthanc as well
                (tmp_path / "made.dcm").write_bytes(written(made))
                found = subprocess.run(["dciodvfy", "-new", str(tmp_path / "made.dcm")], capture_output=True, text=True, check=False)
                assert "Error" not in found.stdout + found.stderr, name
        report_back = highdicom.sr.Comprehensive3DSR.from_dataset(pydicom.dcmread(io.BytesIO(written(objects[-1]))))
        assert report_back.content.get_image_measurement_groups()
        film = ("1.2.826.0.1.1", "1.2.826.0.1.1.1", "1.2.826.0.1.1.1.1", "1.2.840.10008.5.1.4.1.1.1.1")
        pictures = [(made.StudyInstanceUID, made.SeriesInstanceUID, made.SOPInstanceUID, made.SOPClassUID) for made in objects[:-1]]
        assert sorted(report_back.get_evidence()) == sorted([film, *pictures])
        assert shown_on(report_back) == [uid for _, _, uid, _ in pictures], name


def test_same_film_and_model_give_the_same_uids_and_others_others():
    report, uids = full_report(), set()
    for tags in ({}, {}, {"number": 2}, {"StudyInstanceUID": "1.2.3"}):
        uids |= {made.SOPInstanceUID for made in objects_of(report, header(**tags), 1)}
    assert len(uids) == 6
    assert len(uids | {made.SOPInstanceUID for made in objects_of(replace(report, model_sha256="0" * 64), header(), 1)}) == 8
    (_, made) = objects_of(report, header(), 1)
    assert report_uids("1.2.826.0.1.1", "1.2.826.0.1.1.1.1", report.model_sha256) == (made.SeriesInstanceUID, made.SOPInstanceUID)
    assert derived_uid("a", "bc") != derived_uid("ab", "c")
    assert len(derived_uid("a")) <= 64


def test_nothing_else_of_a_header_gets_into_what_is_stored():
    planted = pydicom.dcmread(io.BytesIO(SOUND[None]), force=True)
    planted.update({element.tag: element for element in header() if element.keyword not in ("SpecificCharacterSet", "PixelData")})
    assert marks_in([str(planted)])
    told = "\n".join(written(made).decode("latin-1") + str(made) for made in objects_of(full_report(), planted, 1))
    ours = {keyword: str(planted[keyword].value) for keyword in (*PATIENT, *STUDY) if keyword in planted}
    for value in sorted(ours.values(), key=len, reverse=True):
        told = told.replace(value, "") if value else told
    assert marks_in([told]) == set()


def test_texts_are_copied_whatever_their_character_set():
    for charset, name in (("ISO_IR 144", "Иванов^Иван"), ("ISO_IR 192", "Ünal^Ayşe"), (["", "ISO 2022 IR 87"], "Yamada=山田")):
        for made in objects_of(full_report(), header(SpecificCharacterSet=charset, PatientName=name), 1):
            again = pydicom.dcmread(io.BytesIO(written(made)))
            assert str(again.PatientName) == name
            assert again.SpecificCharacterSet == "ISO_IR 192"


def broken(keyword, value):
    """A header with a value that its kind does not allow."""
    made = header()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made[keyword] = pydicom.DataElement(keyword, pydicom.datadict.dictionary_VR(keyword), value, validation_mode=0)
    return made


def test_optional_values_that_break_the_rules_are_left_out(recwarn):
    for keyword, value in {
        "PatientBirthDate": "unknown",
        "PatientSex": "X",
        "StudyTime": "99",
        "PatientAge": "old",
        "StudyID": "9" * 40,
    }.items():
        film = identifiers_of(broken(keyword, value))
        assert not film.get(keyword)
        assert objects_of(full_report(), broken(keyword, value), 1)
    assert list(recwarn) == []


def test_nothing_is_written_where_it_might_be_filed_under_another_patient():
    for keyword, value in {"PatientID": "9" * 70, "AccessionNumber": "9" * 40, "PatientName": "x" * 70, "SOPInstanceUID": "one"}.items():
        with pytest.raises(ReportNotWrittenError, match=f"breaks the rules of DICOM in {keyword}") as raised:
            objects_of(full_report(), broken(keyword, value), 1)
        assert value not in str(raised.value)
    assert set(REFERENCE) <= MUST_AGREE
    for keyword in ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID"):
        cut = header()
        del cut[keyword]
        with pytest.raises(ReportNotWrittenError, match="lacks what a report must refer to"):
            objects_of(full_report(), cut, 1)
    with pytest.raises(ReportNotWrittenError, match="a kind of film that no report can refer to"):
        objects_of(full_report(), header(SOPClassUID="1.2.3.4"), 1)
