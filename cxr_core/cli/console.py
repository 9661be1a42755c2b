"""What the commands share: their options, their errors in one line, and their progress on stderr."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import platformdirs
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cxr_core.errors import SecondLookError

if TYPE_CHECKING:
    from cxr_core.data import DataSet

stderr = Console(stderr=True)

ModelFolder = Annotated[Path, typer.Option("--model", help="Folder with the weights and their model card.")]
_DATA = typer.Option("--data", help="Films: a folder with a manifest.csv or one folder a class, or a manifest; may be given again.")
DataLocations = Annotated[list[Path], _DATA]
DataLocationsIfAny = Annotated[Optional[list[Path]], _DATA]
SkipBroken = Annotated[bool, typer.Option("--skip-broken", help="Leave out films that are missing or cannot be read, and go on.")]
ResultsFolder = Annotated[
    Optional[Path],
    typer.Option(
        "--results",
        help="Folder that gets a JSON file a row.",
        show_default="that of the page Model card, or OUT/results where the page shows another data set",
    ),
]
Cache = Annotated[Optional[Path], typer.Option(help="Where prepared films are kept between runs, and which films could be read.")]

NOTES_SHOWN = 20


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn the errors that we raise on purpose, and those of the file system, into one line on stderr and exit code 1; 130 after Ctrl-C."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise  # whoever read our output has seen enough: typer ends quietly
    except (SecondLookError, OSError) as error:
        print("error:", printable(" ".join(str(error).split())), file=sys.stderr)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        raise typer.Exit(130) from None


def import_tensorflow() -> None:
    """Import TensorFlow without its start-up chatter, which it writes straight to file descriptor 2."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    kept = os.dup(2)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
        try:
            import tensorflow  # noqa: F401
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def progress_bars(*extra: str) -> Progress:
    """Make bars that show on stderr where that is a terminal, with columns of `extra` formats."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(
        *columns,
        *map(TextColumn, extra),
        console=stderr,
        transient=True,
        disable=not stderr.is_terminal,
        redirect_stdout=sys.stdout.isatty(),  # else rich would send piped results to stderr
    )


def reporter(progress: Progress, verb: str, **fields: Any) -> Callable[[str, int, int], None]:
    """Return a function that shows how far a named piece of work is, each on a bar of its own."""
    tasks: dict[str, Any] = {}

    def report(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = progress.add_task(f"{verb} {what}", total=total, **fields)
        progress.update(tasks[what], completed=done, total=total)

    return report


def open_data(locations: list[Path], cache: Path | None, skip_broken: bool) -> "DataSet":
    """Open a data set and say on stderr what was passed over. What is wrong with it is raised, all at once."""
    from cxr_core.data import open_collections

    with progress_bars() as progress:
        found = open_collections(locations, progress=reporter(progress, "Looking for"), cache=cache_folder(cache), skip_broken=skip_broken)
    for note in found.notes[:NOTES_SHOWN]:
        print(printable(note), file=sys.stderr)
    if len(found.notes) > NOTES_SHOWN:
        print(f"and {len(found.notes) - NOTES_SHOWN:,} more, which 'python -m cxr_core check-data' lists", file=sys.stderr)
    return found


def cache_folder(named: Path | None) -> Path:
    """Return the folder of the cache: the one that was named, or this user's."""
    return named or Path(platformdirs.user_cache_dir("second-look"))


def printable(text: object) -> str:
    r"""Return a text with a file's name in it on one line: bytes that are no text, which neither a terminal nor JSON takes, become \xff."""
    shown = os.fsencode(str(text)).decode(sys.getfilesystemencoding(), "backslashreplace")
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in shown)


def first_fault(error: ValidationError) -> str:
    """Say what is wrong with the first option that is out of its range, or with options that do not go together."""
    first = error.errors()[0]
    if not first["loc"]:
        return f"{first['msg'].removeprefix('Value error, ').capitalize()}."
    return f"--{str(first['loc'][0]).replace('_', '-')}: {first['msg']}."
