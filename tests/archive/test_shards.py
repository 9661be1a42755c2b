"""Shards are whole or not there, and tell which films they hold."""

import random
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cxr_core.archive.errors import ShardDamagedError
from cxr_core.archive.rows import COLUMNS
from cxr_core.archive.shards import FilmsDone, ShardWriter, shards_of


def row(path):
    return dict.fromkeys(COLUMNS.names) | {"path": path, "model_sha256": "0" * 64}


def write(folder, paths, rows=3):
    with ShardWriter(folder, rows) as shards:
        for path in paths:
            shards.add(row(path))


def paths_of(folder):
    return [path for shard in shards_of(folder) for path in pq.read_table(shard)["path"].to_pylist()]


def test_rows_come_back_in_files_of_so_many(tmp_path):
    write(tmp_path, "abcdefgh")
    assert [path.name for path in shards_of(tmp_path)] == ["part-000000.parquet", "part-000001.parquet", "part-000002.parquet"]
    assert paths_of(tmp_path) == list("abcdefgh")
    assert pq.read_schema(shards_of(tmp_path)[0]).names == COLUMNS.names


def test_what_was_gathered_is_written_whatever_ends_the_run(tmp_path):
    def interrupted():
        with ShardWriter(tmp_path, 100) as shards:
            shards.add(row("a"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert paths_of(tmp_path) == ["a"]


def test_next_run_writes_behind_the_last(tmp_path):
    write(tmp_path, "abcd")
    write(tmp_path, "ef")
    assert [path.name for path in sorted(tmp_path.iterdir())] == [f"part-00000{number}.parquet" for number in range(3)]
    assert paths_of(tmp_path) == list("abcdef")


def test_no_shard_is_written_for_no_rows(tmp_path):
    write(tmp_path, "")
    assert list(tmp_path.iterdir()) == []


def test_films_done_are_those_of_the_shards_in_whatever_order_they_were_written(tmp_path):
    rng = random.Random(0)
    films = [f"{folder}/{number:03d}.png" for folder in "abc" for number in range(40)]
    chosen = rng.sample(films, 70)
    write(tmp_path, chosen[:50], rows=7)
    write(tmp_path, [*chosen[50:], "a/gone.png"], rows=4)
    done = FilmsDone(shards_of(tmp_path))
    assert {film for film in films if film in done} == set(chosen)


def test_nothing_is_done_without_shards():
    assert "a" not in FilmsDone([])


def test_of_shards_that_follow_each_other_one_is_open_at_a_time(tmp_path, monkeypatch):
    films = [f"{number:03d}.png" for number in range(90)]
    write(tmp_path, films, rows=10)
    opened = []
    real = pq.ParquetFile
    monkeypatch.setattr(pq, "ParquetFile", lambda shard: opened.append(Path(shard).name) or real(shard))
    done = FilmsDone(shards_of(tmp_path))
    for number, film in enumerate(films):
        assert film in done
        assert len(opened) == number // 10 + 1


@pytest.mark.parametrize("content", [b"", b"PAR1", b"no Parquet at all"])
def test_damaged_shard_is_named(tmp_path, content):
    (tmp_path / "part-000000.parquet").write_bytes(content)
    with pytest.raises(ShardDamagedError, match=r"part-000000.parquet is damaged or of another version. Remove it"):
        FilmsDone(shards_of(tmp_path))


def test_parquet_of_another_layout_is_refused(tmp_path):
    pq.write_table(COLUMNS.empty_table(), tmp_path / "part-000000.parquet")
    with pytest.raises(ShardDamagedError):
        FilmsDone(shards_of(tmp_path))
