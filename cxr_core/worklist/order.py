"""In which order films stand: by any column of the table, up or down; what has nothing there comes last either way."""

from collections.abc import Iterable
from typing import Final

from cxr_core.labels import DISEASE, in_words
from cxr_core.reading import Read
from cxr_core.worklist.entry import Entry
from cxr_core.worklist.figures import Figures

GATES: Final = {"read": "read", "warning": "warned", "refused": "refused", "broken": "broken", "waiting": "waiting"}
"""By `Entry.state`: what the input gate says, in a word."""

ORDERS: Final = {
    "number": "Number",
    "covid": "Probability of COVID",
    "name": "Label or fingerprint",
    "gate": "Input gate",
    "class": "Most probable class",
    "probability": "Probability of that class",
    "range": "Width of the range",
    "set": "Size of the prediction set",
    "called": "COVID call",
    "inside": "Share in the lungs",
    "own": "Your opinion",
    "note": "Note",
}
"""What films can be ordered by, in words; all but ``covid`` are columns of the table."""

DOWNWARDS: Final = {"covid"}
"""Orders that begin with the largest, unless the other direction is asked for."""

Answered = tuple[Entry, Read | None]
"""A film with what may be told of its read."""


def ordered(films: Iterable[Answered], figures: Figures | None, order: str, descending: bool) -> list[Entry]:
    """Put films in order.

    Parameters
    ----------
    films : iterable of (Entry, Read or None)
        Each with its answer, as `cxr_core.worklist.rows.answer` gives it: one that is not told moves no film.
    figures : Figures or None
        None before the model is loaded.
    order : str
        A key of `ORDERS`.
    descending : bool
        Whether the largest comes first.

    Returns
    -------
    list of Entry
        Equal ones, and those with nothing to order by, by their numbers.
    """
    placed = sorted(((_place(entry, read, figures, order), entry) for entry, read in films), key=lambda pair: pair[1].number)
    there = [pair for pair in placed if pair[0] is not None]
    there.sort(key=lambda pair: pair[0] or (), reverse=descending)  # equal ones stay as they are, in both directions
    return [entry for _, entry in (*there, *(pair for pair in placed if pair[0] is None))]


def _place(entry: Entry, read: Read | None, figures: Figures | None, order: str) -> tuple[float | str, ...] | None:
    """Return what a film is ordered by; None where there is nothing."""
    if order == "number":
        return (entry.number,)
    if order == "gate":
        return (list(GATES).index(entry.state),)
    if order in ("name", "own", "note"):
        text = {"name": entry.name, "own": in_words(entry.opinion.class_name) if entry.opinion else "", "note": note_of(entry)}[order]
        return (text.casefold(),) if text else None
    if read is None or figures is None:
        return None
    return _place_by_answer(entry, read, figures, order)


def _place_by_answer(entry: Entry, read: Read, figures: Figures, order: str) -> tuple[float | str, ...] | None:
    top = read.top_class
    if order == "covid":
        return (read.probabilities[DISEASE],)
    if order == "class":
        return (in_words(top).casefold(),)
    if order == "probability":
        return (read.probabilities[top],)
    if order == "range":
        return (read.high[top] - read.low[top],) if read.low else None
    if order == "inside":
        return None if entry.share is None else (entry.share,)
    if read.gate.outcome == "refused":  # it has neither set nor call
        return None
    if order == "set":
        return (len(read.prediction_set), *map(in_words, read.prediction_set))
    return (not figures.called(read),)  # those that are called come first


def note_of(entry: Entry) -> str:
    """Say why a film cannot be read, or what the input gate says; "" where there is nothing to say."""
    return entry.error or (" ".join(entry.read.gate.reasons) if entry.read is not None else "")
