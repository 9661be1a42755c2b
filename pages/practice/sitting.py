"""A reader at a series: which film is up, and what was said so far. All of it is forgotten with the session."""

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import streamlit as st

from cxr_core.errors import SecondLookError
from cxr_core.imaging import load_film, outlines
from cxr_core.labels import CLASS_NAMES
from cxr_core.practice import Answer, Case, Judgement, Link, Mark, chance_of
from pages.read import Desk

if TYPE_CHECKING:  # these bring pandas, which the page loads when films are named
    from cxr_core.practice import AnswerSheet, PracticeFilms

_KEY = "practice_sitting"

Stage = Literal["own", "revise", "told"]
"""What comes next: the own read, the read after the model's, or the next film."""


@dataclass(eq=False)
class Sitting:
    """A reader at a series.

    Attributes
    ----------
    films : PracticeFilms
        What the series was drawn from.
    link : Link
        What it follows from.
    cases : tuple of Case
        Its films.
    reader : str
        Who reads, as files say it.
    answers : list of Answer
        One a film that was answered.
    note : str
        Why it is not the series that a link was made for; "" where it is.
    at : int
        Which film is up; behind the last one, all are done.
    stage : str
        See `Stage`.
    passed_over : int
        Films that cannot be read.
    """

    films: "PracticeFilms"
    link: Link
    cases: tuple[Case, ...]
    reader: str
    answers: list[Answer] = field(default_factory=list)
    note: str = ""
    at: int = 0
    stage: Stage = "own"
    passed_over: int = 0
    _desk: Desk | None = None
    _outline: np.ndarray | None = None
    _drawn_outlines: list[list[list[float]]] = field(default_factory=list)
    _since: float = 0.0

    @property
    def is_done(self) -> bool:
        """Whether all films were read."""
        return self.at >= len(self.cases)

    @property
    def case(self) -> Case:
        """The film that is up."""
        return self.cases[self.at]

    @property
    def answer(self) -> Answer:
        """The answer to it."""
        return self.answers[-1]

    @property
    def outlines(self) -> list[list[list[float]]]:
        """The outlined infection, as the viewer takes it."""
        return self._drawn_outlines

    def desk(self) -> Desk | None:
        """Return the desk of the film that is up; those that cannot be read are passed over. None where no film is left."""
        while self._desk is None and not self.is_done:
            try:
                film = load_film(self.films.root / self.case.path)
                self._outline = self.films.outline(self.case)
            except SecondLookError:
                self.passed_over += 1
                self._go_on()
                continue
            self._desk = Desk.of(film)
            drawn = [] if self._outline is None else outlines(self._outline.astype(np.float32))
            self._drawn_outlines = [places.round(4).tolist() for places in drawn]
            self._since = time.monotonic()
        return self._desk

    def commit(self, judgement: Judgement, place: Mark | None) -> None:
        """Take the reader's own read."""
        desk, outline = self.desk(), self._outline
        if desk is None or self.stage != "own":
            return
        hit = None if place is None or outline is None else place.hits(outline)
        chance = None if outline is None else chance_of(outline)
        seconds = time.monotonic() - self._since
        truth, fingerprint = self.case.label, desk.film.fingerprint
        self.answers.append(Answer(self.at, fingerprint, truth, judgement, seconds, mark=place, hit=hit, chance=chance))
        self.stage = "revise" if self.link.order == "revise" else "told"

    def revise(self, judgement: Judgement) -> None:
        """Take the read that the reader ends with, after the model's was shown."""
        if self.stage == "revise":
            self.answers[-1] = replace(self.answer, revised=judgement)
            self.stage = "told"

    def take_read(self) -> None:
        """Put what the model says beside the answer."""
        if self._desk is not None and self._desk.read is not None and self.answer.probabilities is None:
            read = self._desk.read
            self.answers[-1] = replace(self.answer, probabilities=tuple(read.probabilities[name] for name in CLASS_NAMES))

    def next(self) -> None:
        """Put up the next film."""
        if self.stage == "told":
            self._go_on()

    def _go_on(self) -> None:
        self._desk = self._outline = None
        self._drawn_outlines = []
        self.at += 1
        self.stage = "own"

    def go_on_from(self, answers: tuple[Answer, ...]) -> None:
        """Go on behind the last film that was answered before."""
        self.answers = [answer for answer in answers if answer.place < len(self.cases)]
        self.at = 1 + max((answer.place for answer in self.answers), default=-1)

    def sheet(self) -> "AnswerSheet":
        """Return all answers so far, without one that is still to be revised."""
        from cxr_core.practice import AnswerSheet

        done = self.answers[:-1] if self.stage == "revise" else self.answers
        return AnswerSheet(self.reader, self.link, tuple(done))


def sitting_of_session() -> Sitting | None:
    """Return the sitting of the session; None before a series was started."""
    kept: Sitting | None = st.session_state.get(_KEY)
    return kept


def sit_down(sitting: Sitting | None) -> None:
    """Start a series, or leave it."""
    st.session_state[_KEY] = sitting
