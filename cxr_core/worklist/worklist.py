"""The worklist of a session: its films, and the thread that reads them one after another."""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from cxr_core.errors import SecondLookError
from cxr_core.imaging import Film
from cxr_core.reading import Read, set_aside
from cxr_core.worklist.decoding import Decoding
from cxr_core.worklist.entry import Entry
from cxr_core.worklist.sources import MOST_FILMS, Gathered, gather_files, gather_folder
from cxr_core.worklist.work import Work


class ReadsFilms(Protocol):
    """What reads a film: a `cxr_core.reading.Reader`, or what stands in for it in a test."""

    def read(self, film: Film) -> Read:
        """Read it, with its maps."""
        ...


@dataclass(eq=False)
class Worklist:
    """The films of a session, and what was read of them. What was read stays, whatever fails afterwards.

    Attributes
    ----------
    entries : list of Entry
        In order of their numbers.
    passed_over : int
        Files and folders that were passed over.
    notices : list of str
        Sentences on what was left out the last time that films were added.
    held : int
        Bytes of dropped files in memory.
    work : Work, optional
        The reading, once it was begun.
    """

    entries: list[Entry] = field(default_factory=list)
    passed_over: int = 0
    notices: list[str] = field(default_factory=list)
    held: int = 0
    work: Work | None = None

    def add_files(self, files: Iterable[bytes]) -> None:
        """Add dropped files, and the films in zip archives among them, behind those that are here."""
        self._add(gather_files(files, MOST_FILMS - len(self.entries), self.held))

    def add_folder(self, folder: str) -> None:
        """Add the films of a folder and of those below it.

        Raises
        ------
        WorklistError
            As `gather_folder`. The list stays as it was.
        """
        self._add(gather_folder(folder, MOST_FILMS - len(self.entries)))

    def _add(self, found: Gathered) -> None:
        for number, source in enumerate(found.sources, len(self.entries) + 1):
            error = str(source) if isinstance(source, SecondLookError) else ""
            self.entries.append(Entry(number, None if isinstance(source, SecondLookError) else source, error))
        self.held += found.held
        self.passed_over += found.passed_over
        self.notices = found.notices

    @property
    def waiting(self) -> int:
        """How many films are still to be read."""
        return sum(entry.state == "waiting" for entry in self.entries)

    @property
    def reading(self) -> bool:
        """Whether films are being read."""
        return self.work is not None and not self.work.finished

    def start(self, reader: Callable[[], ReadsFilms], wanted: Callable[[], bool] = lambda: True) -> None:
        """Read the films that wait, if that is not being done already.

        Parameters
        ----------
        reader : callable
            Returns the model; called in the thread, which may wait there until it is loaded. What it raises ends the reading, and the
            films still wait.
        wanted : callable
            See `Work`.
        """
        if not self.reading and self.waiting:
            self.work = Work(self._steps(reader), lambda: self.waiting, wanted)

    def cancel(self) -> None:
        """Stop reading after the film at hand. What was read stays, and `start` goes on with the rest."""
        if self.work is not None:
            self.work.cancel()

    def again(self) -> None:
        """Let the films that could not be read wait once more."""
        for entry in self.entries:
            if entry.source is not None:
                entry.error = ""

    def clear(self) -> None:
        """Stop reading, and forget all films."""
        self.cancel()
        self.entries, self.passed_over, self.notices, self.held, self.work = [], 0, [], 0, None

    @contextmanager
    def at_hand(self) -> Iterator[None]:
        """Let the reading in the background wait for a film that somebody looks at."""
        with self.work.waiting() if self.work is not None else nullcontext():
            yield

    def _steps(self, reader: Callable[[], ReadsFilms]) -> Generator[None, None, None]:
        """Read a film a step; the next one is decoded meanwhile. One that hangs is set aside, and left to its thread."""
        entries, at = self.entries, 0  # those of another list do not belong to this thread

        def following() -> Entry | None:
            nonlocal at
            while at < len(entries):
                at += 1
                if entries[at - 1].state == "waiting":
                    return entries[at - 1]
            return None

        model = reader()
        entry = following()
        film = Decoding(entry.load) if entry else None
        while entry is not None and film is not None:
            film.wait()
            after = following()
            film_after = Decoding(after.load) if after else None
            read_entry(entry, film.result, model)
            entry, film = after, film_after
            yield
            if entry is None:  # films that were added meanwhile
                entry = following()
                film = Decoding(entry.load) if entry else None


def read_entry(entry: Entry, film: Callable[[], Film], reader: ReadsFilms) -> None:
    """Read one film into its row, or write there why it cannot be read."""
    try:
        decoded = film()
        if entry.read is None:  # it may have been opened, and so read, meanwhile
            entry.take(decoded, reader.read(decoded), datetime.now().astimezone())
    except SecondLookError as error:
        entry.error = str(error)
    except Exception as error:
        entry.error = str(set_aside(error))
