"""Films from a DICOMweb server, and reports back into their studies. Names are imported when they are first used."""

from typing import TYPE_CHECKING

from cxr_core.dicomweb.errors import (
    AddressError,
    DicomwebError,
    ExtraMissingError,
    ForbiddenError,
    NotStoredError,
    RefusedByServerError,
    ReportNotWrittenError,
    SearchError,
    ServerFaultError,
    WrongInstanceError,
)
from cxr_core.lazy import lazily

if TYPE_CHECKING:
    from cxr_core.dicomweb.query import Search, Study, find_studies
    from cxr_core.dicomweb.run import FilmOutcome, read_studies
    from cxr_core.dicomweb.server import Patience, Server

__all__ = [
    "AddressError",
    "DicomwebError",
    "ExtraMissingError",
    "FilmOutcome",
    "ForbiddenError",
    "NotStoredError",
    "Patience",
    "RefusedByServerError",
    "ReportNotWrittenError",
    "Search",
    "SearchError",
    "Server",
    "ServerFaultError",
    "Study",
    "WrongInstanceError",
    "find_studies",
    "read_studies",
]

__getattr__ = lazily(
    __name__,
    {
        "FilmOutcome": "run",
        "Patience": "server",
        "Search": "query",
        "Server": "server",
        "Study": "query",
        "find_studies": "query",
        "read_studies": "run",
    },
)
