"""What the commands share: their options, their errors in one line, and their progress on stderr."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Optional

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cxr_core.errors import SecondLookError

stderr = Console(stderr=True)

ModelFolder = Annotated[Path, typer.Option("--model", help="Folder with the weights and their model card.")]
_DATA = typer.Option("--data", help="Data folder: a manifest.csv, or one folder a class.")
DataFolder = Annotated[Path, _DATA]
DataFolderIfAny = Annotated[Optional[Path], _DATA]


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn the errors that we raise on purpose, and those of the file system, into one line on stderr and exit code 1."""
    try:
        yield
    except BrokenPipeError:
        raise  # whoever read our output has seen enough: typer ends quietly
    except (SecondLookError, OSError) as error:
        print("error:", " ".join(str(error).split()), file=sys.stderr)
        raise typer.Exit(1) from error


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


def first_fault(error: ValidationError) -> str:
    """Say what is wrong with the first option that is out of its range."""
    first = error.errors()[0]
    return f"--{str(first['loc'][0]).replace('_', '-')}: {first['msg']}."
