"""Films from a DICOMweb server, and reports back into their studies. Names are imported when they are first used."""

from typing import TYPE_CHECKING

from cxr_core.lazy import lazily

if TYPE_CHECKING:
    from cxr_core.dicomweb.query import Search, find_studies
    from cxr_core.dicomweb.run import FilmOutcome, read_studies
    from cxr_core.dicomweb.server import Server

__all__ = [
    "FilmOutcome",
    "Search",
    "Server",
    "find_studies",
    "read_studies",
]

__getattr__ = lazily(
    __name__,
    {
        "FilmOutcome": "run",
        "Search": "query",
        "Server": "server",
        "find_studies": "query",
        "read_studies": "run",
    },
)
