"""`predict`: read films."""

import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from cxr_core.artifacts import SHIPPED_MODEL
from cxr_core.cli.console import ModelFolder, import_tensorflow, one_line_errors, printable, progress_bars
from cxr_core.cli.reads import elsewhere_line, read_line

if TYPE_CHECKING:
    from cxr_core.imaging import ZippedFilm
    from cxr_core.reporting import ReadDocument


def predict(
    files: Annotated[list[Path], typer.Argument(help="PNG, JPEG or DICOM films, or zip archives of such.", metavar="FILE...")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line, in the order given.")] = False,
    model: ModelFolder = SHIPPED_MODEL,
    force: Annotated[bool, typer.Option("--force", help="Give the probabilities of films that the input gate refuses, too.")] = False,
    report: Annotated[
        Optional[Path],
        typer.Option(
            "--report",
            metavar="DIR",
            help="Write the report of each film into this folder as a PDF, named by a fingerprint of its pixels. Reads film by film, "
            "with a saliency map each, which takes longer.",
        ),
    ] = None,
) -> None:
    """Read films: class probabilities, top class, prediction set, model version, and what the input gate says.

    The films of a zip archive are read one by one, and nothing of it is unpacked to the disk.
    Exits with 1 if any file could not be read. A film that the gate refuses is no error: it has no probabilities, unless --force is
    given, and the exit code stays 0.
    """
    with one_line_errors():
        from cxr_core.imaging import film_files

        import_tensorflow()
        total = sum(1 for _ in film_files(files, _tell_of_passed_over))
        films = film_files(files)
        documents = _read(model, films, force) if report is None else _reported(model, films, report, force)
        failed = False
        with progress_bars() as progress:
            for told in progress.track(documents, total=total, description="Reading films"):
                failed |= told.error is not None
                if as_json:
                    print(told.line(), flush=True)
                elif told.error is not None:
                    print(f"{told.file}: {told.error}", file=sys.stderr)
                else:
                    print(read_line(told), flush=True)
        if not as_json:
            print(elsewhere_line(model))
        if failed:
            raise typer.Exit(1)


def _tell_of_passed_over(archive: Path, count: int) -> None:
    print(f"{printable(archive)}: skipped, since they are hidden or not named like films: {count:,}", file=sys.stderr)


def _read(model: Path, files: "Iterable[Path | ZippedFilm]", force: bool) -> Iterator["ReadDocument"]:
    """Read films in batches."""
    from cxr_core.gate import InputGate
    from cxr_core.models import Classifier
    from cxr_core.reading import read_files
    from cxr_core.reporting import document_of, document_of_error

    gate = InputGate.load(model)
    for found in read_files(Classifier.load(model), gate, files):
        name = printable(found.path)
        if found.read is not None:
            yield document_of(found.read, name, refused_too=force)
        elif found.error is not None:
            yield document_of_error(name, found.error)


def _reported(model: Path, files: "Iterable[Path | ZippedFilm]", folder: Path, force: bool) -> Iterator["ReadDocument"]:
    """Read films one at a time, and write the report of each."""
    from cxr_core.errors import SecondLookError
    from cxr_core.files import replace_file
    from cxr_core.imaging import ZippedFilm, load_film
    from cxr_core.reading import Reader
    from cxr_core.reporting import Reporter, document_of, document_of_error, report_pdf

    reporter = Reporter.load(model, Reader.load(model))
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        name = printable(file.path if isinstance(file, ZippedFilm) else file)
        try:
            film = load_film(file)
        except SecondLookError as error:
            yield document_of_error(name, error)
            continue
        read, report = reporter.report(film, refused_too=force)
        target = folder / f"second-look-{film.fingerprint}.pdf"
        replace_file(target, partial(Path.write_bytes, data=report_pdf(report)))
        yield document_of(read, name, refused_too=force, report=printable(target))
