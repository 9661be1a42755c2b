"""`check-data`: all that is wrong with a data set, at once."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cxr_core.cli.console import Cache, cache_folder, one_line_errors, printable, progress_bars, reporter
from cxr_core.labels import CLASS_NAMES, in_words

if TYPE_CHECKING:
    from cxr_core.data import DataSet, Fault

TRAINING, EVALUATION = "stops", "stops evaluate"
"""What is said of a fault."""

UNBOUNDED = 100_000
"""Width in letters of a table that no terminal shows: a line of it is never broken."""


def check_data(
    locations: Annotated[
        list[Path], typer.Argument(help="Folders with a manifest.csv or one folder a class, or manifests.", metavar="DIR...")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    cache: Cache = None,
) -> None:
    """List all that is wrong with a data set, before anything trains on it: every film is read.

    Exits with 1 if something stops training. What stops 'evaluate' alone, in the tables beside the films that it reads, is listed too. What
    was passed over, or is only worth knowing, stops nothing.
    """
    with one_line_errors():
        from cxr_core.data import survey_collections
        from cxr_core.evaluation import survey_beside

        folder = cache_folder(cache)
        with progress_bars() as progress:
            report = reporter(progress, "Looking for")
            found = survey_collections(locations, progress=report, cache=folder)
            beside = [] if found.data_set is None else survey_beside(found.data_set, report, folder)
        stops = {TRAINING: sum(fault.stops for fault in found.faults), EVALUATION: sum(fault.stops for fault in beside)}
        if as_json:
            faults = [_as_json(fault, fault.stops) for fault in found.faults] + [_as_json(fault, False) for fault in beside]
            print(json.dumps({"films": _counts(found.data_set), "faults": faults}))
        else:
            rows = [(TRAINING if fault.stops else "", fault) for fault in found.faults]
            _show(found.data_set, rows + [(EVALUATION if fault.stops else "", fault) for fault in beside])
            print(f"{stops[TRAINING]:,} things stop training." if stops[TRAINING] else "Nothing stops training.")
            if stops[EVALUATION]:
                print(f"{stops[EVALUATION]:,} things beside the films stop 'evaluate' alone.")
        if stops[TRAINING]:
            raise typer.Exit(1)


def _as_json(fault: "Fault", stops_training: bool) -> dict[str, object]:
    return {
        "where": printable(fault.where),
        "reason": printable(fault.reason),
        "stops": stops_training,
        "stops_evaluate": fault.stops,
        "broken": fault.broken,
        "films": [printable(path) for path in fault.paths],
    }


def _counts(data_set: "DataSet | None") -> dict[str, dict[str, dict[str, int]]]:
    """Count the films that can be used, by collection, split and class."""
    counts: dict[str, dict[str, dict[str, int]]] = {}
    if data_set is not None:
        for (collection, split, label), films in data_set.films.groupby(["collection", "split", "label"], sort=False):
            counts.setdefault(str(collection), {}).setdefault(str(split), {})[str(label)] = len(films)
    return counts


def _show(data_set: "DataSet | None", faults: "list[tuple[str, Fault]]") -> None:
    """Show the films, and the faults with what each stops."""
    console = Console(width=None if sys.stdout.isatty() else UNBOUNDED)
    films = Table(title="Films that can be used", title_justify="left")
    for column in ("collection", "split", *CLASS_NAMES):
        films.add_column(in_words(column), justify="right" if column in CLASS_NAMES else "left")
    for collection, splits in _counts(data_set).items():
        for split, classes in splits.items():
            films.add_row(Text(printable(collection)), split, *(f"{classes.get(name, 0):,}" for name in CLASS_NAMES))
    if films.row_count:
        console.print(films)
    if faults:
        wrong = Table(title="What is wrong", title_justify="left")
        for column in ("", "where", "what"):
            wrong.add_column(column, overflow="fold")
        for stops, fault in sorted(faults, key=lambda row: (TRAINING, EVALUATION, "").index(row[0])):
            wrong.add_row(stops, *(Text(printable(part)) for part in (fault.where, fault.reason)))
            for path in fault.paths if fault.stops and fault.untold else ():
                wrong.add_row("", "", Text(printable(path)))
        console.print(wrong)
