"""Which films a server has: studies by date or accession number, and in each the films of the chest (DICOM PS3.18, 10.6)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from cxr_core.dicomweb.errors import SearchError, ServerFaultError
from cxr_core.dicomweb.server import Server

if TYPE_CHECKING:
    from dicomweb_client import DICOMwebClient

MODALITIES = ("CR", "DX")
CHEST = {"CHEST", "THORAX", "LUNG", "LUNGS"}
"""Body parts whose films are fetched. So are those of series that name none: what is on them, the input gate judges."""

PAGE = 200
"""Studies that are asked for at once."""

Found = dict[str, Any]
"""A match as a server describes it: DICOM JSON (PS3.18, F.2)."""

STUDY, SERIES, INSTANCE = "0020000D", "0020000E", "00080018"
MODALITY, BODY_PART, PATIENT = "00080060", "00180015", "00100020"
ACCESSION = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff*?\\]{1,16}")
"""What may stand in one (DICOM PS3.5, SH), without the wild cards of a search."""
UID = re.compile(r"[0-9]+(\.[0-9]+)*")


@dataclass(frozen=True)
class Search:
    """What studies are searched by. What is None is not searched by.

    Attributes
    ----------
    first, last : datetime.date, optional
        Days of the study, both included.
    accession : str, optional
        Accession number.
    """

    first: date | None = None
    last: date | None = None
    accession: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, days: str | None, accession: str | None) -> "Search":
        """Read what was typed: a day such as ``2026-11-29``, or two with ``..`` between them.

        Raises
        ------
        SearchError
            That is no day, the last comes before the first, or there is nothing to search by.
        """
        if days is None and not accession:
            raise SearchError("Say which films to read: --date 2026-11-29, --date 2026-11-01..2026-11-29, or --accession NUMBER.")
        if accession and not ACCESSION.fullmatch(accession):
            raise SearchError("This is not an accession number: one has at most 16 letters, and no *, ? or \\ among them.")
        if days is None:
            return cls(accession=accession)
        first, _, last = days.partition("..")
        try:
            span = date.fromisoformat(first), date.fromisoformat(last or first)
        except ValueError:
            raise SearchError("--date takes a day such as 2026-11-29, or two with .. between them: 2026-11-01..2026-11-29.") from None
        if span[1] < span[0]:
            raise SearchError("The last day of --date comes before the first.")
        return cls(*span, accession or None)

    @property
    def filters(self) -> dict[str, str]:
        """The same as DICOM's matching keys."""
        keys = {}
        if self.first is not None and self.last is not None:
            days = [f"{day:%Y%m%d}" for day in (self.first, self.last)]
            keys["StudyDate"] = days[0] if days[0] == days[1] else "-".join(days)
        if self.accession is not None:
            keys["AccessionNumber"] = self.accession
        return keys


@dataclass(frozen=True)
class Study:
    """A study that holds plain films; its patient's ID, if it has one, is there to be compared with what the server sends."""

    uid: str = field(repr=False)
    patient_id: str | None = field(repr=False)


@dataclass(frozen=True)
class Place:
    """Where an instance lies on the server."""

    study: Study
    series: str = field(repr=False)
    instance: str = field(repr=False)


@dataclass(frozen=True)
class StudyContents:
    """What of a study matters here.

    Attributes
    ----------
    films : tuple of Place
        Of the chest, or of what is not told.
    series : frozenset of str
        UIDs of all its series.
    """

    films: tuple[Place, ...]
    series: frozenset[str]


def find_studies(server: Server, search: Search) -> list[Study]:
    """List the studies that fit and have plain films, each once.

    Raises
    ------
    RefusedByServerError, ServerFaultError
        The server does not answer as it should.
    """
    found: dict[str, Study] = {}
    for modality in MODALITIES:
        for study in _pages(server, search.filters | {"ModalitiesInStudy": modality}):
            found.setdefault(study.uid, study)
    return list(found.values())


def open_study(server: Server, study: Study, what: str) -> StudyContents:
    """List the films of a study, and its series.

    Raises
    ------
    RefusedByServerError, ServerFaultError
        The server does not answer as it should.
    """

    def look(client: "DICOMwebClient") -> StudyContents:
        series = client.search_for_series(study.uid, fields=["BodyPartExamined"])
        films = [
            Place(study, _uid(one, SERIES), instance)
            for one in series
            if _text(one, MODALITY) in MODALITIES and _may_be_chest(_text(one, BODY_PART))
            for instance in _instances(client, study, _uid(one, SERIES))
        ]
        return StudyContents(tuple(dict.fromkeys(films)), frozenset(_uid(one, SERIES) for one in series))

    return server.ask(what, look)


def instances_of(server: Server, study: Study, series: str, what: str) -> set[str]:
    """Return the UIDs of the instances of a series.

    Raises
    ------
    RefusedByServerError, ServerFaultError
        The server does not answer as it should.
    """
    return server.ask(what, lambda client: set(_instances(client, study, series)))


def _instances(client: "DICOMwebClient", study: Study, series: str) -> list[str]:
    return [_uid(one, INSTANCE) for one in client.search_for_instances(study.uid, series)]


def _pages(server: Server, filters: dict[str, str]) -> Iterator[Study]:
    """Ask for matches page by page, until a page has none that is new: a server may know no pages and send all each time."""
    seen: set[str] = set()

    def look(client: "DICOMwebClient") -> list[Study]:
        matches = client.search_for_studies(limit=PAGE, offset=len(seen), fields=["PatientID"], search_filters=filters)
        return [Study(_uid(one, STUDY), _text(one, PATIENT) or None) for one in matches]

    while True:
        page = server.ask("The list of studies", look)
        fresh = [study for study in page if study.uid not in seen]
        if not fresh:
            if len(page) == len(seen) == PAGE:
                server.note(f"The server lists no more than {PAGE} studies at once. Ask for fewer days.")
            return
        yield from fresh
        seen |= {study.uid for study in fresh}


def _may_be_chest(part: str | None) -> bool:
    return not part or part.upper() in CHEST


def _text(found: Found, tag: str) -> str | None:
    """Return the first value of an attribute as text, without spaces around it; None where there is none."""
    values = found.get(tag, {}).get("Value") or [None]
    return values[0].strip() if isinstance(values[0], str) else None


def _uid(found: Found, tag: str) -> str:
    uid = _text(found, tag)
    if uid is None or len(uid) > 64 or not UID.fullmatch(uid):
        raise ServerFaultError("The server's answer is damaged, or is not what was asked for.")
    return uid
