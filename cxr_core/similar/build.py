"""Building an index: the features of films that have none yet, written every few hundred, so that it can be stopped and gone on with."""

import os
import time
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from cxr_core.artifacts import ModelIdentity
from cxr_core.files import sole_use
from cxr_core.imaging import Film, ImageError, load_film
from cxr_core.lungs import Crop, prepare
from cxr_core.similar.listing import ListedFilms
from cxr_core.similar.sketch import sketch_of
from cxr_core.similar.store import Computed, Store

BATCH: Final = 16
"""Films of a step: after so many at most, a film that somebody waits for is read."""

WRITTEN_EVERY: Final = 256
"""After so many films they are written: no more are lost with the process."""


class GivesFeatures(Protocol):
    """What computes features: a `cxr_core.models.Classifier`."""

    identity: ModelIdentity

    def features(self, films: np.ndarray) -> np.ndarray:
        """Return the pooled features of canonical films, float32 (n, channels)."""
        ...


@dataclass(frozen=True, eq=False)
class _Loaded:
    """A film that is ready for the network."""

    canonical: np.ndarray
    sketch: np.ndarray
    fingerprint: str


class Building:
    """An index in the making.

    Parameters
    ----------
    films : ListedFilms
        The films that it is to hold.
    store : Store
        Where it lies.

    Attributes
    ----------
    total : int
        How many films it is to hold.
    """

    def __init__(self, films: ListedFilms, store: Store) -> None:
        self.total = len(films.keys)
        self._films, self._store = films, store
        there = store.load()
        self.unreadable = int(np.isin(films.keys, there.unreadable).sum())
        self._waiting = there.lacking(films.keys)
        self._begun = self.done
        self._since = self._last = 0.0
        self._fresh: list[tuple[str, _Loaded, np.ndarray]] = []
        self._broken: list[str] = []

    @property
    def left(self) -> int:
        """How many films are still to be looked at."""
        return len(self._waiting)

    @property
    def steps_left(self) -> int:
        """How many steps that takes."""
        return -(-self.left // BATCH)

    @property
    def done(self) -> int:
        """How many films were looked at."""
        return self.total - self.left

    @property
    def films_a_second(self) -> float | None:
        """How fast it goes; None before the second step: the first may compile the network."""
        seconds = self._last - self._since
        return (self.done - self._begun) / seconds if self._since and seconds > 0 else None

    def steps(self, classifier: GivesFeatures) -> Generator[None, None, None]:
        """Look at the films, a few a step. However it ends, what was computed is written.

        Parameters
        ----------
        classifier : Classifier
            Of the weights that the store is for.

        Raises
        ------
        FolderInUseError
            Another run builds the same index.
        OSError
            The index cannot be written.
        """
        with sole_use(self._store.folder):
            try:
                for _ in self._run(classifier):
                    if len(self._fresh) + len(self._broken) >= WRITTEN_EVERY:
                        self._write()
                    yield
            finally:
                self._write()
            if not self.left:
                self._store.compact(self._films.keys)

    def _run(self, classifier: GivesFeatures) -> Iterator[None]:
        identity = classifier.identity
        rows = iter(self._waiting.tolist())
        pending: deque[tuple[str, Future[_Loaded]]] = deque()
        with ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="similar") as pool:

            def refill() -> None:
                for row in islice(rows, 2 * BATCH - len(pending)):
                    job = pool.submit(_load, self._films.paths[row], identity.size, identity.crop)
                    pending.append((str(self._films.keys[row]), job))

            try:
                refill()
                while pending:
                    chunk = [pending.popleft() for _ in range(min(BATCH, len(pending)))]
                    refill()
                    self._take(classifier, chunk)
                    yield
            finally:
                for _, job in pending:
                    job.cancel()

    def _take(self, classifier: GivesFeatures, chunk: list[tuple[str, "Future[_Loaded]"]]) -> None:
        loaded: list[tuple[str, _Loaded]] = []
        for key, job in chunk:
            try:
                loaded.append((key, job.result()))
            except (ImageError, MemoryError):
                self._broken.append(key)
                self.unreadable += 1
        if loaded:
            features = classifier.features(np.stack([film.canonical for _, film in loaded]))
            self._fresh += [(key, film, row) for (key, film), row in zip(loaded, features, strict=True)]
        self._waiting = self._waiting[len(chunk) :]
        self._last = time.monotonic()
        if not self._since:
            self._since, self._begun = self._last, self.done

    def _write(self) -> None:
        if not self._fresh and not self._broken:
            return
        fresh, broken = self._fresh, np.array(self._broken, "U16")
        part = Computed.nothing()
        if fresh:
            keys, films, features = zip(*fresh, strict=True)
            sketches = np.stack([film.sketch for film in films]).astype(np.float16)
            prints = np.array([film.fingerprint for film in films], "U12")
            part = Computed(np.array(keys, "U16"), np.stack(features).astype(np.float16), sketches, prints, broken)
        else:
            part = Computed(part.keys, part.features, part.sketches, part.fingerprints, broken)
        self._store.add(part)
        self._fresh, self._broken = [], []


def features_of(film: Film, classifier: GivesFeatures) -> np.ndarray:
    """Return the pooled features of one film, float32 (channels,), where it has no read."""
    identity = classifier.identity
    return classifier.features(prepare(film, identity.size, identity.crop).canonical[np.newaxis])[0]


def _load(path: Path, size: int, crop: Crop) -> _Loaded:
    film = load_film(path)
    return _Loaded(prepare(film, size, crop).canonical, sketch_of(film), film.fingerprint)
