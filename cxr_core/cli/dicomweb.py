"""`dicomweb`: read films from a DICOM server, and store reports into their studies."""

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from cxr_core.artifacts import SHIPPED_MODEL, read_identity
from cxr_core.cli.console import ModelFolder, import_tensorflow, one_line_errors, printable, progress_bars
from cxr_core.cli.reads import elsewhere_line, read_line
from cxr_core.errors import SecondLookError

if TYPE_CHECKING:
    from cxr_core.dicomweb import FilmOutcome
    from cxr_core.reporting import Reporter


class NotAskedError(SecondLookError):
    """There is nobody to answer whether to store."""


def dicomweb(
    address: Annotated[
        str, typer.Argument(metavar="ADDRESS", help="Address of the server's DICOMweb services: https://pacs.example.org/dicom-web")
    ],
    date: Annotated[
        Optional[str], typer.Option("--date", metavar="DAY[..DAY]", help="Studies of a day, or of all days from one to another.")
    ] = None,
    accession: Annotated[Optional[str], typer.Option("--accession", metavar="NUMBER", help="The study with this accession number.")] = None,
    send_back: Annotated[
        bool,
        typer.Option("--send-back", help="Store a structured report and the picture of the saliency map into each film's study."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Store without asking first, for scripts.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a film.")] = False,
    unencrypted: Annotated[
        bool, typer.Option("--unencrypted", help="Allow an http address on another computer. Anyone in between can read everything.")
    ] = False,
    model: ModelFolder = SHIPPED_MODEL,
) -> None:
    """Read the chest films (CR and DX) of a DICOMweb server, and store reports into their studies if --send-back is given.

    Nothing is written to the disk, and films are named by number. With --send-back, and only then, patient and study are copied from each
    film into the report and the picture of it, which go to the server alone. Films that have a report by this model are passed over.
    Name and password come from netrc, or from DICOMWEB_USER and DICOMWEB_PASSWORD, or DICOMWEB_TOKEN. Exits with 1 if a film could not
    be read or its report not stored.
    """
    with one_line_errors():
        from cxr_core.dicomweb import Search, Server, find_studies, read_studies

        search = Search.of(date, accession)
        server = Server(address, unencrypted=unencrypted, note=_note)
        studies = find_studies(server, search)
        if not studies:
            print("There is no study with plain films. Nothing was read.", file=sys.stderr)
            return
        if send_back and not yes:
            _ask(len(studies), server.host)
        sha256 = read_identity(model).sha256
        counts: Counter[str] = Counter()
        with progress_bars() as progress:
            task = progress.add_task("Reading studies", total=len(studies))
            for outcome in read_studies(server, studies, lambda: _reporter(model), sha256, send_back=send_back):
                _tell(outcome, as_json)
                counts.update(_kinds(outcome))
                progress.update(task, completed=outcome.study - 1)
        print(_sum(counts, send_back), file=sys.stderr if as_json else sys.stdout)
        if not as_json:
            print(elsewhere_line(model))
        if counts["failed"]:
            raise typer.Exit(1)


def _reporter(model: Path) -> "Reporter":
    import_tensorflow()
    from cxr_core.reading import Reader
    from cxr_core.reporting import Reporter

    return Reporter.load(model, Reader.load(model))


def _note(sentence: str) -> None:
    print(printable(sentence), file=sys.stderr)


def _ask(studies: int, host: str) -> None:
    """Say what will be stored, and end the command unless that is wanted."""
    what = (
        f"This stores a structured report and a picture of each film that is read into its study, on {printable(host)}, in "
        f"{studies:,} {'study' if studies == 1 else 'studies'}, with name, number and date of birth of the patient as the film has them."
    )
    if not sys.stdin.isatty():
        raise NotAskedError(f"{what} Say --yes if that is wanted.")
    print(what, file=sys.stderr)
    if not typer.confirm("Store them?", err=True):
        raise typer.Exit(1)


def _tell(outcome: "FilmOutcome", as_json: bool) -> None:
    """Print a film: its read, even where its report was not stored, and what went wrong."""
    from cxr_core.reporting import document_of, document_of_error

    name = outcome.name if outcome.fingerprint is None else f"{outcome.name} ({outcome.fingerprint})"
    if outcome.read is not None:
        told = document_of(outcome.read, name)
        print(told.line() if as_json else read_line(told), flush=True)
    if outcome.error is not None:
        if as_json and outcome.read is None:
            print(document_of_error(name, outcome.error).line(), flush=True)
        else:
            _note(f"{name}: {outcome.error}")


def _sum(counts: Counter[str], send_back: bool) -> str:
    """Say what became of all films."""
    said = f"Films read: {counts['read']:,}."
    if send_back:
        said += f" Reports stored: {counts['stored']:,}, there already: {counts['there']:,}."
    return f"{said} Failures: {counts['failed']:,}."


def _kinds(outcome: "FilmOutcome") -> list[str]:
    kinds = {"read": outcome.read is not None, "stored": outcome.stored, "there": outcome.there, "failed": outcome.error is not None}
    return [kind for kind, holds in kinds.items() if holds]
