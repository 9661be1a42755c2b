"""Storing a report and its picture into the film's study (DICOM PS3.18, 10.5)."""

from typing import TYPE_CHECKING

from cxr_core.dicomweb.capture import capture_in_study
from cxr_core.dicomweb.errors import NotStoredError, ReportNotWrittenError
from cxr_core.dicomweb.identifiers import identifiers_of
from cxr_core.dicomweb.report import structured_report
from cxr_core.dicomweb.server import Server, quiet
from cxr_core.reporting import ReadReport

if TYPE_CHECKING:
    from dicomweb_client import DICOMwebClient
    from pydicom import Dataset


def objects_of(report: ReadReport, header: "Dataset", number: int) -> "list[Dataset]":
    """Write what is stored of a read: the picture, where there is one, and then the report, which refers to it.

    Parameters
    ----------
    report : ReadReport
        Of the read.
    header : pydicom.Dataset
        The film's.
    number : int
        Of the film in its study, from 1.

    Returns
    -------
    list of pydicom.Dataset

    Raises
    ------
    ReportNotWrittenError
        The film's header does not allow it.
    """
    with quiet():
        film = identifiers_of(header)
        try:
            picture = None if report.overlaid is None else capture_in_study(report, film, number)
            told = structured_report(report.document(), film, number, picture)
            return [told] if picture is None else [picture, told]
        except (AttributeError, KeyError, TypeError, ValueError) as error:  # what highdicom raises on headers that it cannot refer to
            raise ReportNotWrittenError(
                "The film's header lacks what a report must refer to, or names a kind of film that no report can refer to."
            ) from error


def store(server: Server, objects: "list[Dataset]", what: str) -> None:
    """Store objects into their study; one that is there already is there once.

    Raises
    ------
    NotStoredError
        The server did not take one of them.
    RefusedByServerError, ServerFaultError
        The server does not answer as it should.
    """

    def send(client: "DICOMwebClient") -> None:
        answer = client.store_instances(objects, objects[0].StudyInstanceUID)
        if answer.get("FailedSOPSequence"):
            raise NotStoredError("The server did not store the report or its picture.")

    server.ask(what, send)
