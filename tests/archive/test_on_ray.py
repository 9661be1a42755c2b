"""Ray reads what the local engine reads, also where an actor dies on the way."""

import importlib.util
import ipaddress
import os
import shutil
import signal
import sys

import psutil
import pyarrow.parquet as pq
import pytest

from cxr_core.archive import RayEngine, ReadOptions, local_engine, read_archive
from cxr_core.archive.errors import EngineError
from cxr_core.archive.shards import shards_of
from cxr_core.artifacts import SHIPPED_MODEL
from cxr_core.data import open_collections
from cxr_core.labels import CLASS_NAMES
from tests.decoders import with_faulty_films


@pytest.fixture
def ray_installed():
    if importlib.util.find_spec("ray") is None:
        message = "Ray is not installed: pip install -r requirements-dev.txt"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)


def rows_of(out):
    rows = [row for shard in shards_of(out) for row in pq.read_table(shard).to_pylist()]
    assert len({row["path"] for row in rows}) == len(rows)
    return {row["path"]: row for row in rows}


def listening(processes):
    """The addresses that processes listen on."""
    for process in processes:
        try:
            yield from {ipaddress.ip_address(c.laddr.ip) for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN}
        except psutil.Error:  # it has ended
            continue


def is_loopback(address):
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


class Killer:
    """Kills an actor at the first row, and remembers where Ray listened then."""

    def __init__(self):
        self.killed = None

    def __call__(self, row):
        if self.killed is None:
            below = psutil.Process().children(recursive=True)
            self.addresses = list(listening([psutil.Process(), *below]))
            self.dashboard = list(listening([process for process in below if "dashboard.py" in " ".join(process.cmdline())]))
            self.actors = [process for process in below if "MapWorker" in process.name() or "MapWorker" in "".join(process.cmdline())]
            self.killed = self.actors[0].pid
            os.kill(self.killed, signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_two_actors_of_which_one_is_killed_write_the_rows_of_the_local_engine(ray_installed, phantom_data, tmp_path, monkeypatch):
    root = tmp_path / "films"
    (root / "deeper").mkdir(parents=True)
    good = [phantom_data / path for path in open_collections([phantom_data]).films["path"][:40]]
    for number, path in enumerate(good):
        shutil.copy(path, root / "deeper" / f"{number:02d}.png")
    shutil.copy(good[0], root / "crash.png")
    (root / "text.png").write_text("not a film")
    (tmp_path / "start").mkdir()
    with_faulty_films(monkeypatch, tmp_path / "start")
    monkeypatch.chdir(tmp_path)
    options, killer = ReadOptions(SHIPPED_MODEL), Killer()
    read_archive("films", tmp_path / "local", options, local_engine)
    tally = read_archive("films", tmp_path / "ray", options, RayEngine(2, block=4), shard_rows=8, on_row=killer)
    assert len(killer.actors) == 2
    assert not psutil.pid_exists(killer.killed)
    assert killer.addresses
    assert all(map(is_loopback, killer.addresses))
    assert killer.dashboard == []
    assert (tally.added, tally.unreadable, tally.set_aside) == (42, 1, 1)
    local, ray = rows_of(tmp_path / "local"), rows_of(tmp_path / "ray")
    assert ray.keys() == local.keys() == {f"films/{path.relative_to(root)}" for path in root.rglob("*.png")}
    for path, expected in local.items():
        for name, value in expected.items():
            if name in CLASS_NAMES and value is not None:
                assert ray[path][name] == pytest.approx(value, abs=1e-4), path
            elif name != "seconds":
                assert ray[path][name] == value, path
        assert (ray[path]["seconds"] is None) == (expected["seconds"] is None)
    assert read_archive("films", tmp_path / "ray", options, RayEngine(2)).added == 0
    assert [process for process in psutil.Process().children(recursive=True) if process.name().startswith(("ray", "gcs"))] == []


def test_without_ray_it_is_said_how_to_install_it(monkeypatch, tiny_model, films, tmp_path):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(EngineError, match=r"pip install -r requirements-archive.txt"):
        read_archive(str(films("1.png")), tmp_path / "out", ReadOptions(tiny_model), RayEngine())
