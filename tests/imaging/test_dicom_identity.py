"""Names are planted wherever a DICOM file can hold one; nothing that comes out may hold them."""

import copy
import dataclasses
import gc
import json
import logging
import pickle
import sys
import traceback
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from pydicom._dicom_dict import DicomDictionary
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import JPEGLSLossless, RLELossless
from typer.testing import CliRunner

from cxr_core import cli
from cxr_core.gate import GateOutcome, InputGate, findings_of_file
from cxr_core.imaging import ImageError, decode_film, display_grey, model_input, read_film_file
from cxr_core.imaging.dicom.elements import TECHNICAL
from cxr_core.labels import CLASS_NAMES
from cxr_core.reading import FileRead, Read
from tests.dicoms import data_set, dicom_bytes, item, levels, packed, written

MARKS = ("QUIXOTE", "DULCINEA", "31415926", "27182818")
"""Two names and two numbers, of which one stands in every planted value."""

TEXTS = {
    "AE": "QUIXOTE",
    "AS": "031Y",
    "CS": "QUIXOTE",
    "DA": "31415926",
    "DT": "31415926",
    "IS": "31415926",
    "DS": "27182818",
    "LO": "QUIXOTE DULCINEA",
    "LT": "QUIXOTE lives in DULCINEA",
    "PN": "QUIXOTE^ALONSO",
    "SH": "QUIXOTE",
    "ST": "QUIXOTE of DULCINEA",
    "TM": "QUIXOTE",
    "UI": "1.2.31415926",
    "UT": "DULCINEA",
    "UC": "DULCINEA",
}

IDENTIFYING = [
    "PatientName",
    "PatientID",
    "IssuerOfPatientID",
    "PatientBirthDate",
    "PatientBirthTime",
    "PatientSex",
    "OtherPatientIDs",
    "OtherPatientNames",
    "PatientBirthName",
    "PatientMotherBirthName",
    "PatientAddress",
    "PatientTelephoneNumbers",
    "MilitaryRank",
    "EthnicGroup",
    "Occupation",
    "PatientComments",
    "PatientReligiousPreference",
    "PatientInsurancePlanCodeSequence",
    "MedicalRecordLocator",
    "CountryOfResidence",
    "RegionOfResidence",
    "AdditionalPatientHistory",
    "MedicalAlerts",
    "Allergies",
    "ResponsiblePerson",
    "ResponsibleOrganization",
    "InstitutionName",
    "InstitutionAddress",
    "InstitutionalDepartmentName",
    "StationName",
    "Manufacturer",
    "ManufacturerModelName",
    "DeviceSerialNumber",
    "ReferringPhysicianName",
    "ReferringPhysicianAddress",
    "ReferringPhysicianTelephoneNumbers",
    "PhysiciansOfRecord",
    "PerformingPhysicianName",
    "NameOfPhysiciansReadingStudy",
    "OperatorsName",
    "RequestingPhysician",
    "RequestingService",
    "AccessionNumber",
    "StudyID",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "SOPInstanceUID",
    "FrameOfReferenceUID",
    "InstanceCreatorUID",
    "StudyDate",
    "SeriesDate",
    "AcquisitionDate",
    "ContentDate",
    "StudyTime",
    "SeriesTime",
    "AcquisitionTime",
    "ContentTime",
    "AcquisitionDateTime",
    "StudyDescription",
    "SeriesDescription",
    "ImageComments",
    "ProtocolName",
    "BodyPartExamined",
    "AdmissionID",
    "AdmittingDiagnosesDescription",
    "CurrentPatientLocation",
    "ScheduledProcedureStepDescription",
    "PerformedProcedureStepDescription",
    "RequestedProcedureDescription",
    "ContentLabel",
    "ContentCreatorName",
    "DerivationDescription",
    "AcquisitionDeviceProcessingDescription",
    "DetectorID",
    "PlateID",
    "CassetteID",
    "WindowCenterWidthExplanation",
    "VerifyingObserverName",
    "PersonName",
    "TextValue",
    "UID",
    "DateTime",
    "InterpretationText",
    "InterpretationAuthor",
    "ResultsComments",
    "StudyComments",
    "VisitComments",
]


