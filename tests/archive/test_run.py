"""An archive to rows: every film once, whatever happens on the way."""

import random
import shutil
import signal
import subprocess
import sys
import time
import tracemalloc
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cxr_core.archive import ReadOptions, local_engine, read_archive
from cxr_core.archive.errors import NoFilmsError, OtherArchiveError
from cxr_core.archive.folder import About, claimed
from cxr_core.archive.shards import shards_of
from cxr_core.data import open_collections
from cxr_core.errors import FolderInUseError
from cxr_core.labels import CLASS_NAMES
from tests.archive.faking import fake_engine
from tests.decoders import with_faulty_films

REPOSITORY = Path(__file__).parents[2]


def rows_of(out):
    return [row for shard in shards_of(out) for row in pq.read_table(shard).to_pylist()]


def paths_of(out):
    return [row["path"] for row in rows_of(out)]


def run(films, out, model, **options):
    return read_archive(str(films), out, ReadOptions(model, **options), fake_engine, shard_rows=5)


def test_every_film_has_one_row_and_a_second_run_adds_those_that_came_since(films, tiny_model, tmp_path):
    root = films(*(f"{number}.png" for number in range(12)))
    assert run(root, tmp_path / "out", tiny_model).added == 12
    films("0a.png", "7/x.png")
    tally = run(root, tmp_path / "out", tiny_model)
    assert (tally.there, tally.added) == (12, 2)
    assert sorted(paths_of(tmp_path / "out")) == sorted(map(str, root.rglob("*.png")))
    assert run(root, tmp_path / "out", tiny_model).added == 0


def test_a_film_that_is_gone_keeps_its_row(films, tiny_model, tmp_path):
    root = films("1.png", "2.png", "3.png")
    run(root, tmp_path / "out", tiny_model)
    (root / "2.png").unlink()
    films("4.png")
    assert run(root, tmp_path / "out", tiny_model).added == 1
    assert len(paths_of(tmp_path / "out")) == 4


def peak_of(root, out, model):
    """The most that Python's own objects take during a run, in bytes."""
    tracemalloc.start()
    try:
        run(root, out, model)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_archive(films, tiny_model, tmp_path):
    for folder in range(40):
        films(*(f"{folder:02d}/{number:02d}.png" for number in range(25)))
    root = tmp_path / "films"
    peak_of(root / "00", tmp_path / "first", tiny_model)  # imports
    few = peak_of(root / "0[1-4]" / "*.png", tmp_path / "few", tiny_model)
    many = peak_of(root, tmp_path / "many", tiny_model)
    again = peak_of(root, tmp_path / "many", tiny_model)
    assert many < 1.1 * few
    assert again < 1.1 * few


@pytest.mark.slow
def test_killed_at_any_moment_it_goes_on_with_no_film_twice_and_none_lost(films, tiny_model, tmp_path):
    root = films(*(f"{number % 7}/{number:03d}.png" for number in range(150)))
    out = tmp_path / "out"
    out.mkdir()
    rng = random.Random(1)
    command = [sys.executable, "-m", "tests.archive.faking", str(root), str(out), str(tiny_model)]
    for _ in range(3):
        enough = len(shards_of(out)) + rng.randint(1, 8)
        process = subprocess.Popen(command, cwd=REPOSITORY)
        while len(shards_of(out)) < enough and process.poll() is None:
            time.sleep(rng.uniform(0, 0.004))
        process.kill()
        assert process.wait() == -signal.SIGKILL
        assert max(Counter(paths_of(out)).values()) == 1
        assert len(paths_of(out)) < 150
    subprocess.run(command, cwd=REPOSITORY, check=True)
    assert Counter(paths_of(out)) == Counter(map(str, root.rglob("*.png")))
    assert not list(out.glob("partial-*"))


def test_nothing_to_read_is_said_and_nothing_is_written(tmp_path, tiny_model):
    (tmp_path / "films").mkdir()
    with pytest.raises(NoFilmsError, match="There are no films at"):
        run(tmp_path / "films", tmp_path / "out", tiny_model)
    assert not (tmp_path / "out").exists()


def test_one_run_at_a_time(films, tiny_model, tmp_path):
    root = films("1.png")
    with (
        claimed(tmp_path / "out", About.of(str(root), tiny_model, False)),
        pytest.raises(FolderInUseError, match="Another run writes into"),
    ):
        run(root, tmp_path / "out", tiny_model)


def test_reads_of_other_films_or_of_another_model_are_not_mixed(films, tiny_model, tmp_path):
    root = films("a/1.png", "b/2.png")
    run(root / "a", tmp_path / "out", tiny_model)
    with pytest.raises(OtherArchiveError, match="holds the reads of"):
        run(root / "b", tmp_path / "out", tiny_model)
    with pytest.raises(OtherArchiveError, match="without --force"):
        run(root / "a", tmp_path / "out", tiny_model, refused_too=True)
    with pytest.raises(OtherArchiveError, match="other than this model"):
        run(root / "a", tmp_path / "out", REPOSITORY / "weights" / "densenet121")
    assert paths_of(tmp_path / "out") == [str(root / "a" / "1.png")]


def test_parquet_files_of_others_are_left_alone(films, tiny_model, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "part-000000.parquet").write_bytes(b"theirs")
    with pytest.raises(OtherArchiveError, match="no run wrote"):
        run(films("1.png"), tmp_path / "out", tiny_model)


@pytest.mark.slow
def test_local_engine_reads_what_can_be_read_and_sets_aside_what_crashes_or_hangs(phantom_data, tiny_model, tmp_path, monkeypatch):
    root = tmp_path / "films"
    root.mkdir()
    good = [phantom_data / path for path in open_collections([phantom_data]).films["path"][:40]]
    for number, path in enumerate(good):
        shutil.copy(path, root / f"{number:02d}.png")
    (root / "07a.png").write_text("not a film")
    for name in ("crash", "hang"):
        shutil.copy(good[0], root / f"{name}.png")
    (tmp_path / "start").mkdir()
    with_faulty_films(monkeypatch, tmp_path / "start")
    seen = []
    options = ReadOptions(tiny_model, film_seconds=2)
    tally = read_archive(str(root), tmp_path / "out", options, local_engine, shard_rows=16, on_row=seen.append)
    assert (tally.read + tally.refused, tally.unreadable, tally.set_aside) == (40, 1, 2)  # whatever the gate says of drawings
    rows = {Path(row["path"]).name: row for row in rows_of(tmp_path / "out")}
    assert len(seen) == len(rows) == 43
    assert rows["07a.png"]["error"].startswith("The file is not an image")
    assert "crashed (SIGSEGV), 2 times" in rows["crash.png"]["error"]
    assert "more than 2 seconds, 2 times" in rows["hang.png"]["error"]
    for name in ("07a.png", "crash.png", "hang.png"):
        assert rows[name]["fingerprint"] is rows[name]["gate"] is rows[name]["seconds"] is rows[name]["prediction_set"] is None
    row = rows["00.png"]
    assert sum(row[name] for name in CLASS_NAMES) == pytest.approx(1, abs=1e-5)
    assert set(row["prediction_set"]) <= set(CLASS_NAMES)
    assert (row["gate"], row["findings"], row["error"]) == ("read", [], None)
    assert len(row["fingerprint"]) == 12
    assert len(row["model_sha256"]) == 64
    assert row["seconds"] > 0
    assert read_archive(str(root), tmp_path / "out", options, local_engine).there == 43
