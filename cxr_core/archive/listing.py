"""The films of an archive, one by one in a fixed order: what is held in memory is the folders on the way to the film at hand."""

import os
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from cxr_core.data import FILM_SUFFIXES, is_hidden, why_passed_over

Note = Callable[[str], object]
"""Called with a sentence on what is passed over."""

Parts = tuple[str, ...]


def written(path: str | Path) -> str:
    r"""Return a path as it stands in a row: bytes of it that are no text, which Parquet does not take, become ``\xff``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def list_archive(films: str, note: Note) -> Iterator[Path]:
    """List the films of an archive.

    Parameters
    ----------
    films : str
        A folder: every PNG, JPEG and DICOM film in it and in the folders below, also DICOM files without a suffix, but nothing hidden
        and no unfinished downloads. Or a pattern such as ``archive/**/*.dcm``, in which ``**`` stands for any number of folders: every
        file that fits, whatever it is.
    note : callable
        Told of folders that cannot be entered.

    Yields
    ------
    Path
        Each begins as `films` does. They ascend as `written` writes them.
    """
    if os.path.isfile(films):
        yield Path(films)
    elif os.path.isdir(films):
        yield from _walk(str(Path(films)), (), ("**",), _is_film, note)
    else:
        parts = Path(films).parts
        fixed = next((number for number, part in enumerate(parts) if set("*?[") & set(part)), len(parts))
        start = os.path.join("", *parts[:fixed])
        if fixed < len(parts) and os.path.isdir(start or "."):
            yield from _walk(start, (), parts[fixed:], lambda entry: True, note)


def _walk(
    folder: str,
    below: Parts,
    pattern: Parts,
    wanted: Callable[["os.DirEntry[str]"], bool],
    note: Note,
    above: tuple[tuple[int, int], ...] = (),
) -> Iterator[Path]:
    """List what fits in a folder, which lies `below` the one that the pattern starts from, and in the folders of it."""
    try:
        with os.scandir(folder or ".") as found:
            entries = [entry for entry in found if not is_hidden(entry.name)]
        stat = os.stat(folder or ".")
    except OSError as error:
        note(f"{written(folder)}: this folder cannot be entered ({error.strerror or error}); passed over")
        return
    here = (stat.st_dev, stat.st_ino)
    if here in above:  # a link that leads back up
        return
    # With a slash behind it a folder sorts as the paths of its films do.
    ascending = sorted(((written(entry.name) + "/" * _is_folder(entry), entry) for entry in entries), key=lambda pair: pair[0])
    for name, entry in ascending:
        path, parts = os.path.join(folder, entry.name), (*below, entry.name)
        if name.endswith("/"):
            if _leads_on(parts, pattern):
                yield from _walk(path, parts, pattern, wanted, note, (*above, here))
        elif _fits(parts, pattern) and wanted(entry):
            yield Path(path)


def _is_film(entry: "os.DirEntry[str]") -> bool:
    """Tell whether a file that is not hidden is to be read, be it to say that it is broken."""
    return os.path.splitext(entry.name)[1].lower() in FILM_SUFFIXES or why_passed_over(entry) is None


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _fits(path: Parts, pattern: Parts) -> bool:
    if not pattern or not path:
        return not path and all(part == "**" for part in pattern)
    if pattern[0] == "**":
        return _fits(path, pattern[1:]) or _fits(path[1:], pattern)
    return fnmatchcase(path[0], pattern[0]) and _fits(path[1:], pattern[1:])


def _leads_on(folder: Parts, pattern: Parts) -> bool:
    """Tell whether anything in a folder, or below it, may fit."""
    if not folder:
        return bool(pattern)
    if not pattern or pattern[0] == "**":
        return bool(pattern)
    return fnmatchcase(folder[0], pattern[0]) and _leads_on(folder[1:], pattern[1:])
