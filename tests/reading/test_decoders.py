"""Decoding in processes: the same films come back, and one that crashes or hangs them is set aside."""

import os
import shutil
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psutil
import pytest

from cxr_core.data import open_collections
from cxr_core.imaging import NotAnImageError, UnreadableFileError
from cxr_core.reading import DecoderProcesses, decoders, load_prepared
from cxr_core.reading.errors import DecoderStartError, FilmSetAsideError
from tests.decoders import with_faulty_films


@pytest.fixture(scope="module")
def films(phantom_data):
    return [phantom_data / path for path in open_collections([phantom_data]).films["path"][:4]]


@pytest.fixture
def faulty(monkeypatch, tmp_path, films):
    """A folder of films, some of which crash or hang their decoder."""
    (tmp_path / "start").mkdir()
    with_faulty_films(monkeypatch, tmp_path / "start")
    for name in ("crash", "hang", "good", "shaken"):
        shutil.copy(films[0], tmp_path / f"{name}.png")
    (tmp_path / "shaken.once").touch()
    return tmp_path


@pytest.fixture
def children():
    """What this test has started and is still alive; a browser of other tests may live beside it."""
    before = set(psutil.Process().children())
    return lambda: [child for child in psutil.Process().children() if child not in before]


def test_films_come_back_as_they_are_loaded_here(films, tmp_path, children):
    (tmp_path / "text.png").write_text("not a film")
    with DecoderProcesses(2) as decoders, ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda path: decoders.load(path, 64, "lungs"), films))
        for path, error in ((tmp_path / "text.png", NotAnImageError), (tmp_path / "absent.png", UnreadableFileError)):
            with pytest.raises(error) as refused:
                decoders.load(path, 64, "lungs")
            with pytest.raises(error, match=str(refused.value)[:20]):
                load_prepared(path, 64, "lungs")
    for path, film in zip(films, found, strict=True):
        here = load_prepared(path, 64, "lungs")
        np.testing.assert_allclose(film.prepared.canonical, here.prepared.canonical, atol=1e-5)
        np.testing.assert_allclose(film.prepared.lung_mask, here.prepared.lung_mask, atol=1e-4)
        assert (film.fingerprint, film.of_file) == (here.fingerprint, here.of_file)
        assert film.seconds > 0
    assert children() == []


def test_film_that_crashes_its_decoder_is_set_aside_and_the_others_are_read(faulty):
    with DecoderProcesses(1) as decoders:
        with pytest.raises(FilmSetAsideError, match=r"crashed \(SIGSEGV\), 2 times"):
            decoders.load(faulty / "crash.png", 64, "lungs")
        assert decoders.load(faulty / "good.png", 64, "lungs").fingerprint


def test_film_that_hangs_its_decoder_is_set_aside(faulty, children):
    with DecoderProcesses(1, seconds=0.5) as decoders, pytest.raises(FilmSetAsideError, match=r"more than 0.5 seconds, 2 times"):
        decoders.load(faulty / "hang.png", 64, "lungs")
    assert children() == []


def test_film_whose_decoder_was_killed_once_is_read(faulty):
    with DecoderProcesses(1) as decoders:
        assert decoders.load(faulty / "shaken.png", 64, "lungs").fingerprint
    assert not (faulty / "shaken.once").exists()


def test_decoder_that_is_killed_between_films_is_replaced(films, children):
    with DecoderProcesses(1) as decoders:
        (before,) = children()
        os.kill(before.pid, signal.SIGKILL)
        assert decoders.load(films[0], 64, "lungs").fingerprint
        (after,) = children()
        assert after.pid != before.pid


def test_decoder_ends_with_whoever_asks(films):
    script = (
        "import os, signal, sys, psutil; from cxr_core.reading import DecoderProcesses; decoders = DecoderProcesses(1).__enter__(); "
        "print(psutil.Process().children()[0].pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = decoders.subprocess.run([decoders.sys.executable, "-c", script], cwd=decoders.ROOT, capture_output=True, text=True, check=False)
    until = time.monotonic() + 10
    while psutil.pid_exists(int(done.stdout)) and psutil.Process(int(done.stdout)).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_processes_that_do_not_start_are_no_film_s_fault(monkeypatch, tmp_path, children):
    (tmp_path / "sitecustomize.py").write_text("import os; os._exit(3)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(DecoderStartError, match=r"does not start: .* \(exit code 3\)"), DecoderProcesses(1):
        pass
    assert children() == []
