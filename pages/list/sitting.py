"""A session's worklist, and what of it is on screen."""

from dataclasses import dataclass, field

import streamlit as st

from cxr_core.errors import SecondLookError
from cxr_core.imaging import TOO_LITTLE_MEMORY
from cxr_core.worklist import BookJob, Entry, Figures, Wanted, Worklist
from pages.insides import session_is_open
from pages.read import REVEALED, Desk, card_if_there, elsewhere, measured, standing_threshold, start_loading
from pages.site import chosen_site_card


@dataclass(eq=False)
class Sitting:
    """A session's worklist.

    Attributes
    ----------
    worklist : Worklist
        Its films.
    wanted : Wanted
        Which of them the table shows.
    turns : list of Entry
        Those that are turned through while one is on screen; empty while the table is. They stay the same until it is shown again, though a
        film may no longer fit the filters then.
    at : int
        Which of them is on screen.
    refusals : list of str
        Why something that was dropped, or a folder, was not taken.
    coming : bool
        Whether other files of the same drop are still being uploaded.
    book : BookJob, optional
        The PDF that is being made, or was.
    tables : int
        Tables that were shown: a new one begins with nothing chosen.
    """

    worklist: Worklist = field(default_factory=Worklist)
    wanted: Wanted = field(default_factory=Wanted)
    turns: list[Entry] = field(default_factory=list)
    at: int = 0
    refusals: list[str] = field(default_factory=list)
    coming: bool = False
    book: BookJob | None = None
    tables: int = 0
    _desk: Desk | None = None

    @property
    def entry(self) -> Entry | None:
        """The film on screen; None while the table is."""
        return self.turns[self.at] if self.turns else None

    def open(self, turns: list[Entry], at: int) -> None:
        """Put a film of a list on screen."""
        self._put_away()
        self.turns, self.at = list(turns), at

    def turn(self, at: int) -> None:
        """Put another film of that list on screen."""
        if 0 <= at < len(self.turns):
            self._put_away()
            self.at = at

    def close(self) -> None:
        """Go back to the table."""
        self._put_away()
        self.turns, self.tables = [], self.tables + 1

    def sort(self, order: str) -> None:
        """Put table and turning in another order or, where they are in that one, the other way round."""
        self.wanted, self.tables = self.wanted.by(order), self.tables + 1

    def clear(self) -> None:
        """Forget all films."""
        self.close()
        self.drop_book()
        self.worklist.clear()
        self.wanted, self.refusals = Wanted(), []

    def drop_book(self) -> None:
        """Give up the PDF that is being made, or forget the one that was."""
        if self.book is not None:
            self.book.cancel()
            self.book = None

    def desk(self) -> Desk | None:
        """Return the desk of the film on screen, decoded anew; None where it cannot be: its entry then says why."""
        entry = self.entry
        assert entry is not None
        if self._desk is None and entry.source is not None:
            try:
                with self.worklist.at_hand():
                    self._desk = desk = Desk.of(entry.load())
            except (SecondLookError, MemoryError) as error:
                entry.error = str(error) or TOO_LITTLE_MEMORY
                return None
            desk.label, desk.opinion, desk.forced = entry.label, entry.opinion, entry.forced
            entry.error = ""
            if entry.shown:
                st.session_state.setdefault(REVEALED, set()).add(desk.layer.key)
        return self._desk

    def note(self) -> None:
        """Write what was done with the film on screen into its entry."""
        entry, desk = self.entry, self._desk
        if entry is None or desk is None:
            return
        entry.label, entry.opinion, entry.forced = desk.label, desk.opinion, desk.forced
        if entry.read is None and desk.as_shipped is not None and desk.read_at is not None:
            entry.take(desk.film, desk.as_shipped, desk.read_at)

    def _put_away(self) -> None:
        """Forget the decoded film."""
        self.note()
        if self._desk is not None:
            self._desk.stop()
        self._desk = None


def sitting_of_session() -> Sitting:
    """Return the worklist of the session."""
    state = st.session_state
    if "sitting" not in state:
        state.sitting = Sitting()
    kept: Sitting = state.sitting
    return kept


def go_on_reading(sitting: Sitting) -> None:
    """Read the films that wait in the background, unless the reader stopped that."""
    work = sitting.worklist.work
    if work is None or not (work.cancelled or work.failed):
        sitting.worklist.start(start_loading().result, session_is_open())


def figures_of_session() -> Figures | None:
    """Return the figures by which films are told; None as long as there is no model."""
    future = start_loading()
    if not future.done() or future.exception() is not None:
        return None
    from cxr_core.calibration import MeasuredFilms
    from cxr_core.reporting import coverage_of

    classifier = future.result().classifier
    identity, calibration = classifier.identity, classifier.calibration
    site = chosen_site_card(identity.sha256)
    try:
        films = measured(identity) if site is None else MeasuredFilms.of_site(site)
    except SecondLookError:
        films = None
    threshold = standing_threshold(calibration.threshold if site is None else site.threshold, site)
    return Figures(calibration, site, threshold, films, elsewhere(identity), coverage_of(calibration, card_if_there(identity)))
