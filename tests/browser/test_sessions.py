"""Ten browser sessions at once: nothing lost, nothing mixed up, memory bounded."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.films]

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(1800)
def test_ten_sessions_of_twenty_films_at_once(browser, data):
    # In a process of its own: the browser tests keep a loop running in this one. `browser` says early where there is no Chromium.
    run = subprocess.run([sys.executable, "benchmarks/sessions.py", str(data)], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    figures = json.loads(run.stdout.splitlines()[-1])
    assert figures["reads"] == 200, run.stdout
    assert (figures["lost"], figures["mixed"]) == (0, 0), run.stdout
    assert figures["growth"] < 0.15, run.stdout
