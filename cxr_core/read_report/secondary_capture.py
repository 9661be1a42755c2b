"""The overlaid film as a DICOM Secondary Capture, to lie beside the film in an archive (DICOM PS3.3, A.8.1)."""

import io
from typing import Final

import cv2
import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid

from cxr_core import __version__
from cxr_core.figures import probability_text
from cxr_core.read_report.document import ReadReport
from cxr_core.read_report.errors import ReadReportError

NOTICE: Final = "Second Look: for research and teaching, not a medical device"
LETTER_SHARE: Final = 0.035
"""Height of a line of the burned-in text, as a share of the picture's width."""


def secondary_capture(report: ReadReport) -> bytes:
    """Write the overlaid film as a DICOM file of a new instance, series and study.

    Nothing is copied from the file that the film came from: who the patient is is left empty, and all UIDs are new, so that whoever files
    it says where it belongs. The picture ends in a strip with burned-in text, that it is for research and teaching above all.

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
    if report.overlaid is None or report.saliency is None:
        raise ReadReportError("There is no overlay to write as DICOM: the film was not read.")
    shown = f"{report.saliency.method} for {report.saliency.class_name}, opacity {report.saliency.opacity:.0%}"
    lines = [NOTICE, f"{report.model}: {shown}"]
    if report.probabilities is not None:
        lines.append(", ".join(f"{name} {probability_text(one.value)}" for name, one in report.probabilities.items()))
    made = _described(report, shown)
    _set_picture(made, with_text(report.overlaid, lines))
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    file = io.BytesIO()
    made.save_as(file, enforce_file_format=True)
    return file.getvalue()


def _described(report: ReadReport, shown: str) -> Dataset:
    """Return everything but the picture."""
    made = Dataset()
    made.SpecificCharacterSet = "ISO_IR 192"
    made.SOPClassUID = SecondaryCaptureImageStorage
    # Without a prefix they are random (2.25 and a UUID of version 4), and tell nothing of this computer.
    made.SOPInstanceUID, made.SeriesInstanceUID, made.StudyInstanceUID = (generate_uid(prefix=None) for _ in range(3))
    for keyword in ("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "ReferringPhysicianName", "AccessionNumber", "StudyID"):
        setattr(made, keyword, "")  # the standard wants them there, if only empty
    made.PatientOrientation = ""
    made.PatientIdentityRemoved = "YES"
    made.DeidentificationMethod = "Made anew from the picture alone"
    made.StudyDate = made.ContentDate = made.DateOfSecondaryCapture = f"{report.read_at:%Y%m%d}"
    made.StudyTime = made.ContentTime = made.TimeOfSecondaryCapture = f"{report.read_at:%H%M%S}"
    made.TimezoneOffsetFromUTC = f"{report.read_at:%z}"[:5]
    made.Modality = "OT"
    made.ConversionType = "WSD"
    made.SeriesNumber = made.InstanceNumber = 1
    made.SeriesDescription = "Second reader's overlay, research"
    made.ImageType = ["DERIVED", "SECONDARY"]
    made.DerivationDescription = f"{report.model}, {shown}"
    made.SecondaryCaptureDeviceManufacturer = "Second Look"
    made.SecondaryCaptureDeviceSoftwareVersions = __version__
    # The strip's text is burned in, and what was burned into the film is still there: whoever passes it on must look.
    made.BurnedInAnnotation = "YES"
    return made


def _set_picture(made: Dataset, picture: np.ndarray) -> None:
    made.SamplesPerPixel, made.PhotometricInterpretation, made.PlanarConfiguration = 3, "RGB", 0
    made.Rows, made.Columns = picture.shape[:2]
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 8, 8, 7, 0
    data = picture.tobytes()
    made.PixelData = data + b"\0" * (len(data) % 2)
    made["PixelData"].VR = "OB"


def with_text(picture: np.ndarray, lines: list[str]) -> np.ndarray:
    """Put lines of text below a picture, white on black, as large as they can be.

    Parameters
    ----------
    picture : numpy.ndarray
        uint8 RGB, shape (h, w, 3).
    lines : list of str
        ASCII.

    Returns
    -------
    numpy.ndarray
        uint8 RGB, shape (h + strip, w, 3).
    """
    font, width = cv2.FONT_HERSHEY_SIMPLEX, picture.shape[1]
    widest = max(cv2.getTextSize(line, font, 1.0, 1)[0][0] for line in lines)
    letter = LETTER_SHARE * width
    size = min(0.94 * width / widest, 0.6 * letter / 22)  # a capital of this font is 22 pixels high at size 1
    row = max(4, round(22 * size / 0.6))
    strip = np.zeros((row * len(lines) + row // 2, width, 3), np.uint8)
    for number, line in enumerate(lines, start=1):
        thickness = max(1, round(1.5 * size))
        cv2.putText(strip, line, (round(0.03 * width), row * number), font, size, (255, 255, 255), thickness, cv2.LINE_AA)
    return np.concatenate([picture, strip])
