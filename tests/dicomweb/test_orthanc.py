"""Against a real Orthanc: films in, report and picture back into the study, once."""

import csv
import io
import json
import subprocess
import tempfile

import cv2
import highdicom
import pydicom
import pytest
from pydicom.uid import Comprehensive3DSRStorage, SecondaryCaptureImageStorage

from cxr_core.dicomweb.codes import class_of, own
from cxr_core.labels import CLASS_NAMES
from tests.cli.running import invoke
from tests.dicomweb.films import PATIENT, STUDY, film_file, marks_in
from tests.dicomweb.orthanc import USER, VALIDATOR
from tests.dicomweb.test_send import shown_on
from tests.drawing import phantom_levels

pytestmark = pytest.mark.slow

OTHER = "1.2.826.0.1.2"


@pytest.fixture(autouse=True)
def credentials(tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine 127.0.0.1 login {USER[0]} password {USER[1]}\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("DICOMWEB_TOKEN", "DICOMWEB_USER", "DICOMWEB_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def filled(orthanc, data):
    """Two studies of the day with three films of the chest, one a lateral; a film of a hand, and a film of another day."""
    orthanc.clear()
    with (data / "manifest.csv").open(newline="") as manifest:
        real = data / next(csv.DictReader(manifest))["path"]
    pixels = cv2.imread(str(real), cv2.IMREAD_GRAYSCALE)
    orthanc.store(film_file(1))
    orthanc.store(film_file(2, phantom_levels(96, 96, 12, seed=2), ViewPosition="LL"))
    orthanc.store(film_file(3, BodyPartExamined="HAND", SeriesInstanceUID=f"{STUDY['StudyInstanceUID']}.2"))
    japan = {"SpecificCharacterSet": ["", "ISO 2022 IR 87"], "PatientName": "Yamada^Tarou=山田^太郎", "PatientID": "DULCINEA-2"}
    orthanc.store(film_file(1, pixels, **japan, StudyInstanceUID=OTHER, AccessionNumber="ACC-12", BodyPartExamined=None, Modality="CR"))
    orthanc.store(film_file(1, StudyInstanceUID="1.2.826.0.1.3", StudyDate="20250101", AccessionNumber="ACC-3"))
    return orthanc


@pytest.fixture
def disk(tmp_path, monkeypatch):
    """Empty folders for all that a program writes where nobody names a place: a temporary, a home and a working folder."""
    for name, variables in {
        "temporary": ("TMPDIR", "TEMP", "TMP"),
        "home": ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"),
        "here": (),
    }.items():
        (tmp_path / "disk" / name).mkdir(parents=True)
        for variable in variables:
            monkeypatch.setenv(variable, str(tmp_path / "disk" / name))
    monkeypatch.setattr(tempfile, "tempdir", None)  # it is looked up once
    monkeypatch.chdir(tmp_path / "disk" / "here")
    assert tempfile.gettempdir() == str(tmp_path / "disk" / "temporary")
    return tmp_path / "disk"


def marked_files(folder):
    """The files below a folder whose name or content tells whose a film is."""
    told = {path: str(path.relative_to(folder)) + path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file()}
    return [path for path, text in told.items() if marks_in(text) or "Yamada" in text]


def made_in(server, study):
    """What was stored into a study beside its films."""
    return [one for one in map(pydicom.dcmread, map(io.BytesIO, server.instances(study))) if one.Modality in ("SR", "OT")]


def errors_in(made, path):
    """What the validator finds wrong, but for our own coding scheme, which it cannot know."""
    made.save_as(path, enforce_file_format=True)
    found = subprocess.run([VALIDATOR, "-new", str(path)], capture_output=True, text=True, check=False)
    lines = (found.stdout + found.stderr).splitlines()
    return [line for line in lines if line.startswith(("Error", "Warning")) and "99SECONDLOOK" not in line]


def test_report_and_picture_lie_in_the_films_study_once_and_nothing_on_the_disk(filled, tiny_model, tmp_path, disk, monkeypatch):
    command = ["dicomweb", filled.address, "--date", "2026-11-29", "--model", tiny_model]
    looked = invoke(*command)
    assert looked.exit_code == 0, looked.output
    assert "Films read: 3. Failures: 0." in looked.stdout
    assert made_in(filled, STUDY["StudyInstanceUID"]) == []

    asked = invoke(*command, "--send-back")
    assert asked.exit_code == 1
    assert "in 2 studies, with name, number and date of birth of the patient" in asked.stderr
    assert made_in(filled, STUDY["StudyInstanceUID"]) == []

    sent = invoke(*command, "--send-back", "--yes")
    assert sent.exit_code == 0, sent.output
    assert "Films read: 3. Reports stored: 3, there already: 0. Failures: 0." in sent.stdout
    assert marks_in(looked.output + asked.output + sent.output) == set()
    assert marked_files(disk) == []

    first, second = made_in(filled, STUDY["StudyInstanceUID"]), made_in(filled, OTHER)
    assert sorted(one.Modality for one in first) == ["OT", "SR", "SR"], "a film that was refused has no picture"
    assert sorted(one.Modality for one in second) == ["OT", "SR"]
    for made in first + second:
        assert errors_in(made, tmp_path / "made.dcm") == []
    for made in first:
        assert {keyword: str(made[keyword].value) for keyword in PATIENT} == PATIENT | {"SpecificCharacterSet": "ISO_IR 192"}
        assert {keyword: str(made[keyword].value or "") for keyword in STUDY} == STUDY
    assert {str(made.PatientName) for made in second} == {"Yamada^Tarou=山田^太郎"}
    assert {made.PatientID for made in second} == {"DULCINEA-2"}
    assert len({made.SeriesInstanceUID for made in first}) == 2
    assert {made.SOPClassUID for made in second} == {Comprehensive3DSRStorage, SecondaryCaptureImageStorage}

    for study in (first, second):
        pictures = {one.SOPInstanceUID for one in study if one.Modality == "OT"}
        assert {uid for one in study if one.Modality == "SR" for uid in shown_on(one)} == pictures

    with monkeypatch.context() as patched:
        patched.setattr("cxr_core.cli.dicomweb._reporter", lambda model: pytest.fail("there is nothing to load the model for"))
        again = invoke(*command, "--send-back", "--yes")
    assert again.exit_code == 0, again.output
    assert "Films read: 0. Reports stored: 0, there already: 3. Failures: 0." in again.stdout
    filled.store(film_file(4, phantom_levels(1200, 1000, 12, seed=4)))  # whose picture is sent in pieces
    later = invoke("dicomweb", filled.address, "--accession", "ACC-1", "--send-back", "--yes", "--model", tiny_model)
    assert "Films read: 1. Reports stored: 1, there already: 2. Failures: 0." in later.stdout, later.output
    assert len(made_in(filled, STUDY["StudyInstanceUID"])) == 5
    assert marked_files(disk) == []
    (disk / "home" / "kept.dcm").write_bytes(film_file())
    assert marked_files(disk) == [disk / "home" / "kept.dcm"]  # one would be found


def test_report_is_read_back_as_what_the_command_printed(filled, tiny_model):
    sent = invoke("dicomweb", filled.address, "--accession", "ACC-1", "--send-back", "--yes", "--json", "--model", tiny_model)
    told = {one["gate"]["outcome"]: one for one in map(json.loads, sent.stdout.splitlines())}
    reports = [
        highdicom.sr.Comprehensive3DSR.from_dataset(one) for one in made_in(filled, STUDY["StudyInstanceUID"]) if one.Modality == "SR"
    ]
    groups = {}
    for report in reports:
        (group,) = report.content.get_image_measurement_groups()
        (gate,) = [one.value.meaning for one in group.get_qualitative_evaluations(name=own("GATE", "Input gate"))]
        groups[gate] = group
        assert report.content[0].ContentTemplateSequence[0].TemplateIdentifier == "1500"
        texts = {element.value for element in report.iterall() if element.keyword == "TextValue"}
        assert f"weights SHA-256 {told['read']['model_sha256']}" in texts
        assert any("For research and teaching. Not a medical device." in text for text in texts)
    assert set(groups) == {"Read", "Refused"}
    measured = {class_of(one.name): one for one in groups["Read"].get_measurements()}
    assert list(measured) == list(CLASS_NAMES)
    assert {name: one.value for name, one in measured.items()} == pytest.approx(told["read"]["probabilities"], abs=1e-6)
    assert groups["Refused"].get_measurements() == []
    assert "probabilities" not in told["refused"]
    (source,) = groups["Refused"].source_images
    assert source.referenced_sop_instance_uid == f"{STUDY['StudyInstanceUID']}.1.2"


def test_without_credentials_it_is_said_where_to_put_them(filled, tiny_model, monkeypatch):
    monkeypatch.setenv("DICOMWEB_USER", USER[0])
    monkeypatch.setenv("DICOMWEB_PASSWORD", "wrong-password")
    done = invoke("dicomweb", filled.address, "--date", "2026-11-29", "--model", tiny_model)
    assert done.exit_code == 1
    assert "refuses those it was given (401). Put them into netrc" in done.stderr
    assert "wrong-password" not in done.output
    monkeypatch.setenv("DICOMWEB_PASSWORD", USER[1])
    monkeypatch.delenv("NETRC")
    none = invoke("dicomweb", filled.address, "--date", "2020-01-01", "--model", tiny_model)
    assert none.exit_code == 0
    assert "There is no study with plain films." in none.stderr
