"""Ways to run the command line."""

import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from cxr_core.cli import app

REPOSITORY = Path(__file__).parents[2]
WITH_TINY = """
from cxr_core.cli.console import import_tensorflow
import_tensorflow()
from tests.tiny import register
register()
from cxr_core.cli import app
app()
"""


def invoke(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def process(*arguments, tiny=False, text=True):
    """Run the command line in a process of its own, one that knows the backbone of the tests where it is to."""
    command = [sys.executable, *(["-c", WITH_TINY] if tiny else ["-m", "cxr_core"]), *map(str, arguments)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=text, check=False)


def one_line(done):
    assert done.exit_code == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    return done.stderr
