"""Whose a film is: what a report must share with it to lie in its study. Copied in memory alone, and only to be sent back."""

import uuid
from typing import TYPE_CHECKING, Final

from cxr_core.dicomweb.errors import ReportNotWrittenError

if TYPE_CHECKING:
    from pydicom import Dataset

CHARACTER_SET: Final = "ISO_IR 192"

PATIENT: Final = (
    "PatientName",
    "PatientID",
    "IssuerOfPatientID",
    "PatientBirthDate",
    "PatientSex",
    "PatientAge",
    "PatientSize",
    "PatientWeight",
)
STUDY: Final = (
    "StudyInstanceUID",
    "StudyDate",
    "StudyTime",
    "AccessionNumber",
    "ReferringPhysicianName",
    "StudyID",
    "StudyDescription",
)
NEVER_ABSENT: Final = {
    *("PatientName", "PatientID", "PatientBirthDate", "PatientSex"),
    *("StudyDate", "StudyTime", "AccessionNumber", "ReferringPhysicianName", "StudyID"),
}
"""Type 2 of the standard: there, and empty where nothing is known."""

REFERENCE: Final = ("SOPClassUID", "SOPInstanceUID", "SeriesInstanceUID", "Modality", "Rows", "Columns")
"""What a reference to the film needs."""


MUST_AGREE: Final = {"PatientName", "PatientID", "IssuerOfPatientID", "AccessionNumber", "StudyInstanceUID", *REFERENCE}
"""Nothing is written of a film where one of these cannot be copied: it might be filed under another patient."""

SEXES: Final = ("M", "F", "O")
OURS: Final = uuid.UUID("7f0b0a3e-9a0c-4d0e-8a55-2b1f6d1c8e47")
"""Name space of the UIDs that are derived."""


def identifiers_of(header: "Dataset") -> "Dataset":
    """Copy from a film's header what a report of it must share with it, and what refers to the film; nothing else.

    Parameters
    ----------
    header : pydicom.Dataset
        Of the film.

    Returns
    -------
    pydicom.Dataset
        With texts in Unicode, whatever the film's character set is. Optional values that break the rules of their kind are left out.

    Raises
    ------
    ReportNotWrittenError
        One that must be there cannot be copied.
    """
    from pydicom import Dataset

    made = Dataset()
    made.SpecificCharacterSet = CHARACTER_SET
    for keyword in (*PATIENT, *STUDY, *REFERENCE):
        try:
            value = _checked(header, keyword)
        except Exception as error:  # what pydicom raises on damaged values has no common type
            if keyword in MUST_AGREE:
                raise ReportNotWrittenError(
                    f"The film's header breaks the rules of DICOM in {keyword}, so that no report can be filed beside it."
                ) from error
            value = None
        if value is not None or keyword in NEVER_ABSENT:
            setattr(made, keyword, value)
    return made


def derived_uid(*parts: str) -> str:
    """Return a UID that the same parts always give, and others never; below 2.25, as DICOM PS3.5, B.2 has it."""
    return f"2.25.{uuid.uuid5(OURS, chr(0).join(parts)).int}"


def _checked(header: "Dataset", keyword: str) -> object:
    """Return a value; None where there is none or an empty one. Raises whatever pydicom does where it is invalid."""
    from pydicom import DataElement, config
    from pydicom.datadict import dictionary_VR, tag_for_keyword
    from pydicom.valuerep import DA, TM

    value, tag = header.get(keyword), tag_for_keyword(keyword)
    if value is None or str(value) == "":
        return None
    assert tag is not None
    vr = dictionary_VR(tag)
    text = value if vr in ("US", "DS") else str(value)
    if (vr == "DA" and DA(text) is None) or (vr == "TM" and TM(text) is None) or (keyword == "PatientSex" and text not in SEXES):
        raise ValueError(keyword)
    return DataElement(tag, vr, text, validation_mode=config.RAISE).value
