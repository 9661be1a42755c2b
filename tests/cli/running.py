"""Ways to run the command line."""

import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from cxr_core.cli import app

REPOSITORY = Path(__file__).parents[2]


def invoke(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def process(*arguments):
    command = [sys.executable, "-m", "cxr_core", *map(str, arguments)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)


def one_line(done):
    assert done.exit_code == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    return done.stderr
