"""One film from the server (DICOM PS3.18, 10.4), which must be the one that was asked for."""

import io
from typing import TYPE_CHECKING

from cxr_core.dicomweb.errors import ReportNotWrittenError, ServerFaultError, WrongInstanceError
from cxr_core.dicomweb.query import Place, Study
from cxr_core.dicomweb.server import Server
from cxr_core.imaging import Film, TruncatedImageError, decode_film

if TYPE_CHECKING:
    from dicomweb_client import DICOMwebClient
    from pydicom import Dataset


def fetch_film(server: Server, place: Place, what: str) -> tuple[Film, "Dataset"]:
    """Fetch an instance and decode its film.

    Parameters
    ----------
    server : Server
        The server.
    place : Place
        Where the instance lies.
    what : str
        What it is called in sentences.

    Returns
    -------
    Film, pydicom.Dataset
        The film, which holds nothing of whose it is, and its header, which does.

    Raises
    ------
    ImageError
        It is no film that can be read.
    WrongInstanceError
        The server sends another instance, or another patient's.
    RefusedByServerError, ServerFaultError
        The server does not answer as it should.
    """

    def fetch(client: "DICOMwebClient") -> tuple[Film, "Dataset"]:
        sent = client.retrieve_instance(place.study.uid, place.series, place.instance)
        _check(sent, place)
        file = io.BytesIO()
        sent.save_as(file, enforce_file_format=True)
        try:
            film = decode_film(file.getvalue())
        except TruncatedImageError as error:
            raise ServerFaultError("The film arrived damaged or incomplete.") from error
        sent.pop("PixelData", None)
        return film, sent

    return server.ask(what, fetch)


def _check(sent: "Dataset", place: Place) -> None:
    asked = {"StudyInstanceUID": place.study.uid, "SeriesInstanceUID": place.series, "SOPInstanceUID": place.instance}
    if any(str(sent.get(keyword, "")) != uid for keyword, uid in asked.items()):
        raise WrongInstanceError("The server sent another instance than the one that was asked for. It is not read.")
    if place.study.patient_id is not None and str(sent.get("PatientID") or "").strip() != place.study.patient_id:
        raise WrongInstanceError("The server sent an instance of another patient than the study's. It is not read.")


def check_patient(study: Study, header: "Dataset") -> None:
    """Make sure that it is known whose study a report would be filed in.

    Raises
    ------
    ReportNotWrittenError
        The film names a patient, and the server's list of studies does not: it might be another's.
    """
    if study.patient_id is None and str(header.get("PatientID") or "").strip():
        raise ReportNotWrittenError(
            "The film names a patient, and the server's list of studies names none. The report might be filed under another patient, so it "
            "is not stored."
        )
