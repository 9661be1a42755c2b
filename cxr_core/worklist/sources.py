"""Where the films of a worklist come from: what was dropped stays in memory, packed as it came; of a folder only paths are kept."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from cxr_core.archive import list_archive
from cxr_core.errors import SecondLookError
from cxr_core.imaging import MAX_FILE_BYTES, DroppedFile, ImageTooLargeError, ZippedFilm, film_files, is_zip, open_zip
from cxr_core.imaging import TOO_LARGE as FILM_TOO_LARGE
from cxr_core.worklist.errors import WorklistError

MOST_FILMS: Final = 2_000
"""Films of a worklist."""

MOST_HELD_BYTES: Final = 2**30
"""Bytes of dropped files that a worklist keeps."""

MOST_ZIP_BYTES: Final = 500 * 2**20
"""Of a dropped zip archive. While it comes in, it is held twice."""

MOST_LISTED: Final = 50_000
"""Films of a folder beyond which it is not put in order."""

TOO_MANY: Final = f"A worklist takes {MOST_FILMS:,} films: {{left:,}} were left out. 'python -m cxr_core archive' reads any number."
TOO_LARGE: Final = (
    f"At most {MOST_HELD_BYTES / 2**30:g} GiB of dropped files are kept: {{left:,}} were left out. Name their folder instead."
)


Source = Path | DroppedFile | ZippedFilm
"""What a film is decoded from, as often as it is opened."""


@dataclass(eq=False)
class Gathered:
    """What was found.

    Attributes
    ----------
    sources : list of Source
        The films, in order; an error is a file that can never be one.
    held : int
        Bytes that they keep in memory.
    passed_over : int
        Files in archives that are hidden or no films by their names, and folders that cannot be entered.
    notices : list of str
        A sentence for what was left out.
    """

    sources: list[Source | SecondLookError] = field(default_factory=list)
    held: int = 0
    passed_over: int = 0
    notices: list[str] = field(default_factory=list)


def gather_files(files: Iterable[bytes], room: int, held: int) -> Gathered:
    """Take dropped files, and the films in the zip archives among them.

    Parameters
    ----------
    files : iterable of bytes
        Their contents. Names may tell who it is: none is asked for.
    room : int
        Films that may still be taken.
    held : int
        Bytes that are kept already.

    Returns
    -------
    Gathered
    """
    found = Gathered()
    heavy, left = 0, 0
    for data in files:
        if held + found.held + len(data) > MOST_HELD_BYTES:
            heavy += 1
            continue
        sources: Sequence[Source | SecondLookError]
        if is_zip(data):
            sources = _unzipped(data, found)
        elif len(data) > MAX_FILE_BYTES:  # called a zip, and none: it can never be read, and need not be kept
            sources, data = (ImageTooLargeError(FILM_TOO_LARGE),), b""
        else:
            sources = (DroppedFile(data),)
        taken = sources[: room - len(found.sources)]
        found.sources += taken
        found.held += len(data) if taken else 0
        left += len(sources) - len(taken)
    if heavy:
        found.notices.append(TOO_LARGE.format(left=heavy))
    if left:
        found.notices.append(TOO_MANY.format(left=left))
    return found


def _unzipped(data: bytes, found: Gathered) -> Sequence[Source | SecondLookError]:
    try:
        opened = open_zip(data)
    except SecondLookError as error:
        return (error,)
    found.passed_over += opened.passed_over
    return sorted(opened.films, key=lambda film: _natural(film.path))


def gather_folder(folder: str, room: int) -> Gathered:
    """List the films of a folder and of those below it, by their paths as a file manager sorts names: 2 comes before 10.

    Parameters
    ----------
    folder : str
        As it was typed; ``~`` is the user's own. A zip archive will do: it stays on the disk, and is read film by film.
    room : int
        Films that may still be taken.

    Returns
    -------
    Gathered

    Raises
    ------
    WorklistError
        There is no such folder, it cannot be entered, or it holds no films or more than `MOST_LISTED`; or it is a file, and no zip archive.
        It is not named.
    """
    try:
        start = Path(folder.strip()).expanduser()
        is_folder, is_file = start.is_dir(), start.is_file()
    except (OSError, RuntimeError, ValueError):
        is_folder = is_file = False
    if is_file:
        return _gather_zip(start, room)
    if not folder.strip() or not is_folder:
        raise WorklistError("There is no such folder on the computer that runs the app. Type the whole path, such as /data/films.")
    found = Gathered()
    closed: list[str] = []
    paths = list(islice(list_archive(str(start), closed.append), MOST_LISTED + 1))
    found.passed_over = len(closed)
    if len(paths) > MOST_LISTED:
        raise WorklistError(f"The folder holds more than {MOST_LISTED:,} films. Read it with 'python -m cxr_core archive'.")
    if not paths:
        raise WorklistError(
            "The folder cannot be entered." if closed else "The folder holds no PNG, JPEG or DICOM films, and none of those below it does."
        )
    paths.sort(key=lambda path: _natural(path.relative_to(start)))
    _fill(found, paths, room)
    return found


def _gather_zip(path: Path, room: int) -> Gathered:
    """List the films of a zip archive on the disk."""
    passed_over: list[int] = []
    there = film_files([path], lambda _, count: passed_over.append(count))
    films = [film for film in there if isinstance(film, ZippedFilm)]
    if not films:
        raise WorklistError("This is a file, and no zip archive. Type the path of its folder.")
    found = Gathered(passed_over=sum(passed_over))
    films.sort(key=lambda film: _natural(film.path))
    _fill(found, films, room)
    return found


def _fill(found: Gathered, sources: Sequence[Source], room: int) -> None:
    found.sources = list(sources[:room])
    if len(sources) > room:
        found.notices.append(TOO_MANY.format(left=len(sources) - room))


def _natural(path: Path) -> tuple[tuple[tuple[int, int, str], ...], ...]:
    """Sort folder by folder, digits as numbers, capitals as small letters."""
    return tuple(
        tuple((0, int(piece), piece) if piece.isdecimal() and piece.isascii() else (1, 0, piece) for piece in re.split(r"([0-9]+)", part))
        for part in (part.lower() for part in path.parts)
    )
