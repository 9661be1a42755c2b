"""`watch` by the tiny network: what it prints and writes, and how Ctrl-C ends it."""

import json
import signal
import subprocess
import sys
import time

import pytest

from tests.cli.running import REPOSITORY, WITH_TINY, invoke, one_line
from tests.drawing import phantom_levels, png_bytes

pytestmark = pytest.mark.slow


def test_once_reads_what_is_there(tiny_model, tmp_path):
    films, out = tmp_path / "films", tmp_path / "out"
    assert "There is no folder" in one_line(invoke("watch", films, "--out", out, "--model", tiny_model))
    films.mkdir()
    (films / "a.png").write_bytes(png_bytes(phantom_levels()))
    (films / "b.png").write_text("no film")
    done = invoke("watch", films, "--out", out, "--once", "--settle", 0.2, "--model", tiny_model)
    assert done.exit_code == 1
    assert done.stdout.startswith("a.png: ")
    assert done.stderr.startswith("b.png: The file is not an image")
    (result,) = out.glob("*.json")
    assert json.loads(result.read_text())["file"] == "a.png"
    assert result.with_suffix(".pdf").read_bytes().startswith(b"%PDF")


def test_ctrl_c_ends_it(tiny_model, tmp_path):
    films, out = tmp_path / "films", tmp_path / "out"
    films.mkdir()
    (films / "a.png").write_bytes(png_bytes(phantom_levels()))
    program = WITH_TINY.replace("from cxr_core.cli import app\napp()", "from cxr_core.__main__ import main\nmain()")
    command = [sys.executable, "-c", program, "watch", films, "--out", out, "--settle", 0.2, "--model", tiny_model]
    running = subprocess.Popen([*map(str, command)], cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 300
    while not list(out.glob("*.json")) and time.monotonic() < until:
        assert running.poll() is None
        time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    said, complained = running.communicate(timeout=60)
    assert running.returncode == 130
    assert said.startswith("a.png: ")
    assert complained.splitlines()[-1] == "Stopped."
    assert "Waiting for films in" in complained