def planted(**tags):
    """A film's data set with a mark in every identifying element, and in the technical ones that pass as text."""
    made = data_set(levels(), 12, WindowCenter=2000, WindowWidth=3000, ImagerPixelSpacing=[0.15, 0.15])
    for keyword in IDENTIFYING:
        vr = dictionary_VR(keyword)
        if vr == "SQ":
            setattr(made, keyword, Sequence([item(CodeValue="QUIXOTE", CodeMeaning="DULCINEA")]))
        else:
            setattr(made, keyword, TEXTS[vr])
    made.ViewPosition = "QUIXOTE"
    made.Laterality = made.ImageLaterality = "DULCINEA"
    made.PatientOrientation = ["QUIXOTE", "DULCINEA"]
    made.VOILUTFunction = "QUIXOTE"
    made.SpecificCharacterSet = "QUIXOTE"
    made.ViewCodeSequence = Sequence([item(CodeValue="QUIXOTE", CodingSchemeDesignator="DULCINEA", CodeMeaning="QUIXOTE")])
    other = item(PatientName="QUIXOTE^B", PatientID="27182818", SpecificCharacterSet="DULCINEA")
    made.OtherPatientIDsSequence = Sequence([other])
    made.OtherPatientIDsSequence[0].ReferencedStudySequence = Sequence([item(PatientName="DULCINEA")])
    made["OtherPatientIDsSequence"].is_undefined_length = True
    made.GraphicAnnotationSequence = Sequence([item(TextObjectSequence=Sequence([item(UnformattedTextValue="QUIXOTE")]))])
    made.private_block(0x0011, "QUIXOTE", create=True).add_new(1, "LO", "DULCINEA")
    made.private_block(0x0011, "QUIXOTE").add_new(2, "SQ", [item(PatientName="QUIXOTE")])
    overlay = b"QUIXOTE".ljust(960, b"\0")
    for number, (vr, value) in {
        0x10: ("US", 96),
        0x11: ("US", 80),
        0x22: ("LO", "QUIXOTE"),
        0x40: ("CS", "G"),
        0x50: ("SS", [1, 1]),
        0x3000: ("OW", overlay),
        0x4000: ("LT", "DULCINEA"),
    }.items():
        made.add_new(0x60000000 + number, vr, value)
    made.IconImageSequence = Sequence([item(Rows=2, Columns=2, PatientName="QUIXOTE")])
    for keyword, value in tags.items():
        setattr(made, keyword, value)
    return made


META = {
    "MediaStorageSOPInstanceUID": "1.2.31415926",
    "ImplementationVersionName": "QUIXOTE",
    "SourceApplicationEntityTitle": "DULCINEA",
    "PrivateInformationCreatorUID": "1.2.27182818",
    "PrivateInformation": b"QUIXOTE\0",
}


def planted_file(samples=None, syntax=None, frame=None, meta=None, **tags):
    made = planted(**tags)
    if syntax is None:
        made.PixelData = (levels() if samples is None else samples).tobytes()
        made["PixelData"].VR = "OW"
        data = written(made, meta=META | (meta or {}))
    else:
        made.PixelData = encapsulate([packed(levels(), syntax, 12) if frame is None else frame])
        made["PixelData"].VR = "OB"
        made["PixelData"].is_undefined_length = True
        data = written(made, syntax, META | (meta or {}))
    data = b"QUIXOTE DULCINEA".ljust(128, b"\0") + data[128:]  # the preamble may hold anything
    return data + b"QUIXOTE" * 10 if syntax else data


def as_text(thing):
    """All that a value says when it is printed, pickled or walked through."""
    yield repr(thing)
    yield str(thing)
    yield from map(repr, pickled(thing))


def pickled(thing):
    return [pickle.dumps(thing, protocol) for protocol in (0, pickle.HIGHEST_PROTOCOL)]


def marks_in(texts):
    found = set()
    for text in texts:
        for mark in MARKS:
            forms = [mark, mark.encode("utf-16-le").decode("latin-1"), repr(mark.encode())[2:-1]]
            found |= {mark for form in forms if form in text}
    return found


def reachable(root):
    """Bytes and texts that can be got at from an object, through whatever refers to them."""
    seen, queue = set(), [root]
    while queue:
        one = queue.pop()
        if id(one) in seen or isinstance(one, type(gc)) or callable(one):
            continue
        seen.add(id(one))
        if isinstance(one, bytes | bytearray):
            yield bytes(one).decode("latin-1")
        elif isinstance(one, str):
            yield one
        elif isinstance(one, np.ndarray):
            queue += [one.base] if one.base is not None else []
            yield one.tobytes().decode("latin-1")
        elif isinstance(one, memoryview):
            queue.append(one.obj)
        else:
            queue += [other for other in gc.get_referents(one) if not isinstance(other, type)]


