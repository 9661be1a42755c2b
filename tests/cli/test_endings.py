"""How a command ends when its output, its disk or its user ends it: a sentence at most, never a traceback, and nothing half-written."""

import os
import resource
import signal
import subprocess
import sys
import time

import pytest

from cxr_core import __main__ as program
from cxr_core.cli.console import one_line_errors
from cxr_core.errors import FolderInUseError
from cxr_core.files import sole_use
from tests.cli.running import REPOSITORY, invoke, one_line

slow = pytest.mark.slow
CARD = [sys.executable, "-m", "cxr_core", "card"]
BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
"""What is written goes out when the buffer is full, or at the end."""
INTERRUPTED = {0, 1, program.STOPPED, -signal.SIGINT}


def ended(command, **streams):
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": BUFFERED, **streams}
    done = subprocess.run(command, cwd=REPOSITORY, text=True, check=False, **streams)
    assert "Traceback" not in (done.stderr or "")
    assert "Exception ignored" not in (done.stderr or "")
    return done


# Output


@slow
@pytest.mark.parametrize("words", [["card"], ["--help"]], ids=" ".join)
def test_full_disk_behind_stdout_is_one_line(words):
    with open("/dev/full", "w") as full:
        done = ended([*CARD[:-1], *words], stdout=full)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "No space left on device" in done.stderr


@slow
def test_reader_that_has_seen_enough_ends_a_command_quietly():
    read, write = os.pipe()
    os.close(read)
    done = ended(CARD, stdout=write)
    os.close(write)
    assert done.stderr == ""


@slow
def test_closed_streams_are_no_error():
    done = ended(["sh", "-c", '"$@" <&- >&- 2>&-', "sh", *CARD])
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@slow
def test_terminal_that_cannot_show_a_letter_shows_its_number(tmp_path):
    done = ended([*CARD[:-1], "check-data", str(tmp_path / "é")], env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert "\\xe9" in done.stdout
    assert done.returncode == 1


# Disk


@slow
def test_full_disk_leaves_the_readme_as_it_was(tmp_path):
    readme = tmp_path / "README.md"
    before = (REPOSITORY / "README.md").read_text()
    readme.write_text(before)
    done = ended([*CARD, "--readme", str(readme)], preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)))
    assert done.returncode == 1
    assert done.stderr == "error: [Errno 27] File too large\n"
    assert readme.read_text() == before
    assert list(tmp_path.iterdir()) == [readme]


def test_readme_that_is_no_text_is_one_line(tmp_path):
    (tmp_path / "README.md").write_bytes(b"\xff\xfe\x00")
    assert "is no text in UTF-8" in one_line(invoke("card", "--readme", tmp_path / "README.md"))
    assert (tmp_path / "README.md").read_bytes() == b"\xff\xfe\x00"


# The user


@pytest.fixture(scope="module")
def checking(phantom_data, tmp_path_factory):
    """A command that reads films, and how long it takes."""
    command = [*CARD[:-1], "check-data", str(phantom_data), "--cache", str(tmp_path_factory.mktemp("cache"))]
    started = time.monotonic()
    ended(command)
    return command, time.monotonic() - started


@slow
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9])
def test_ctrl_c_at_any_moment_is_no_traceback(checking, share):
    command, seconds = checking
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        time.sleep(share * seconds)
        running.send_signal(signal.SIGINT)
        said = running.communicate()[1]
    # Before a line of ours runs, Python itself may be interrupted.
    assert "Traceback" not in said or "cxr_core" not in said
    assert "Exception ignored" not in said
    assert running.returncode in INTERRUPTED


def test_ctrl_c_within_a_command_is_a_word(capsys):
    with pytest.raises(Exception, match="130"), one_line_errors():
        raise KeyboardInterrupt
    assert capsys.readouterr().err == "Stopped.\n"


# Two runs on one folder


def test_folder_is_held_by_one_run_at_a_time(tmp_path):
    folder = tmp_path / "new" / "run"
    with sole_use(folder), pytest.raises(FolderInUseError, match=r"Another run writes into .*run\."), sole_use(folder):
        pass
    with sole_use(folder):
        assert list(folder.iterdir()) == []


@pytest.mark.parametrize("written", [False, True])
def test_folder_made_for_a_run_that_fails_stays_only_if_it_holds_something(tmp_path, written):
    folder = tmp_path / "new" / "run"

    def fails():
        with sole_use(folder):
            if written:
                (folder / "epoch").touch()
            raise ValueError("failed")

    with pytest.raises(ValueError, match="failed"):
        fails()
    assert folder.exists() == written
    folder.mkdir(exist_ok=True)
    with pytest.raises(ValueError, match="failed"):
        fails()
    assert folder.exists()  # it was the user's


@slow
def test_training_into_a_folder_of_a_running_one_is_one_line(phantom_data, tmp_path):
    out = tmp_path / "run"
    with sole_use(out):
        done = invoke("train", "--data", phantom_data, "--out", out, "--init", "none", "--cache", tmp_path / "cache")
    assert done.exit_code == 1
    assert "error: Another run writes into" in done.stderr.splitlines()[-1]
    assert list(out.iterdir()) == []


# What no command foresaw


def test_unforeseen_error_is_one_line_that_quotes_nothing(capsys):
    with pytest.raises(ValueError, match="DOE") as failed:
        int("DOE^JANE")
    assert program.told(failed.value) == 1
    said = capsys.readouterr().err
    assert said.startswith("error: ValueError in test_endings.py, line ")
    assert "Please report it" in said
    assert said.count("\n") == 1
    assert "DOE" not in said


@pytest.mark.parametrize(("error", "code", "said"), [(MemoryError(), 1, "memory"), (KeyboardInterrupt(), program.STOPPED, "Stopped.")])
def test_other_ends_have_their_sentences(capsys, error, code, said):
    assert program.told(error) == code
    assert said in capsys.readouterr().err
