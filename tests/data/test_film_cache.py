"""Canonical films on disk: right, kept, renewed, and never half-written."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cxr_core.data import DataSetError, canonical_films, film_cache, readable
from cxr_core.imaging import decode_film, model_input
from cxr_core.lungs import prepare
from tests.dicoms import dicom_bytes, levels

SIZE = 64
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def films(phantom_data, tmp_path):
    root = tmp_path / "films"
    root.mkdir()
    for path in sorted(phantom_data.glob("Normal/images/*.png"))[:6]:
        shutil.copy2(path, root / path.name)
    return root


@pytest.fixture
def paths(films):
    return sorted(path.name for path in films.iterdir())


def prepared(films, paths, size=SIZE):
    return [prepare(decode_film((films / path).read_bytes()), size) for path in paths]


def assert_kept(cached, expected):
    """That each film and its lungs are the prepared ones, rounded to 8 bits."""
    for film, lungs, one in zip(cached.films, cached.lungs, expected, strict=True):
        np.testing.assert_allclose(film / 255, one.canonical[..., 0], atol=0.501 / 255)
        np.testing.assert_allclose(lungs / 255, one.lung_mask, atol=0.501 / 255)


def copied(cached):
    return np.stack([cached.films, cached.lungs])


def test_is_what_the_classifier_sees_and_where_the_lungs_lie_rounded_to_8_bits(films, paths, tmp_path):
    cached = canonical_films(films, paths, SIZE, tmp_path / "cache")
    for kept in (cached.films, cached.lungs):
        assert kept.dtype == np.uint8
        assert kept.shape == (6, SIZE, SIZE)
    assert_kept(cached, prepared(films, paths))
    assert cached.lungs.max() > 127


def test_whole_films_are_kept_apart_from_those_cut_to_the_lungs(films, paths, tmp_path):
    cut = copied(canonical_films(films, paths, SIZE, tmp_path / "cache"))
    whole = canonical_films(films, paths, SIZE, tmp_path / "cache", crop="none")
    expected = np.stack([model_input(decode_film((films / path).read_bytes()), SIZE)[..., 0] for path in paths])
    np.testing.assert_allclose(whole.films / 255, expected, atol=0.501 / 255)
    assert np.abs(cut[0].astype(int) - whole.films).max() > 10
    np.testing.assert_array_equal(copied(canonical_films(films, paths, SIZE, tmp_path / "cache")), cut)


def test_another_lung_network_is_another_cache(films, paths, tmp_path, monkeypatch):
    canonical_films(films, paths, SIZE, tmp_path / "cache")
    monkeypatch.setattr(film_cache, "file_sha256", lambda path: "another")
    canonical_films(films, paths, SIZE, tmp_path / "cache")
    assert len(list((tmp_path / "cache").glob("films-*.npy"))) == 2


def test_is_read_only(films, paths, tmp_path):
    cached = canonical_films(films, paths, SIZE, tmp_path / "cache")
    for kept in (cached.films, cached.lungs):
        with pytest.raises(ValueError, match="read-only"):
            kept[0] = 0


def test_progress_counts_every_film(films, paths, tmp_path):
    counts = []
    canonical_films(films, paths, SIZE, tmp_path / "cache", counts.append)
    assert sum(counts) == 6


def test_disk_use_is_announced_before_it_is_taken_and_only_then(films, paths, tmp_path):
    cache, said = tmp_path / "cache", []

    def announce(sentence):
        assert not list(cache.iterdir())
        said.append(sentence)

    for _ in range(2):
        canonical_films(films, paths * 50, SIZE, cache, announce=announce)
    assert said == [f"300 films as the network takes them take 2 MB in {cache}."]


def test_second_call_decodes_nothing(films, paths, tmp_path, monkeypatch):
    first = copied(canonical_films(films, paths, SIZE, tmp_path / "cache"))
    monkeypatch.setattr(film_cache, "decode_film", lambda data: pytest.fail("decoded again"))
    np.testing.assert_array_equal(copied(canonical_films(films, paths, SIZE, tmp_path / "cache")), first)


def test_changed_film_is_decoded_anew(films, paths, tmp_path):
    before = copied(canonical_films(films, paths, SIZE, tmp_path / "cache"))
    shutil.copyfile(films / paths[1], films / paths[0])
    after = copied(canonical_films(films, paths, SIZE, tmp_path / "cache"))
    np.testing.assert_array_equal(after[:, 0], before[:, 1])
    np.testing.assert_array_equal(after[:, 1:], before[:, 1:])
    assert (before[0, 0] != before[0, 1]).any()


def test_another_order_or_size_is_another_cache(films, paths, tmp_path):
    cache = tmp_path / "cache"
    straight = copied(canonical_films(films, paths, SIZE, cache))
    np.testing.assert_array_equal(copied(canonical_films(films, paths[::-1], SIZE, cache)), straight[:, ::-1])
    assert_kept(canonical_films(films, paths, 48, cache), prepared(films, paths, 48))


@pytest.mark.parametrize("constant", ["INPUT_VERSION", "HARMONISED_SIDE", "HARMONISING_SIGMA", "CONTRAST_PERCENTILES"])
def test_another_model_input_is_another_cache(films, paths, tmp_path, monkeypatch, constant):
    canonical_films(films, paths, SIZE, tmp_path / "cache")
    monkeypatch.setattr(film_cache, constant, 999)
    canonical_films(films, paths, SIZE, tmp_path / "cache")
    assert len(list((tmp_path / "cache").glob("films-*.npy"))) == 2


def test_another_reading_of_dicom_prepares_dicom_films_anew_and_no_others(films, paths, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    (films / "film.dcm").write_bytes(dicom_bytes(levels(), bits=12))
    for listed, files in ((paths, 1), (["film.dcm"], 3)):
        for version in (998, 999):
            monkeypatch.setattr(readable, "DICOM_VERSION", version)
            canonical_films(films, listed, SIZE, cache)
        assert len(list(cache.glob("films-*.npy"))) == files


@pytest.mark.parametrize("damage", [lambda whole: b"", lambda whole: whole[:-1], lambda whole: whole[:40], lambda whole: b"x" * len(whole)])
def test_damaged_cache_is_written_anew(films, paths, tmp_path, damage):
    whole = copied(canonical_films(films, paths, SIZE, tmp_path / "cache"))
    (kept,) = (tmp_path / "cache").glob("*.npy")
    kept.write_bytes(damage(kept.read_bytes()))
    np.testing.assert_array_equal(copied(canonical_films(films, paths, SIZE, tmp_path / "cache")), whole)


def test_killed_while_writing_leaves_no_cache_that_is_taken(films, paths, tmp_path):
    cache = tmp_path / "cache"
    script = f"""
