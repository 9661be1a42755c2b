"""What killed runs have left goes, and nothing else."""

import os
import subprocess
import sys

import pytest

from cxr_core.data import remove_partials_of_the_dead


@pytest.fixture(scope="module")
def dead():
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_films_and_features_of_the_dead_are_removed(tmp_path, dead):
    (tmp_path / f"films-64-0123456789abcdef.{dead}.partial").write_bytes(b"films")
    features = tmp_path / f"features-0123456789abcdef.{dead}.partial"
    features.mkdir()
    (features / "0.npy").write_bytes(b"features")
    remove_partials_of_the_dead(tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_lives_and_what_is_not_ours_stays(tmp_path, dead):
    kept = {f"films-64-0.{os.getpid()}.partial", f"features-0.{os.getpid()}.partial", f"other.{dead}.partial", "films-64-0.partial"}
    for name in kept:
        (tmp_path / name).write_bytes(b"kept")
    remove_partials_of_the_dead(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == kept
