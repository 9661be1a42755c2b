"""Each path of each command unsound, each output full or closed, and Ctrl-C at any moment: one line, no traceback, nothing half-written.

`test_anything.py` draws combinations of all options, and `test_endings.py` ends real processes; here all commands run in this one.
"""

import io
import os
import shutil
import signal
import sys
import time

import pytest
import typer

from cxr_core import __main__ as program
from cxr_core.cli import app
from cxr_core.training import BEST_WEIGHTS, Recipe
from tests.cli.running import invoke
from tests.drawing import phantom_levels, png_bytes

pytestmark = pytest.mark.slow

COMMANDS = typer.main.get_command(app).commands
SMALL = ["--backbone", "Tiny", "--epochs", "1", "--size", "64", "--init", "none", "--cache", "cache"]
SOUND = {
    "archive": ["few", "--out", "new", "--model", "model"],
    "card": ["--model", "model", "--readme", "README.md"],
    "check-data": ["films", "--cache", "cache"],
    "dicomweb": ["https://127.0.0.1:9", "--model", "model"],
    "evaluate": ["--data", "films", "--model", "model", "--run", "run", "--companion", "run", "--cache", "cache", "--split", "dev"],
    "predict": ["film.png", "--report", "new", "--model", "model"],
    "similar": ["few", "--film", "film.png", "--model", "model", "--cache", "cache"],
    "study": ["--data", "films", "--out", "new", "--results", "new", *SMALL],
    "train": ["--data", "films", "--out", "new", *SMALL],
    "train-lungs": ["--data", "films", "--out", "new", "--epochs", "1"],
    "validate": ["--data", "list.csv", "--model", "model"],
    "watch": ["few", "--out", "new", "--once", "--settle", "0.1", "--model", "model"],
    "what-helps": ["--data", "films", "--out", "new", "--results", "new", *SMALL],
}
"""A command line of each command that would go far, if one of its paths were not made unsound."""

WRITTEN = {"--out", "--report", "--results", "--cache"}
IS_ROOT = os.geteuid() == 0
"""Who may read and write everything, but for what the system itself refuses."""
NOT_READABLE = ["absent/deeper", "loop", "file/below", "\udcff", "x" * 300, "a\nb", *["unreadable"] * (not IS_ROOT)]
NOT_WRITABLE = ["file", "file/below", "loop", "x" * 300, "/dev/null/below", "/sys/second-look", *["read-only/below"] * (not IS_ROOT)]


@pytest.fixture(scope="module")
def world(phantom_data, tiny_model, tiny, tmp_path_factory):
    """What the sound command lines name, and what nobody can use."""
    folder = tmp_path_factory.mktemp("world")
    shutil.copytree(phantom_data, folder / "films")
    shutil.copytree(phantom_data, folder / "few", ignore=shutil.ignore_patterns("*-[1-9].png", "*-1?.png"))
    shutil.copytree(tiny_model, folder / "model")
    for name, mode in (("run", 0o755), ("read-only", 0o555), ("unreadable", 0o000)):
        (folder / name).mkdir(mode)
    Recipe(backbone=tiny, size=64, init="none").save(folder / "run")
    shutil.copyfile(tiny_model / "classifier.weights.h5", folder / "run" / BEST_WEIGHTS)
    (folder / "file").write_text("some text\n")
    (folder / "loop").symlink_to("loop")
    for name in ("film.png", "\udcfe.png"):
        (folder / name).write_bytes(png_bytes(phantom_levels()))
    (folder / "list.csv").write_text("path,label\nfilm.png,COVID\n")
    (folder / "README.md").write_text("<!-- figures: written by 'python -m cxr_core card' -->\n<!-- end of figures -->\n")
    yield folder
    (folder / "unreadable").chmod(0o700)


@pytest.fixture(autouse=True)
def here(world, monkeypatch):
    """Give commands in that folder, and see that they leave nothing half-written in it."""
    monkeypatch.chdir(world)
    yield
    assert not list(world.rglob("*partial*"))


def unsound(command):
    """Yield the command lines with one path made unsound, and the option that it is of."""
    for parameter in COMMANDS[command].params:
        option = parameter.opts[0]
        if "Path" not in str(parameter.type_descriptor.annotation) and (command, option) != ("archive", "films"):
            continue
        place = SOUND[command].index(option) + 1 if option.startswith("--") else 0
        for path in NOT_WRITABLE if option in WRITTEN else NOT_READABLE:
            yield option, [command, *SOUND[command][:place], path, *SOUND[command][place + 1 :]]