@pytest.fixture
def heard(caplog):
    """What is logged and warned meanwhile."""
    caplog.set_level(logging.DEBUG)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        yield lambda: [*caplog.text.splitlines(), *(repr(record.__dict__) for record in caplog.records), *(str(one) for one in warned)]


def silently(make):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return make()


SOUND = {syntax: silently(lambda syntax=syntax: planted_file(syntax=syntax)) for syntax in (None, JPEGLSLossless, RLELossless)}


@pytest.mark.parametrize("syntax", SOUND, ids=["plain", "JPEG-LS", "RLE"])
def test_the_marks_are_in_the_file(syntax):
    data = SOUND[syntax].decode("latin-1")
    assert marks_in([data]) == set(MARKS)
    assert data.count("QUIXOTE") > 50


@pytest.mark.parametrize("syntax", SOUND, ids=["plain", "JPEG-LS", "RLE"])
def test_film_holds_none_of_it(syntax, heard, capfd):
    film = decode_film(SOUND[syntax])
    shown = display_grey(film)
    np.testing.assert_array_equal(film.samples, levels())
    texts = [text for field in dataclasses.fields(film) for text in as_text(getattr(film, field.name))]
    texts += [*as_text(film), *as_text(copy.deepcopy(film)), *reachable(film), *reachable(shown), *heard(), *capfd.readouterr()]
    assert marks_in(texts) == set()
    assert (film.view, film.laterality, film.orientation, film.body_part) == (None, None, None, None)
    assert film.pixel_spacing == (0.15, 0.15)


def test_film_holds_nothing_of_any_text_that_dicom_knows(heard):
    """Not of a list of ours: of every element of the standard that is text, but for the few that are read, each tested elsewhere."""
    read_by_us = TECHNICAL | {tag_for_keyword("SOPClassUID"), tag_for_keyword("ModalityLUTType")}
    texts = {
        keyword: TEXTS[vr]
        for tag, (vr, _, _, _, keyword) in DicomDictionary.items()
        if vr in TEXTS and keyword and tag not in read_by_us and tag >> 16 > 0x0007
    }
    assert len(texts) > 2000
    data = silently(lambda: planted_file(**texts))
    film = decode_film(data)
    np.testing.assert_array_equal(film.samples, levels())
    assert marks_in([*as_text(film), *reachable(film), repr(findings_of_file(film)), *heard()]) == set()


@pytest.mark.parametrize(
    "tags",
    [
        {"PatientOrientation": ["L", "QUIXOTE"]},
        {"PatientOrientation": ["L", "F", "QUIXOTE"]},
        {"PatientOrientation": ["R", "H QUIXOTE"]},
        {"BodyPartExamined": "KNEE QUIXOTE"},
        {"BodyPartExamined": ["KNEE", "DULCINEA"]},
    ],
)
def test_name_beside_a_known_term_does_not_pass_with_it(tags, heard):
    film = decode_film(silently(lambda: planted_file(**tags)))
    assert (film.orientation, film.body_part) == (None, None)
    assert marks_in([*as_text(film), *reachable(film), repr(findings_of_file(film)), *heard()]) == set()


@pytest.mark.parametrize(("tag", "name"), [(b"\x28\x00\x50\x10DS", "window center"), (b"\x18\x00\x64\x11DS", "imager pixel spacing")])
def test_what_counts_as_absent_is_named_and_not_quoted(tag, name, heard, capfd):
    sound = SOUND[None]
    at = sound.index(tag) + 8
    film = decode_film(sound[:at] + b"QUIX" + sound[at + 4 :])
    assert any(name in step for step in film.steps)
    assert marks_in([*as_text(film), *reachable(film), *heard(), *capfd.readouterr()]) == set()
    assert "QUIX" not in "".join(film.steps)


