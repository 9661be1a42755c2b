"""The films of a named folder, which similar ones are looked for among, and the thread that builds their index."""

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from cxr_core.artifacts import ModelIdentity
from cxr_core.errors import SecondLookError
from cxr_core.worklist import Work
from pages.insides import session_is_open
from pages.visitor import FOLDER

if TYPE_CHECKING:  # these bring pandas, which the page loads when a folder is named
    from cxr_core.similar import Building, FilmIndex, ListedFilms, Store

Locations = tuple[Path, ...]

MOST_SHELVES: Final = 2
"""Folders that are held in memory: an index of 20,000 films takes about 100 MB."""

_NAMED: Final = "similar_named"


class IndexJob:
    """An index that is being built.

    Parameters
    ----------
    building : Building
        What is built.
    classifier : Any
        The model's classifier.
    wanted : callable
        See `Work`.
    """

    def __init__(self, building: "Building", classifier: Any, wanted: Callable[[], bool]) -> None:
        self.building = building
        self.failure = ""
        self.work = Work(self._steps(classifier), lambda: building.steps_left, wanted)

    def _steps(self, classifier: Any) -> Generator[None, None, None]:
        try:
            yield from self.building.steps(classifier)
        except SecondLookError as error:
            self.failure = str(error)
        except OSError as error:
            self.failure = f"The index cannot be kept in the user's cache folder: {error.strerror or type(error).__name__}."


@dataclass(eq=False)
class Shelf:
    """The films of named folders.

    Attributes
    ----------
    films : ListedFilms
        All of them.
    store : Store
        Where their index lies.
    index : FilmIndex, optional
        What of it was loaded last.
    job : IndexJob, optional
        The building of it, once it was begun.
    """

    films: "ListedFilms"
    store: "Store"
    index: "FilmIndex | None" = None
    job: IndexJob | None = None
    _stamp: object = None
    _waiting: int = 0

    @property
    def building(self) -> bool:
        """Whether the index is being built."""
        return self.job is not None and not self.job.work.finished

    @property
    def waiting(self) -> int:
        """How many films nobody has looked at yet; known once the index was loaded."""
        return self._waiting

    def load(self) -> "FilmIndex":
        """Return the index as it lies on the disk; while it is built, as it was when that began."""
        from cxr_core.similar import FilmIndex

        stamp = self.store.stamp
        if self.index is None or (stamp != self._stamp and not self.building):
            computed = self.store.load()
            self._waiting = len(computed.lacking(self.films.keys))
            self.index, self._stamp = FilmIndex(self.films, computed), stamp
        return self.index

    def build(self, classifier: Any) -> None:
        """Begin to build the index, or go on with it, unless that is being done already."""
        from cxr_core.similar import Building

        running = _running()
        if not self.building and not running.busy:
            running.job = self.job = IndexJob(Building(self.films, self.store), classifier, session_is_open())

    def stop(self) -> None:
        """Stop building. What was computed stays."""
        if self.job is not None:
            self.job.work.cancel()

    def forget(self) -> None:
        """Remove the index from the disk."""
        self.store.forget()
        self.index = self.job = None


@dataclass(eq=False)
class _Running:
    """The one index that the server builds at a time: two would halve each other's pace."""

    job: IndexJob | None = None

    @property
    def busy(self) -> bool:
        return self.job is not None and not self.job.work.finished


@st.cache_resource(show_spinner=False)
def _running() -> _Running:
    return _Running()


def another_is_built(shelf: Shelf) -> bool:
    """Tell whether the server builds the index of other folders."""
    return _running().busy and not shelf.building


@contextmanager
def film_first() -> Iterator[None]:
    """Let an index that is being built wait for a film that somebody looks at."""
    job = _running().job
    with nullcontext() if job is None else job.work.waiting():
        yield


@st.cache_resource(show_spinner=False)
def _shelves() -> dict[tuple[Locations, str], Shelf]:
    """Return the folders that are searched, by weights, the one that was used last at the end."""
    return {}


def named_folders() -> Locations:
    """Return the folders that this session named, or that whoever runs the server named for all; none before that."""
    named = os.environ.get(FOLDER) or st.session_state.get(_NAMED)
    if not named:
        return ()
    from cxr_core.similar import named_locations

    return named_locations(named)


def named_text() -> str:
    """Return what this session named, as it was typed."""
    return str(st.session_state.get(_NAMED, ""))


def name_folders(text: str) -> None:
    """Name the folders of this session. Their films are listed anew."""
    st.session_state[_NAMED] = text.strip()
    locations, shelves = named_folders(), _shelves()
    for key in [key for key, shelf in list(shelves.items()) if key[0] == locations and not shelf.building]:
        shelves.pop(key, None)


def shelf_of(locations: Locations, identity: ModelIdentity) -> Shelf:
    """Return the films of folders, listed once for as long as nobody names them again.

    Raises
    ------
    SimilarError
        They cannot be searched.
    """
    from cxr_core.similar import Store, list_similar

    shelves, key = _shelves(), (locations, identity.sha256)
    shelf = shelves.pop(key, None) or Shelf(list_similar(locations), Store(locations, identity))
    shelves[key] = shelf
    for old in [key for key, one in list(shelves.items()) if not one.building and one is not shelf][: -MOST_SHELVES + 1]:
        shelves.pop(old, None)
    return shelf
