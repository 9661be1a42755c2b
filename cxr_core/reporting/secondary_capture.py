"""The overlaid film as a DICOM Secondary Capture, to lie beside the film in an archive (DICOM PS3.3, A.8.1)."""

import io
from typing import TYPE_CHECKING, Final

import numpy as np

from cxr_core import __version__
from cxr_core.calibration import probability_text
from cxr_core.labels import in_words
from cxr_core.reporting.document import SaliencyShown
from cxr_core.reporting.errors import ReadReportError
from cxr_core.reporting.report import ReadReport
from cxr_core.reporting.strip import gate_text, map_texts, set_text, with_text

if TYPE_CHECKING:
    from highdicom.sc import SCImage

MANUFACTURER: Final = "Second Look"
LONGEST_SHORT_TEXT: Final = 1024
LONGEST_LONG_TEXT: Final = 10240
"""Most letters of a value of the kinds ST and LT (DICOM PS3.5, 6.2)."""


def secondary_capture(report: ReadReport) -> bytes:
    """Write the overlaid film as a DICOM file of a new instance, series and study.

    Nothing is copied from the file that the film came from: the patient's fields stay empty, and all UIDs are new, so that whoever files
    it says where it belongs. The picture ends in a strip with burned-in text: that it is for research and teaching, whether the input gate
    refused the film or warned of it, and what the model says.

    Parameters
    ----------
    report : ReadReport
        Of a film that was read, with its overlay.

    Returns
    -------
    bytes
        A DICOM file, uncompressed RGB.

    Raises
    ------
    ReadReportError
        The report has no overlay.
    """
    file = io.BytesIO()
    capture_image(report).save_as(file, enforce_file_format=True)
    return file.getvalue()


def capture_image(report: ReadReport) -> "SCImage":
    """Make the object that `secondary_capture` writes; parameters and errors are its own.

    Returns
    -------
    highdicom.sc.SCImage
        For whoever knows the study that it belongs into.
    """
    if report.overlaid is None or report.saliency is None:
        raise ReadReportError("There is no overlay to write as DICOM: the film was not read.")
    texts = map_texts(report.model, report.saliency, report.gate)
    if report.film.fingerprint is not None:
        texts.append(f"Film {report.film.name(report.label)}")
    if report.probabilities is not None:
        texts.append(", ".join(f"{in_words(name)} {probability_text(value)}" for name, value in report.probabilities.items()))
    if report.prediction_set is not None:
        texts.append(set_text(report.prediction_set))
    return _image(report, report.saliency, with_text(report.overlaid, texts))


def _image(report: ReadReport, shown: SaliencyShown, picture: np.ndarray) -> "SCImage":
    from highdicom.sc import SCImage  # a third of a second to import, and few reads are taken away as DICOM
    from pydicom.uid import ExplicitVRLittleEndian, generate_uid

    # Without a prefix they are random (2.25 and a UUID of version 4), and tell nothing of this computer.
    instance, series, study = (generate_uid(prefix=None) for _ in range(3))
    date, time = f"{report.read_at:%Y%m%d}", f"{report.read_at:%H%M%S}"
    # Who the patient is stays empty. Nor is it claimed that all of that was removed: text may be burned into the film.
    made = SCImage(
        picture,
        photometric_interpretation="RGB",
        bits_allocated=8,
        coordinate_system="PATIENT",
        patient_orientation=("L", "F"),
        study_instance_uid=study,
        series_instance_uid=series,
        series_number=1,
        sop_instance_uid=instance,
        instance_number=1,
        manufacturer=MANUFACTURER,
        manufacturer_model_name=MANUFACTURER,
        software_versions=__version__,
        series_description="Second reader's overlay, research",
        study_date=date,
        study_time=time,
        content_date=date,
        content_time=time,
        specific_character_set="ISO_IR 192",
        transfer_syntax_uid=ExplicitVRLittleEndian,
    )
    # It cannot be made without one; which way the patient lies on the film is known only where its file tells.
    made.PatientOrientation = report.film.orientation.split("\\") if report.film.orientation else []
    if report.film.body_part in (None, "chest"):
        made.BodyPartExamined = "CHEST"
    else:
        made.Laterality = ""  # which must be there unless a body part is named that has no sides
    # When the file is written is of no matter, and is told in the server's time, which may have another offset than the read's.
    del made.InstanceCreationDate, made.InstanceCreationTime
    for equipment in made.ContributingEquipmentSequence:
        equipment.pop("ContributionDateTime", None)
    made.DateOfSecondaryCapture, made.TimeOfSecondaryCapture = made.ContentDate, made.ContentTime
    made.TimezoneOffsetFromUTC = f"{report.read_at:%z}"[:5]
    made.ConversionType = "WSD"
    made.ImageType = ["DERIVED", "SECONDARY"]
    made.DerivationDescription = f"{report.model}, {shown.text}"[:LONGEST_SHORT_TEXT]
    if gate_text(report.gate):
        made.ImageComments = gate_text(report.gate)[:LONGEST_LONG_TEXT]
    made.SecondaryCaptureDeviceManufacturer = MANUFACTURER
    made.SecondaryCaptureDeviceSoftwareVersions = __version__
    # The strip's text is burned in, and what was burned into the film is still there: whoever passes it on must look.
    made.BurnedInAnnotation = "YES"
    return made