def broken_files():
    """One file a refusal, each full of marks."""
    sound = planted_file()
    compressed = planted_file(syntax=JPEGLSLossless)
    rows = sound.index(b"\x28\x00\x10\x00US") + 8
    syntax = sound.index(b"1.2.840.10008.1.2.1\0")
    yield "modality", planted_file(Modality="QUIXOTE")
    yield "CT", planted_file(Modality="CT")
    yield "colour", planted_file(PhotometricInterpretation="QUIXOTE")
    yield "frames", planted_file(NumberOfFrames=7)
    yield "senseless frames", sound.replace(b"\x28\x00\x10\x00US", b"\x28\x00\x08\x00IS\x08\x00QUIXOTE \x28\x00\x10\x00US")
    yield "rows", sound[:rows] + b"\xff\xff" + sound[rows + 2 :]
    yield "modality table", planted_file(ModalityLUTSequence=Sequence([item(LUTExplanation="QUIXOTE")]))
    yield "syntax", sound[:syntax] + b"1.2.31415926\0\0\0\0\0\0\0\0" + sound[syntax + 20 :]
    yield "no pixels", written(planted(), meta=META)
    yield "blank", planted_file(np.zeros_like(levels()))
    yield "stream", planted_file(syntax=JPEGLSLossless, frame=b"\xff\xd8QUIXOTE DULCINEA\xff\xd9")
    yield "RLE", planted_file(syntax=RLELossless, frame=b"\x02\0\0\0" + b"QUIXOTE\0" * 20)
    yield "maze", sound[:132] + b"\x02\x00\x02\x00QUIXOTE" * 3 + sound[132:]
    for share in (0.02, 0.1, 0.2, 0.3, 0.9):
        yield f"cut at {share}", sound[: int(len(sound) * share)]
        yield f"compressed, cut at {share}", compressed[: int(len(compressed) * share)]


BROKEN = silently(lambda: dict(broken_files()))


@pytest.mark.parametrize("fault", BROKEN)
def test_refusal_says_none_of_it(fault, heard, capfd):
    with pytest.raises(ImageError) as refusal:
        decode_film(BROKEN[fault])
    error = refusal.value
    assert error.__context__ is None
    assert error.__cause__ is None
    logging.getLogger("test").error("refused", exc_info=error)
    # pytest itself holds the file in its frames; the lines of the traceback are what is printed.
    texts = [*traceback.format_exception(error), *as_text(error), *map(repr, error.args), repr(vars(error)), *heard(), *capfd.readouterr()]
    assert marks_in(texts) == set()


def test_refusal_passes_no_frame_that_holds_the_header():
    with pytest.raises(ImageError) as refusal:
        decode_film(BROKEN["CT"])
    names = [frame.name for frame in traceback.extract_tb(refusal.value.__traceback__)][-2:]
    assert names == ["decode_film", "decode_dicom"]


def test_error_of_an_unforeseen_kind_says_none_of_it(monkeypatch):
    def fails(*_):
        raise KeyError("QUIXOTE")

    monkeypatch.setattr("cxr_core.imaging.dicom.decode.read_header", fails)
    with pytest.raises(ImageError) as refusal:
        decode_film(dicom_bytes(levels(), bits=12))
    assert marks_in(traceback.format_exception(refusal.value)) == set()
    assert refusal.value.__context__ is None


def test_command_line_prints_none_of_it(tmp_path, monkeypatch, heard, capfd):
    # With a classifier that needs no TensorFlow: what is printed does not depend on its figures.
    paths = [tmp_path / "sound.dcm"]
    paths[0].write_bytes(SOUND[None])
    for number, data in enumerate(BROKEN.values()):
        paths.append(tmp_path / f"broken-{number}.dcm")
        paths[-1].write_bytes(data)

    def read_files(classifier, gate, files):
        for path in files:
            try:
                model_input(decode_film(read_film_file(path)), 64)
                probabilities = dict.fromkeys(CLASS_NAMES, 0.25)
                yield FileRead(path, Read(probabilities, (), GateOutcome(), None, None, "none", "0" * 64, "CPU"))
            except ImageError as error:
                yield FileRead(path, error=error)

    monkeypatch.setitem(sys.modules, "cxr_core.reading", SimpleNamespace(read_files=read_files, Read=Read, FileRead=FileRead))
    monkeypatch.setitem(sys.modules, "cxr_core.models", SimpleNamespace(Classifier=SimpleNamespace(load=lambda _: None)))
    monkeypatch.setattr(InputGate, "load", lambda _: None)
    monkeypatch.setattr(cli.predict, "import_tensorflow", lambda: None)
    for options in (["--json"], []):
        done = CliRunner().invoke(cli.app, ["predict", *map(str, paths), *options])
        assert done.exit_code == 1
        texts = [done.stdout, done.stderr, *heard(), *capfd.readouterr()]
        assert marks_in(texts) == set()
        if options:
            lines = [json.loads(line) for line in done.stdout.splitlines()]
            assert ["error" in line for line in lines] == [False] + [True] * len(BROKEN)


def test_marks_would_be_found():
    leak = Dataset()
    leak.PatientName = "QUIXOTE"
    assert marks_in([repr(leak)]) == {"QUIXOTE"}
    assert marks_in(reachable(np.frombuffer(SOUND[None], np.uint8)[5:])) == set(MARKS)
