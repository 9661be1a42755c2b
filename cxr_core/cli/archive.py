"""`archive`: read any number of films to Parquet."""

import sys
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from cxr_core.artifacts import SHIPPED_MODEL
from cxr_core.cli.console import ModelFolder, import_tensorflow, one_line_errors, printable, progress_bars
from cxr_core.errors import SecondLookError

if TYPE_CHECKING:
    from cxr_core.archive import Engine


class EngineName(str, Enum):
    """Who reads."""

    local = "local"
    ray = "ray"


def archive(
    films: Annotated[str, typer.Argument(metavar="DIR|GLOB", help="A folder of films, or a pattern in quotes: 'archive/**/*.dcm'.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the Parquet files go.")],
    model: ModelFolder = SHIPPED_MODEL,
    force: Annotated[bool, typer.Option("--force", help="Give the probabilities of films that the input gate refuses, too.")] = False,
    shard_rows: Annotated[int, typer.Option(min=1, help="Films per Parquet file; after a kill, at most so many are read again.")] = 1000,
    film_seconds: Annotated[float, typer.Option(min=1, help="A film that takes more seconds than this counts as hanging.")] = 60,
    engine: Annotated[
        EngineName, typer.Option(help="Who reads: this process, or actors on Ray, which is an optional extra.")
    ] = EngineName.local,
    actors: Annotated[
        Optional[int], typer.Option(min=1, help="How many models on Ray. By default one a GPU or, without GPUs, one for four cores.")
    ] = None,
    address: Annotated[
        Optional[str], typer.Option(help="A Ray cluster that runs. Without one, Ray starts here, on loopback alone.")
    ] = None,
) -> None:
    """Read all films of a folder, or of a pattern, to Parquet: one row a film.

    A row has the path as given, a fingerprint of the pixels, what the input gate says, probabilities, prediction set, the hash of the
    weights, seconds, and the error of a film that cannot be read. Stop it whenever you like, and give the same command again: it goes on,
    and reads films that came since. A film that crashes or hangs the process that decodes it, twice, is set aside and named.
    """
    with one_line_errors():
        from cxr_core.archive import ReadOptions, Row, read_archive
        from cxr_core.reading import SET_ASIDE

        reads = _engine(engine, actors, address)

        def told(row: Row) -> None:
            progress.advance(task)
            if row["error"] is not None and row["error"].startswith(SET_ASIDE):
                print(f"{printable(row['path'])}: {row['error']}", file=sys.stderr)

        with progress_bars() as progress:
            task = progress.add_task("Reading films", total=None)
            tally = read_archive(
                films,
                out,
                ReadOptions(model, force, film_seconds),
                reads,
                shard_rows=shard_rows,
                note=lambda sentence: print(printable(sentence), file=sys.stderr),
                on_row=told,
            )
        print(
            f"{tally.added:,} films: {tally.read:,} read, {tally.refused:,} refused by the input gate, {tally.unreadable:,} unreadable, "
            f"{tally.set_aside:,} set aside. {tally.there:,} more were there already. {printable(out)}"
        )


def _engine(name: EngineName, actors: int | None, address: str | None) -> "Engine":
    from cxr_core.archive import RayEngine, local_engine

    if name is EngineName.ray:
        return RayEngine(actors, address)
    if actors is not None or address is not None:
        raise SecondLookError("--actors and --address go with --engine ray.")
    import_tensorflow()
    return local_engine
