"""Films with a patient, as a hospital's server holds them."""

from tests.dicoms import dicom_bytes, levels

DX = "1.2.840.10008.5.1.4.1.1.1.1"
PATIENT = {
    "SpecificCharacterSet": "ISO_IR 100",
    "PatientName": "Müller-Quixote^Jörg",
    "PatientID": "DULCINEA-1",
    "PatientBirthDate": "19500102",
    "PatientSex": "M",
}
STUDY = {
    "StudyDate": "20261129",
    "StudyTime": "101112",
    "AccessionNumber": "ACC-1",
    "StudyID": "7",
    "ReferringPhysicianName": "",
    "StudyInstanceUID": "1.2.826.0.1.1",
}
MARKS = ("Quixote", "DULCINEA", "1950", "ACC-1", "1.2.826")
"""What no message, no read and no file may hold."""


def film_file(number=1, samples=None, **tags):
    """A film's file: a phantom, if no samples are given."""
    samples = levels() if samples is None else samples
    study = tags.get("StudyInstanceUID", STUDY["StudyInstanceUID"])
    place = {"SOPClassUID": DX, "SeriesInstanceUID": f"{study}.1", "SOPInstanceUID": f"{study}.1.{number}", "InstanceNumber": number}
    told = {**PATIENT, **STUDY, **place, "BodyPartExamined": "CHEST", "Laterality": "", "SeriesNumber": 1, **tags}
    meta = {"MediaStorageSOPInstanceUID": told["SOPInstanceUID"], "MediaStorageSOPClassUID": told["SOPClassUID"]}
    return dicom_bytes(samples, bits=12 if samples.itemsize == 2 else 8, meta=meta, **told)


def marks_in(text):
    """Which of the marks a text holds."""
    return {mark for mark in MARKS if mark in text}
