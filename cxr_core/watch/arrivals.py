"""Which files of a folder are whole: those that nobody has written to for a while."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from cxr_core.archive import list_archive
from cxr_core.imaging import FILM_SUFFIXES, PARTIAL_SUFFIXES, is_hidden, looks_like_dicom

State = tuple[int, int, int]
"""Size, when it was last written to, and number of a file."""

HEAD = 1024


class Arrivals:
    """Keeps account of the files of a folder.

    Parameters
    ----------
    folder : Path
        The folder.
    settled : float
        A file is whole when nothing of it has changed for so many seconds.
    """

    def __init__(self, folder: Path, settled: float) -> None:
        self._folder, self._settled = folder, settled
        self._waiting: dict[Path, tuple[State, float]] = {}
        self._taken: dict[Path, State] = {}

    @property
    def waiting(self) -> int:
        """How many files may still be written to."""
        return len(self._waiting)

    def look(self, now: float) -> None:
        """Take account of all films that are in the folder and below."""
        self._enter(self._folder, now)

    def changed(self, path: Path, now: float) -> None:
        """Take account of a file, or of a folder of files, that came or changed.

        Parameters
        ----------
        path : Path
            In the folder or below.
        now : float
            Seconds by a clock that never goes back.
        """
        if any(is_hidden(part) for part in path.relative_to(self._folder).parts):
            return
        if path.is_dir():
            self._enter(path, now)
        elif path.suffix.lower() not in PARTIAL_SUFFIXES:
            self._note(path, now)

    def whole(self, now: float) -> Iterator[Path]:
        """Yield the films that are whole now, each once unless it changes; in the order in which they came."""
        for path, (state, since) in list(self._waiting.items()):
            found = _state(path)
            if found is None:
                del self._waiting[path]
            elif found != state:
                self._waiting[path] = found, now
            elif now - since >= self._settled:
                del self._waiting[path]
                self._taken[path] = state
                if _is_film(path):
                    yield path

    def _enter(self, folder: Path, now: float) -> None:
        for path in list_archive(str(folder), lambda sentence: None):
            self._note(path, now)

    def _note(self, path: Path, now: float) -> None:
        state = _state(path)
        if state is not None and path not in self._waiting and self._taken.get(path) != state:
            self._waiting[path] = state, now


def _state(path: Path) -> State | None:
    """Describe a file; None where there is none, or a pipe or a device, which one must not even open."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino


def _is_film(path: Path) -> bool:
    """Tell whether a whole file is to be read, be it to say that it is broken."""
    if path.suffix.lower() in FILM_SUFFIXES:
        return True
    try:
        with path.open("rb") as file:
            return looks_like_dicom(file.read(HEAD))
    except OSError:
        return False