@pytest.mark.parametrize("command", sorted(SOUND))
def test_path_to_nothing_of_the_kind_is_one_line(command, world):
    tried = 0
    for option, words in unsound(command):
        done = invoke(*words)
        tried += 1
        assert done.exception is None or isinstance(done.exception, SystemExit), (words, done.exception)
        if (command, option) == ("check-data", "--cache"):  # which only costs time
            assert (done.exit_code, done.stderr) == (0, ""), words
            continue
        assert done.exit_code == 1, words
        if command == "check-data":
            assert done.stdout.endswith("1 things stop training.\n"), words
        else:
            assert done.stderr.count("\n") == 1, (words, done.stderr)
        assert {path.name for path in world.glob("new/*")} <= {"recipe.json"}, words
        shutil.rmtree(world / "new", ignore_errors=True)
    assert tried >= len(NOT_READABLE)


def test_every_command_is_tried():
    assert set(SOUND) == set(COMMANDS)


def test_names_that_are_no_text_are_read(world):
    done = invoke("predict", "\udcfe.png", "--model", "model", "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    assert '"file":"\\\\xfe.png"' in done.stdout.replace(" ", "")


# Outputs


def ended(words, stdout, monkeypatch):
    """Run a command as the program does, with another output; return its exit code and what it says on stderr."""
    said = io.StringIO()
    monkeypatch.setattr(sys, "argv", ["second-look", *words])
    monkeypatch.setattr(sys, "stdout", stdout)
    monkeypatch.setattr(sys, "stderr", said)
    try:
        code = program.run()
    except BaseException as error:
        code = program.told(error)
    code = program.flushed(code)
    monkeypatch.undo()
    assert "Traceback" not in said.getvalue()
    return code, said.getvalue()


PRINTING = [
    ["card", "--model", "model"],
    ["check-data", "few", "--cache", "cache"],
    ["check-data", "few", "--cache", "cache", "--json"],
    ["predict", "film.png", "--model", "model"],
    ["predict", "film.png", "film.png", "--model", "model", "--json"],
    ["similar", "few", "--film", "film.png", "--model", "model", "--cache", "cache"],
    ["validate", "--data", "list.csv", "--model", "model"],
    *([command, "--help"] for command in sorted(COMMANDS)),
]


def test_full_disk_is_one_line_and_a_closed_pipe_none(world):
    for words in PRINTING:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(world)
            code, said = ended(words, open("/dev/full", "w"), patch)  # noqa: SIM115
        assert code == 1, words
        assert "No space left on device" in said, words
        assert said.count("\n") == 1, (words, said)
        read, write = os.pipe()
        os.close(read)
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(world)
            code, said = ended(words, os.fdopen(write, "w"), patch)
        assert code in {0, 1}, words
        assert said == "", words


# Ctrl-C

LONG = [
    ["check-data", "films", "--cache", "other"],
    ["predict", *["film.png"] * 3, "--model", "model"],
    ["similar", "few", "--film", "film.png", "--model", "model", "--cache", "other"],
    ["validate", "--data", "few", "--model", "model"],
]


@pytest.mark.parametrize("words", LONG, ids=lambda words: words[0])
def test_ctrl_c_at_any_moment_is_a_word(world, words):
    def interrupted_after(seconds):
        shutil.rmtree(world / "other", ignore_errors=True)
        before = signal.getsignal(signal.SIGINT)
        running = True

        def ring(number, frame):
            if running:
                program.interrupt(number, frame)

        signal.signal(signal.SIGALRM, ring)
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.chdir(world)
                patch.setattr(program, "_interrupts", [])
                patch.setattr(sys, "unraisablehook", program.pass_interrupts_on)
                signal.setitimer(signal.ITIMER_REAL, seconds)
                return ended(words, io.StringIO(), patch)
        finally:
            running = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            time.sleep(0.05)  # an interrupt may still be on its way
            signal.signal(signal.SIGINT, before)

    started = time.monotonic()
    assert interrupted_after(3600) == (0, "")
    whole = time.monotonic() - started
    for share in (0.02, 0.2, 0.5, 0.8):
        code, said = interrupted_after(share * whole)
        assert (code, said) in {(0, ""), (program.STOPPED, "Stopped.\n")}, (words, share)


class _Freed:
    """Is interrupted while Python frees it, where nothing can be raised."""

    def __del__(self):
        program.interrupt(signal.SIGINT, None)


def test_an_interrupt_that_cannot_be_raised_is_raised_a_moment_later(monkeypatch, capsys):
    monkeypatch.setattr(program, "_interrupts", [])
    monkeypatch.setattr(sys, "unraisablehook", program.pass_interrupts_on)
    before = signal.getsignal(signal.SIGINT)
    try:
        _Freed()  # freed at once
        with pytest.raises(KeyboardInterrupt):
            time.sleep(5)
    finally:
        signal.signal(signal.SIGINT, before)
    assert capsys.readouterr() == ("", "")
