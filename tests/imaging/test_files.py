"""From a path to bytes: bounded, and a sentence for whatever is no file."""

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cxr_core.imaging import ImageError, ImageTooLargeError, UnreadableFileError, decode_film, read_film_file
from cxr_core.imaging.bounds import MAX_FILE_BYTES
from tests.drawing import phantom_levels, png_bytes

ROOT = Path(__file__).parents[2]


def refused(path):
    with pytest.raises(UnreadableFileError) as refusal:
        read_film_file(path)
    message = str(refusal.value)
    assert isinstance(refusal.value, ImageError)
    assert "\n" not in message
    assert message.endswith(".")
    return message


def test_a_file_is_read_whole(tmp_path):
    path = tmp_path / "film.png"
    path.write_bytes(png_bytes(phantom_levels()))
    assert read_film_file(path) == path.read_bytes()


def test_a_link_to_a_file_is_followed(tmp_path):
    (tmp_path / "film.png").write_bytes(b"film")
    (tmp_path / "link.png").symlink_to(tmp_path / "film.png")
    assert read_film_file(tmp_path / "link.png") == b"film"


def test_an_empty_file_is_no_file_system_error(tmp_path):
    (tmp_path / "empty.png").touch()
    assert read_film_file(tmp_path / "empty.png") == b""


@pytest.mark.parametrize("name", ["absent.png", "absent/film.png", "film.png/film.png", "x" * 300])
def test_what_is_not_there_is_refused(tmp_path, name):
    (tmp_path / "film.png").touch()
    assert refused(tmp_path / name).startswith("The file cannot be opened: ")


def test_a_link_to_itself_is_refused(tmp_path):
    (tmp_path / "loop.png").symlink_to(tmp_path / "loop.png")
    assert "cannot be opened" in refused(tmp_path / "loop.png")


def test_a_folder_is_refused(tmp_path):
    assert "folder" in refused(tmp_path)


@pytest.mark.timeout(10)
def test_a_pipe_that_nobody_writes_to_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    assert "pipe" in refused(tmp_path / "pipe.png")


@pytest.mark.timeout(10)
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/tty"])
def test_a_device_is_refused_without_being_opened(device):
    assert "device" in refused(Path(device))


def test_a_socket_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # a socket's address may be no longer than some hundred bytes
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("film.png")
        refused(Path("film.png"))


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    # By hand, for nothing is forbidden to an administrator.
    (tmp_path / "film.png").touch()

    def forbidden(*_):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "open", forbidden)
    assert refused(tmp_path / "film.png") == "The file cannot be opened: Permission denied."


def test_a_disk_that_fails_while_reading_is_refused(tmp_path, monkeypatch):
    (tmp_path / "film.png").touch()

    class Failing:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def read(self, _):
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(Path, "open", lambda *_: Failing())
    assert "Input/output error" in refused(tmp_path / "film.png")


@pytest.mark.parametrize(("size", "taken"), [(MAX_FILE_BYTES, MAX_FILE_BYTES), (MAX_FILE_BYTES + 1, MAX_FILE_BYTES + 1)])
def test_the_bound_itself_is_read_whole(tmp_path, size, taken):
    with (tmp_path / "film.png").open("wb") as file:
        file.truncate(size)
    assert len(read_film_file(tmp_path / "film.png")) == taken


def test_of_10_gb_no_more_is_read_than_shows_that_it_is_too_much(tmp_path):
    pytest.importorskip("resource")
    path = tmp_path / "film.png"
    with path.open("wb") as file:
        file.write(png_bytes(phantom_levels()))
        file.truncate(10 * 2**30)
    script = (
        "import pathlib, sys\n"
        "from cxr_core.imaging import read_film_file\n"
        "from tests.memory import peak_memory\n"
        "before = peak_memory()\n"
        "data = read_film_file(pathlib.Path(sys.argv[1]))\n"
        "print(len(data), peak_memory() - before)"
    )
    run = subprocess.run([sys.executable, "-c", script, str(path)], cwd=ROOT, capture_output=True, text=True, check=True)
    length, grown = run.stdout.split()
    assert int(length) == MAX_FILE_BYTES + 1
    assert float(grown) < 60
    with pytest.raises(ImageTooLargeError, match="at most 50 MB"):
        decode_film(read_film_file(path))
