"""What is taken away of a worklist: a table, a line a film, or a book of reports."""

import csv
import io
import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from cxr_core.errors import SecondLookError
from cxr_core.imaging import Film
from cxr_core.labels import CLASS_NAMES
from cxr_core.reading import Read
from cxr_core.reporting import MapShown, ReadDocument, ReadReport, ReportBook, agreement, document_of, report_of
from cxr_core.worklist.entry import Entry
from cxr_core.worklist.figures import Figures
from cxr_core.worklist.work import Work
from cxr_core.worklist.worklist import ReadsFilms

MOST_PAGES: Final = 200
"""Pages of a book: each holds two pictures, and all are in memory until it is taken away."""

METHOD: Final = "Grad-CAM"
"""The saliency method whose maps come with a read."""

COLUMNS: Final = (
    *("number", "label", "fingerprint", "gate", "findings", "top_class", *CLASS_NAMES, "low", "high", "prediction_set", "called"),
    *("share_inside_lungs", "own_class", "own_confidence", "own_before_the_models"),
    *("read_at", "model", "model_sha256", "site_card", "error"),
)
"""Columns of the CSV. ``low`` and ``high`` are of the top class; what is not known, or not told of a refused film, is empty."""


def csv_of(entries: Iterable[Entry], figures: Figures) -> str:
    """Write films as CSV, a row each with the columns `COLUMNS`; those that still wait have none.

    Parameters
    ----------
    entries : iterable of Entry
        The films.
    figures : Figures
        By which they are told.

    Returns
    -------
    str
    """
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for entry in entries:
        if entry.state != "waiting":
            writer.writerow(_cells(entry, figures))
    return file.getvalue()


def _cells(entry: Entry, figures: Figures) -> dict[str, Any]:
    # A program for tables takes a text that begins so for a formula.
    label = f"'{entry.label}" if entry.label.startswith(("=", "+", "-", "@")) else entry.label
    cells: dict[str, Any] = {"number": entry.number, "label": label, "fingerprint": entry.fingerprint, "error": entry.error}
    if (opinion := entry.opinion) is not None:
        cells |= {"own_class": opinion.class_name, "own_confidence": opinion.confidence}
        cells["own_before_the_models"] = "yes" if opinion.before_reveal else "no"
    if entry.read is None:
        return cells
    document = document_of(figures.read(entry.read), "", refused_too=entry.forced)
    assert document.gate is not None
    cells |= {"gate": document.gate.outcome, "findings": " ".join(document.gate.codes), "model": document.model}
    cells |= {"model_sha256": document.model_sha256, "site_card": figures.site.name if figures.site else ""}
    cells["read_at"] = entry.read_at.isoformat(timespec="seconds") if entry.read_at else ""
    if document.probabilities is not None and document.top_class is not None:
        cells |= {"top_class": document.top_class} | dict(document.probabilities)
        cells["share_inside_lungs"] = "" if entry.share is None else f"{entry.share:.4f}"
        if document.ranges is not None:
            cells["low"], cells["high"] = document.ranges[document.top_class]
    if document.prediction_set is not None:
        cells["prediction_set"] = " or ".join(document.prediction_set)
        cells["called"] = "yes" if figures.called(figures.read(entry.read)) else "no"
    return cells


def json_lines(entries: Iterable[Entry], figures: Figures) -> str:
    """Write films as JSON, a `ReadDocument` a line, as `predict --json` does; parameters as in `csv_of`.

    ``file`` is the film's number. Film, label, opinion, call and how far to trust it stand there too, as in the read page's JSON.
    """
    return "".join(f"{document(entry, figures).line()}\n" for entry in entries if entry.state != "waiting")


def document(entry: Entry, figures: Figures) -> ReadDocument:
    """Tell a film that does not wait any more."""
    file = f"Film {entry.number}"
    if entry.read is None:
        return ReadDocument(file=file, error=entry.error)
    read = figures.read(entry.read)
    plain = document_of(read, file, refused_too=entry.forced)
    told: dict[str, Any] = {"film": entry.facts, "label": entry.label or None, "read_at": entry.read_at, "opinion": entry.opinion}
    if plain.top_class is not None:
        told |= {"elsewhere": figures.elsewhere or None, "site_card": figures.site_text}
        if entry.opinion is not None:
            told["agreement"] = agreement(entry.opinion, plain.top_class, plain.prediction_set)
    if plain.prediction_set is not None:
        told |= {"coverage": figures.coverage, "call": figures.call(read)}
    return plain.model_copy(update=told)


class BookJob(Work):
    """The making of one PDF with a page a film: each is decoded and read again, for its map.

    Parameters
    ----------
    entries : sequence of Entry
        The films; of more than `MOST_PAGES` that were read only so many are taken.
    figures : Figures
        By which they are told.
    reader : ReadsFilms
        The model.
    wanted : callable
        See `Work`.

    Attributes
    ----------
    left_out : int
        Films beyond `MOST_PAGES`.
    lost : list of int
        Numbers of films that could not be read again.
    """

    def __init__(self, entries: Sequence[Entry], figures: Figures, reader: ReadsFilms, wanted: Callable[[], bool] = lambda: True) -> None:
        readable = [entry for entry in entries if entry.read is not None]
        chosen = readable[:MOST_PAGES]
        self.left_out = len(readable) - len(chosen)
        self.lost: list[int] = []
        self._book = ReportBook(len(chosen))
        self._bytes: bytes | None = None
        self._writing = threading.Lock()
        super().__init__(self._bind(chosen, figures, reader), lambda: len(chosen) - self.done, wanted)

    @property
    def pages(self) -> int:
        """How many there are."""
        return self._book.pages

    def pdf(self) -> bytes:
        """Return the book. It is written once.

        Raises
        ------
        ReadReportError
            It has no page.
        """
        with self._writing:
            if self._bytes is None:
                self._bytes = self._book.pdf()
            return self._bytes

    def _bind(self, entries: Sequence[Entry], figures: Figures, reader: ReadsFilms) -> Generator[None, None, None]:
        for entry in entries:
            try:
                film = entry.load()
                self._book.add(_report(film, reader.read(film), entry, figures))
            except (SecondLookError, MemoryError):
                self.lost.append(entry.number)
            yield
        if self.pages:
            self.pdf()


def _report(film: Film, as_shipped: Read, entry: Entry, figures: Figures) -> ReadReport:
    read = figures.read(as_shipped)
    return report_of(
        film,
        read,
        entry.read_at or datetime.now().astimezone(),
        MapShown(METHOD, read.top_class, read.maps[read.top_class]),
        site_card=figures.site_text,
        elsewhere=figures.elsewhere or None,
        coverage=figures.coverage,
        call=figures.call(read),
        opinion=entry.opinion,
        label=entry.label or None,
        refused_too=entry.forced,
    )
