"""From the films of an archive to a folder of shards, from wherever an earlier run was stopped."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from cxr_core.archive.engine import Engine, ReadOptions
from cxr_core.archive.errors import NoFilmsError
from cxr_core.archive.folder import About, claimed
from cxr_core.archive.listing import Note, list_archive, written
from cxr_core.archive.rows import Row
from cxr_core.archive.shards import FilmsDone, ShardWriter, shards_of
from cxr_core.reading import SET_ASIDE

SHARD_ROWS = 1000
"""Rows of a shard: what a run that is killed has to read again at most."""


@dataclass
class Tally:
    """What became of an archive's films.

    Attributes
    ----------
    there : int
        Had a row already.
    added : int
        Got one in this run: `read`, `refused`, `unreadable` and `set_aside` add up to it.
    read, refused : int
        Were read; were refused by the input gate.
    unreadable : int
        Are missing, damaged, or no films.
    set_aside : int
        Crashed or hung their decoder twice.
    """

    there: int = 0
    read: int = 0
    refused: int = 0
    unreadable: int = 0
    set_aside: int = 0

    @property
    def added(self) -> int:
        """Films of this run."""
        return self.read + self.refused + self.unreadable + self.set_aside

    def count(self, row: Row) -> None:
        """Count a row of this run."""
        if row["error"] is None:
            refused = row["gate"] == "refused"
            self.refused += refused
            self.read += not refused
        else:
            set_aside = row["error"].startswith(SET_ASIDE)
            self.set_aside += set_aside
            self.unreadable += not set_aside


def read_archive(
    films: str,
    out: Path,
    options: ReadOptions,
    engine: Engine,
    *,
    shard_rows: int = SHARD_ROWS,
    note: Note = lambda sentence: None,
    on_row: Callable[[Row], object] = lambda row: None,
) -> Tally:
    """Read all films of an archive that have no row yet.

    A run may be killed at any moment: the next one goes on after its last whole shard. Films that came since are read, too; those that
    were set aside are not tried again.

    Parameters
    ----------
    films : str
        A folder or a pattern, as in `list_archive`.
    out : Path
        Folder of the shards ``part-000000.parquet`` and so on, with the columns of `COLUMNS`.
    options : ReadOptions
        How to read.
    engine : callable
        Who reads: see `Engine`.
    shard_rows : int
        Rows of each shard.
    note : callable
        Told, in a sentence each, of folders that are passed over.
    on_row : callable
        Called with each row as it comes.

    Returns
    -------
    Tally

    Raises
    ------
    NoFilmsError
        There is no film.
    FolderInUseError, OtherArchiveError, ShardDamagedError
        `out` is in use, or cannot be gone on with.
    EngineError
        The engine is not installed, or gave up; what was read is kept.
    ModelError, GateMissingError, GateDamagedError
        The model folder cannot be read.
    OSError
        `out` cannot be written, or a process does not start.
    """
    about = About.of(films, options.model, options.refused_too)
    if next(list_archive(films, lambda sentence: None), None) is None:
        raise NoFilmsError(f"There are no films at {written(films)}. Name a folder, or a pattern in quotes such as 'archive/**/*.dcm'.")
    tally = Tally()
    with claimed(out, about):
        remaining = _without_row(list_archive(films, note), FilmsDone(shards_of(out)), tally)
        first = next(remaining, None)
        with ShardWriter(out, shard_rows) as shards:
            if first is None:
                return tally
            for row in engine(options, chain([first], remaining)):
                shards.add(row)
                tally.count(row)
                on_row(row)
    return tally


def _without_row(paths: Iterator[Path], done: FilmsDone, tally: Tally) -> Iterator[Path]:
    for path in paths:
        if written(path) in done:
            tally.there += 1
        else:
            yield path
