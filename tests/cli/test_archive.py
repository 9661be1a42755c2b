"""What `archive` writes and prints, and that a killed one goes on."""

import inspect
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter

import pyarrow.parquet as pq
import pytest

from cxr_core.archive.run import SHARD_ROWS
from cxr_core.archive.shards import shards_of
from cxr_core.cli.archive import archive
from cxr_core.data import open_collections
from cxr_core.reading import FILM_SECONDS
from tests.cli.running import REPOSITORY, WITH_TINY, invoke, one_line
from tests.decoders import with_faulty_films

pytestmark = pytest.mark.slow


@pytest.fixture
def root(phantom_data, tmp_path):
    folder = tmp_path / "films"
    folder.mkdir()
    for number, path in enumerate(open_collections([phantom_data]).films["path"]):
        shutil.copy(phantom_data / path, folder / f"{number:02d}.png")
    (folder / "07a.png").write_text("not a film")
    return folder


def paths_of(out):
    return [path for shard in shards_of(out) for path in pq.read_table(shard)["path"].to_pylist()]


def test_a_killed_run_goes_on_and_a_film_that_crashes_is_named(root, tiny_model, tmp_path, monkeypatch):
    (tmp_path / "start").mkdir()
    with_faulty_films(monkeypatch, tmp_path / "start")
    shutil.copy(root / "00.png", root / "crash.png")
    out = tmp_path / "out"
    arguments = ["archive", root, "--out", out, "--model", tiny_model, "--shard-rows", 3]
    running = subprocess.Popen([sys.executable, "-c", WITH_TINY, *map(str, arguments)], cwd=REPOSITORY)
    while not (out.exists() and shards_of(out)):
        assert running.poll() is None
        time.sleep(0.002)
    running.kill()
    assert running.wait() == -signal.SIGKILL
    there = len(paths_of(out))
    expected = Counter(map(str, root.iterdir()))
    assert 0 < there < len(expected)
    done = invoke(*arguments)
    assert done.exit_code == 0, done.stderr
    assert Counter(paths_of(out)) == expected
    assert done.stderr.count("crash.png: The film was set aside: the process that decoded it crashed (SIGSEGV), 2 times.") == 1
    assert done.stdout.startswith(f"{len(expected) - there} films: ")
    assert f"{there} more were there already. {out}\n" in done.stdout


def test_what_is_asked_wrongly_gets_one_line(root, tiny_model, tmp_path):
    assert "There are no films at" in one_line(invoke("archive", tmp_path / "absent", "--out", tmp_path / "out", "--model", tiny_model))
    assert "There is no model card" in one_line(invoke("archive", root, "--out", tmp_path / "out", "--model", tmp_path))
    assert not (tmp_path / "out").exists()
    local = ["archive", root, "--out", tmp_path / "out", "--actors", 2]
    assert "--actors and --address go with --engine ray." in one_line(invoke(*local))
    (tmp_path / "file").touch()
    assert "File exists" in one_line(invoke("archive", root, "--out", tmp_path / "file", "--model", tiny_model))


def test_defaults_are_those_of_the_library():
    defaults = {name: parameter.default for name, parameter in inspect.signature(archive).parameters.items()}
    assert (defaults["shard_rows"], defaults["film_seconds"]) == (SHARD_ROWS, FILM_SECONDS)