import os, pathlib, signal
from cxr_core.data.film_cache import canonical_films
left = iter(range(3))
die = lambda count: next(left, None) or os.kill(os.getpid(), signal.SIGKILL)
canonical_films(pathlib.Path({str(films)!r}), {paths!r}, {SIZE}, pathlib.Path({str(cache)!r}), die)
"""
    killed = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert list(cache.iterdir())
    assert not list(cache.glob("*.npy"))
    assert_kept(canonical_films(films, paths, SIZE, cache), prepared(films, paths))
    assert [path.suffix for path in cache.iterdir()] == [".npy"]  # and what the dead run left is gone


def test_only_what_dead_runs_left_is_removed(films, paths, tmp_path):
    cache = tmp_path / "cache"
    cache.mkdir()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dead = cache / f"films-64-0123456789abcdef.{ended.pid}.partial"
    kept = [
        cache / name
        for name in (
            f"films-64-0123456789abcdef.{os.getppid()}.partial",  # of a process that lives
            "films-64-0123456789abcdef.1.partial",  # of one that lives and is another user's
            "films-64-0123456789abcdef.partial",
            f"films-64-{10**30}.{10**30}.partial",
            f"another-program.{ended.pid}.partial",
            "films-64-0123456789abcdef.npy",
        )
    ]
    for path in (dead, *kept):
        path.touch()
    canonical_films(films, paths, SIZE, cache)
    assert not dead.exists()
    assert all(path.exists() for path in kept)


def test_missing_film_is_named(films, paths, tmp_path):
    (films / paths[2]).unlink()
    with pytest.raises(DataSetError, match=rf"The film .*{paths[2]} of the data set cannot be opened"):
        canonical_films(films, paths, SIZE, tmp_path / "cache")


@pytest.mark.parametrize("content", [b"", b"not a film", b"\x89PNG\r\n\x1a\n cut"])
def test_unreadable_film_is_named_and_leaves_nothing(films, paths, tmp_path, content):
    (films / paths[2]).write_bytes(content)
    with pytest.raises(DataSetError, match=f"{paths[2]}: "):
        canonical_films(films, paths, SIZE, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_too_little_room_is_said_before_anything_is_written(films, paths, tmp_path, monkeypatch):
    room = 2 * 6 * SIZE**2 - 1
    monkeypatch.setattr(film_cache.shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(room, 0, room))
    with pytest.raises(DataSetError, match="has no room for"):
        canonical_films(films, paths, SIZE, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def no_space(*_, **__):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_disk_that_fills_up_is_said_and_leaves_nothing(films, paths, tmp_path, monkeypatch, step):
    monkeypatch.setattr(film_cache.os, step, no_space)
    with pytest.raises(DataSetError, match="No space left on device"):
        canonical_films(films, paths, SIZE, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize("bound", [0, 64, 5000, 2 * 6 * SIZE**2])
def test_disk_that_takes_no_more_while_films_are_written_is_one_sentence(films, paths, tmp_path, bound):
    pytest.importorskip("resource")
    cache = tmp_path / "cache"
    # The system refuses to let a file grow past the bound, as it does when a disk is full.
    script = f"""
import pathlib, resource
from cxr_core.data import DataSetError
from cxr_core.data.film_cache import canonical_films
resource.setrlimit(resource.RLIMIT_FSIZE, ({bound}, {bound}))
try:
    canonical_films(pathlib.Path({str(films)!r}), {paths!r}, {SIZE}, pathlib.Path({str(cache)!r}))
except DataSetError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout == f"The films cannot be kept in {cache}: File too large. Use --cache.\n"
    assert list(cache.iterdir()) == []


def test_cache_folder_that_cannot_be_made_is_named(films, paths, tmp_path):
    (tmp_path / "cache").write_text("a file stands here")
    with pytest.raises(DataSetError, match="cache"):
        canonical_films(films, paths, SIZE, tmp_path / "cache")
