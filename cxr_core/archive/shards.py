"""Shards: Parquet files that are complete or absent, and which films they hold."""

import heapq
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cxr_core.archive.errors import ShardDamagedError
from cxr_core.archive.rows import COLUMNS, LAYOUT, Row
from cxr_core.files import replace_file

NAME = re.compile(r"part-(\d{6,})\.parquet")


def shards_of(folder: Path) -> list[Path]:
    """List the shards of a folder, in the order in which they were begun."""
    numbered = [(int(match[1]), path) for path in folder.iterdir() if (match := NAME.fullmatch(path.name))]
    return [path for _, path in sorted(numbered)]


class ShardWriter:
    """Gathers rows and writes them as shards, to be used in a `with` statement: at its end, whatever ends it, the rest is written.

    Parameters
    ----------
    folder : Path
        Where the shards go, behind those that are there.
    rows : int
        Of each shard, but for the last of a run.
    """

    def __init__(self, folder: Path, rows: int) -> None:
        there = shards_of(folder)
        self._next = int(there[-1].stem.removeprefix("part-")) + 1 if there else 0
        self._folder, self._limit = folder, rows
        self._rows: list[Row] = []

    def __enter__(self) -> "ShardWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._write()

    def add(self, row: Row) -> None:
        """Take a row, and write a shard where it is the last that fits."""
        self._rows.append(row)
        if len(self._rows) >= self._limit:
            self._write()

    def _write(self) -> None:
        if not self._rows:
            return
        rows = sorted(self._rows, key=lambda row: row["path"])
        table = pa.Table.from_pylist(rows, COLUMNS).replace_schema_metadata({"layout": LAYOUT, "first": rows[0]["path"]})

        def write(partial: Path) -> None:
            with partial.open("wb") as file:
                pq.write_table(table, file, compression="zstd")
                file.flush()
                os.fsync(file.fileno())

        replace_file(self._folder / f"part-{self._next:06d}.parquet", write)
        self._next += 1
        self._rows = []


class FilmsDone:
    """Which films shards hold, asked for in ascending order: only shards around the film at hand are in memory.

    Parameters
    ----------
    shards : list of Path
        In any order.

    Raises
    ------
    ShardDamagedError
        One is no Parquet file of this layout.
    """

    def __init__(self, shards: list[Path]) -> None:
        self._ahead = sorted(((_first(shard), shard) for shard in shards), reverse=True)
        self._open: list[tuple[str, int, Iterator[str]]] = []
        self._opened = 0

    def __contains__(self, path: str) -> bool:
        """Tell whether a film has a row; no later question may be about a path that sorts before this one."""
        while self._ahead and self._ahead[-1][0] <= path:
            _, shard = self._ahead.pop()
            self._opened += 1
            self._push(_paths(shard), self._opened)
        while self._open and self._open[0][0] < path:
            _, number, rest = heapq.heappop(self._open)
            self._push(rest, number)
        return bool(self._open) and self._open[0][0] == path

    def _push(self, paths: Iterator[str], number: int) -> None:
        for path in paths:
            heapq.heappush(self._open, (path, number, paths))
            return


def _first(shard: Path) -> str:
    """Return the first path of a shard, from what stands at its end."""
    try:
        metadata = pq.read_metadata(shard).metadata or {}
        if metadata.get(b"layout") == LAYOUT.encode():
            return str(metadata[b"first"], "utf-8")
    except (pa.ArrowException, KeyError, ValueError) as error:
        raise _damaged(shard) from error
    raise _damaged(shard)


def _paths(shard: Path) -> Iterator[str]:
    try:
        return iter(pq.ParquetFile(shard).read(["path"])["path"].to_pylist())
    except (pa.ArrowException, KeyError) as error:
        raise _damaged(shard) from error


def _damaged(shard: Path) -> ShardDamagedError:
    return ShardDamagedError(f"{shard} is damaged or of another version. Remove it, and run this again: its films are then read anew.")
