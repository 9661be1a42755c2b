"""The film under the saliency map, as a Secondary Capture that belongs into the film's study."""

from typing import TYPE_CHECKING, Final

from cxr_core.dicomweb.identifiers import NEVER_ABSENT, PATIENT, STUDY, derived_uid
from cxr_core.reporting import ReadReport, capture_image

if TYPE_CHECKING:
    from pydicom import Dataset

SERIES_NUMBER: Final = 9002


def capture_in_study(report: ReadReport, film: "Dataset", number: int) -> "Dataset":
    """Write the overlaid film as a DICOM object of the film's study.

    Parameters
    ----------
    report : ReadReport
        With its overlay.
    film : pydicom.Dataset
        From `identifiers_of`.
    number : int
        Of the film in its study, from 1.

    Returns
    -------
    pydicom.Dataset
        As `cxr_core.reporting.capture_image` makes it, with patient and study of the film, a reference to it, and UIDs that follow from
        film and model.
    """
    from pydicom import Dataset
    from pydicom.sr.codedict import codes
    from pydicom.uid import UID

    made = capture_image(report)
    for keyword in (*PATIENT, *STUDY):
        if keyword in film or keyword in NEVER_ABSENT:
            setattr(made, keyword, film.get(keyword))
    made.SeriesInstanceUID = derived_uid("map series", film.StudyInstanceUID, report.model_sha256)
    made.SOPInstanceUID = UID(derived_uid("map", film.SOPInstanceUID, report.model_sha256))
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    made.SeriesNumber, made.InstanceNumber = SERIES_NUMBER, number
    source, purpose = Dataset(), Dataset()
    code = codes.DCM.SourceImageForImageProcessingOperation
    purpose.CodeValue, purpose.CodingSchemeDesignator, purpose.CodeMeaning = code.value, code.scheme_designator, code.meaning
    source.ReferencedSOPClassUID, source.ReferencedSOPInstanceUID = film.SOPClassUID, film.SOPInstanceUID
    source.PurposeOfReferenceCodeSequence = [purpose]
    made.SourceImageSequence = [source]
    return made
