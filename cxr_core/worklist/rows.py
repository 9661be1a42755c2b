"""A worklist as a table: what stands in a row, which rows are wanted, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from cxr_core.calibration import probability_text
from cxr_core.labels import in_words
from cxr_core.reading import Read
from cxr_core.worklist.entry import Entry
from cxr_core.worklist.figures import Figures
from cxr_core.worklist.order import DOWNWARDS, GATES, note_of, ordered

HIDDEN: Final = "your read first"

Row = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """Which films are shown, and in which order.

    Attributes
    ----------
    classes : tuple of str
        Most probable classes, of `CLASS_NAMES`; empty for any.
    gates : tuple of str
        Keys of `GATES`; empty for any.
    disagreeing : bool
        Only films on which the reader's own opinion is another class than the model's.
    order : str
        A key of `ORDERS`.
    descending : bool
        Whether the largest comes first.
    """

    classes: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    disagreeing: bool = False
    order: str = "number"
    descending: bool = False

    def by(self, order: str) -> "Wanted":
        """Return the same in another order or, where it is in that order, in the other direction."""
        if order == self.order:
            return replace(self, descending=not self.descending)
        return replace(self, order=order, descending=order in DOWNWARDS)


def answer(entry: Entry, figures: Figures | None, reads_first: bool = False) -> Read | None:
    """Return what the model says of a film, as far as it may be told.

    Parameters
    ----------
    entry : Entry
        The film.
    figures : Figures or None
        None before the model is loaded: nothing is told then.
    reads_first : bool
        Whether the reader wants to give an opinion before the model's is shown.

    Returns
    -------
    Read or None
        At the figures' temperature.
    """
    if figures is None or not entry.told or hides(entry, reads_first):
        return None
    assert entry.read is not None
    return figures.read(entry.read)


def hides(entry: Entry, reads_first: bool) -> bool:
    """Tell whether the model's answer is to be kept from somebody who reads first."""
    return reads_first and entry.opinion is None and not entry.shown


def choose(entries: Sequence[Entry], figures: Figures | None, wanted: Wanted, reads_first: bool = False) -> list[Entry]:
    """Choose and order films; other parameters as in `answer`. A film whose answer is not told is of no class."""
    answers = {entry.number: answer(entry, figures, reads_first) for entry in entries}

    def fits(entry: Entry) -> bool:
        read = answers[entry.number]
        if wanted.gates and entry.state not in wanted.gates:
            return False
        if wanted.classes and (read is None or read.top_class not in wanted.classes):
            return False
        return not wanted.disagreeing or disagrees(entry, read)

    return ordered(((entry, answers[entry.number]) for entry in entries if fits(entry)), figures, wanted.order, wanted.descending)


def disagrees(entry: Entry, read: Read | None) -> bool:
    """Tell whether the reader's opinion is another class than the model's."""
    return read is not None and entry.opinion is not None and entry.opinion.class_name != read.top_class


def row_of(entry: Entry, figures: Figures | None, reads_first: bool = False) -> Row:
    """Return what the table shows of a film; parameters as in `answer`.

    Returns
    -------
    dict
        ``number``; ``film``, the thumbnail as a data URI; ``name``; ``gate``; ``class``, ``probability`` in [0, 1], ``range`` and ``set``
        of the model's answer; ``called``; ``inside``, the share of the map inside the lungs; ``own``, the reader's opinion; ``note``, why
        the film cannot be read or what the input gate says. None, or "" for texts, where there is nothing.
    """
    row: Row = {
        "number": entry.number,
        "film": entry.picture or None,
        "name": entry.name,
        "gate": GATES[entry.state],
        "class": HIDDEN if entry.told and hides(entry, reads_first) else "",
        "probability": None,
        "range": "",
        "set": "",
        "called": "",
        "inside": None,
        "own": "" if entry.opinion is None else in_words(entry.opinion.class_name),
        "note": note_of(entry),
    }
    read = answer(entry, figures, reads_first)
    if read is None or figures is None:
        return row
    top = read.top_class
    row |= {"class": in_words(top), "probability": read.probabilities[top], "inside": entry.share}
    if read.low:
        row["range"] = f"{probability_text(read.low[top])} to {probability_text(read.high[top])}"
    if read.gate.outcome != "refused":
        row["set"] = in_words(", ".join(read.prediction_set)) or "empty"
        row["called"] = "called" if figures.called(read) else "not called"
    return row
