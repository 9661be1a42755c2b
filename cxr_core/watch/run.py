"""From films that come into a folder to results in another: JSON and a PDF a film."""

import os
import time
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from cxr_core.errors import SecondLookError
from cxr_core.files import replace_file, sole_use
from cxr_core.imaging import load_film
from cxr_core.reading import set_aside
from cxr_core.reporting import ReadDocument, Reporter, document_of, document_of_error, report_pdf
from cxr_core.watch.arrivals import Arrivals
from cxr_core.watch.errors import FolderGoneError, WatchfilesMissingError

SETTLED_SECONDS: Final = 2.0

TICK_SECONDS: Final = 0.5
LOOK_SECONDS: Final = 60.0
"""So often the whole folder is looked through: folders of other computers tell of no changes, and a system may lose some."""

TICKS: Final = 10
"""After so many ticks a folder is looked through in which nobody tells of changes."""


def watch_folder(
    folder: Path, out: Path, reporter: Reporter, *, once: bool = False, settled: float = SETTLED_SECONDS, refused_too: bool = False
) -> Iterator[ReadDocument]:
    """Read each film that is in a folder or comes into it, once, until the caller stops.

    A film has a result when `out` holds the JSON of its pixels by the same model; a later run does not read it again. A film that cannot
    be read is tried again when its file changes.

    Parameters
    ----------
    folder : Path
        Where the films come, in it or below.
    out : Path
        Gets ``second-look-<fingerprint>.json`` and ``.pdf``, each complete or absent, the PDF first.
    reporter : Reporter
        Reads the films.
    once : bool
        Whether to end when every film that is there has been read.
    settled : float
        A file is read when nothing of it has changed for so many seconds.
    refused_too : bool
        Whether films that the input gate refuses have probabilities.

    Yields
    ------
    ReadDocument
        One a film that was read or could not be: with its path below `folder`.

    Raises
    ------
    FolderGoneError
        The folder is not there.
    FolderInUseError
        Another run writes into `out`.
    WatchfilesMissingError
        The package that tells of changes is not installed.
    OSError
        `out` cannot be written.
    """
    check_watchable(folder)
    folder = Path(os.path.abspath(folder))
    with sole_use(out):
        for path in _arriving(folder, settled, once):
            told = _result(path, path.relative_to(folder), out, reporter, refused_too)
            if told is not None:
                yield told


def _arriving(folder: Path, settled: float, once: bool) -> Iterator[Path]:
    """Yield films as they are whole."""
    arrivals = Arrivals(folder, settled)
    looked = -LOOK_SECONDS
    for changed in _changes(folder, min(TICK_SECONDS, settled)):
        check_watchable(folder)
        now = time.monotonic()
        for path in changed or ():
            arrivals.changed(path, now)
        if changed is None or now - looked >= LOOK_SECONDS:  # it is watched by now, so that nothing falls in between
            arrivals.look(now)
            looked = now
        yield from arrivals.whole(now)
        if once and not arrivals.waiting:
            return


def _changes(folder: Path, tick: float) -> Iterator[set[Path] | None]:
    """Yield what changed since the last time, every so many seconds; None where that is not known."""
    from watchfiles import watch

    span = int(1000 * tick)
    if not _is_text(folder):  # `watch` takes no such path
        for number in count():
            yield None if number % TICKS == 0 else set()
            time.sleep(tick)
    while True:
        try:
            changes = watch(
                folder, watch_filter=None, debounce=span, rust_timeout=span, yield_on_timeout=True, ignore_permission_denied=True
            )
            for told in changes:
                yield {Path(name) for _, name in told}
            return
        except RuntimeError:  # it ends at a name that is no text; it is begun anew
            time.sleep(tick)
            yield None


def _is_text(path: Path) -> bool:
    try:
        os.fspath(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def check_watchable(folder: Path) -> None:
    """Make sure that a folder is there, and what it takes to watch it.

    Raises
    ------
    FolderGoneError
        It is not there.
    WatchfilesMissingError
        The package that tells of changes is not installed.
    """
    try:
        import watchfiles  # noqa: F401
    except ImportError as error:
        raise WatchfilesMissingError("watchfiles is not installed. Install it: pip install -r requirements-dicomweb.txt") from error
    if not folder.is_dir():
        raise FolderGoneError(f"There is no folder {folder}. Make it, or name another.")


def _result(path: Path, name: Path, out: Path, reporter: Reporter, refused_too: bool) -> ReadDocument | None:
    """Read a film and write its result; None where it is there already."""
    try:
        film = load_film(path)
        base = f"second-look-{film.fingerprint}"
        if _has_result(out / f"{base}.json", reporter):
            return None
        read, report = reporter.report(film, refused_too=refused_too)
        pdf = report_pdf(report)
        told = report.document().model_copy(update={"file": _text(name), "report": f"{base}.pdf"})
    except SecondLookError as error:
        return document_of_error(_text(name), error)
    except Exception as error:
        return document_of_error(_text(name), set_aside(error))
    text = told.model_dump_json(indent=2, exclude_none=True) + "\n"
    replace_file(out / f"{base}.pdf", partial(Path.write_bytes, data=pdf))
    replace_file(out / f"{base}.json", partial(Path.write_text, data=text, encoding="utf-8"))
    return document_of(read, _text(name), refused_too=refused_too, report=_text(out / f"{base}.pdf"))


def _has_result(path: Path, reporter: Reporter) -> bool:
    try:
        told = ReadDocument.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return False
    return told.model_sha256 == reporter.reader.classifier.identity.sha256


def _text(path: Path) -> str:
    """Write a path as JSON takes it: bytes that are no text are escaped."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
