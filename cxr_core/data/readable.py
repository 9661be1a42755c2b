"""Which films can be read: every film is decoded once, and not again until its file changes."""

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from cxr_core import __version__
from cxr_core.files import replace_file
from cxr_core.imaging import (
    DICOM_VERSION,
    INPUT_VERSION,
    PICTURE_SUFFIXES,
    TOO_LITTLE_MEMORY,
    Film,
    ImageError,
    decode_film,
    read_film_file,
)

READABLE = "readable-films.txt"
"""File of the cache: one line of 16 hex digits for each film that could be read. It names no film."""

KEPT = 500_000
"""At most so many lines are kept, those of the films that were looked at last."""

NOT_THERE = "there is no such file"


def unreadable_films(
    root: Path, paths: Sequence[str], cache: Path | None, progress: Callable[[int, int], None] = lambda done, total: None
) -> dict[str, str]:
    """Decode films, and tell which cannot be read.

    Parameters
    ----------
    root : Path
        The folder that `paths` are relative to.
    paths : sequence of str
        The films.
    cache : Path or None
        Folder in which is kept which films could be read, by path, size and time of each. None decodes nothing: it is only looked
        whether each film is there.
    progress : callable, optional
        Called with the number of films decoded so far and of those to be decoded.

    Returns
    -------
    dict of str to str
        By path: why the film cannot be read.
    """
    keys = {path: film_key(root / path) for path in dict.fromkeys(paths)}
    found = {path: NOT_THERE for path, key in keys.items() if key is None}
    if cache is None:
        return found
    kept = _kept(cache)
    unknown = [path for path, key in keys.items() if key is not None and key not in kept]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        reasons = pool.map(lambda path: _reason(root / path), unknown)
        for done, (path, reason) in enumerate(zip(unknown, reasons, strict=True), start=1):
            if reason is not None:
                found[path] = reason
            progress(done, len(unknown))
    if unknown:
        _keep(cache, [key for path, key in keys.items() if key is not None and path not in found], kept)
    return found


def decoded(path: Path) -> Film | str:
    """Return a film or, if it cannot be read, say why, as the end of a sentence without its full stop."""
    try:
        return decode_film(read_film_file(path))
    except ImageError as error:
        return str(error).rstrip(".")
    except MemoryError:
        return TOO_LITTLE_MEMORY.rstrip(".")


def dicom_version(path: Path) -> list[int]:
    """Return what the reading of a file depends on beside the file; nothing for a picture, which is read as ever."""
    return [] if path.suffix.lower() in PICTURE_SUFFIXES else [DICOM_VERSION]


def _reason(path: Path) -> str | None:
    found = decoded(path)
    return found if isinstance(found, str) else None


def film_key(path: Path) -> str | None:
    """Return 16 hex digits that stand for a film until its file changes, or the program does, and name nothing; None if there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    film = (os.path.abspath(path), stat.st_size, stat.st_mtime_ns, __version__, INPUT_VERSION, *dicom_version(path))
    return hashlib.sha256(repr(film).encode(errors="surrogateescape")).hexdigest()[:16]


def _kept(cache: Path) -> dict[str, None]:
    try:
        return dict.fromkeys((cache / READABLE).read_text(encoding="ascii").split())
    except (OSError, UnicodeDecodeError):  # films are decoded again
        return {}


def _keep(cache: Path, keys: Sequence[str], kept: dict[str, None]) -> None:
    fresh = dict.fromkeys(keys)
    last = [*(key for key in kept if key not in fresh), *fresh][-KEPT:]
    with suppress(OSError):  # a cache that cannot be written only costs time
        cache.mkdir(parents=True, exist_ok=True)
        replace_file(cache / READABLE, lambda partial: partial.write_text("\n".join(last) + "\n", encoding="ascii"))
