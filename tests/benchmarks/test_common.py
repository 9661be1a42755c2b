"""A benchmark whose figure is beyond its limit fails, and says which."""

import importlib
import json
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def report(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("common").report


def test_figures_within_their_limits_are_printed_and_pass(report, capsys):
    report("title", {"row": "1.5"}, {"ratio": 1.5, "speedup": 5.0}, most={"ratio": 1.5}, least={"speedup": 5})
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"ratio": 1.5, "speedup": 5.0}


def test_figures_beyond_their_limits_are_printed_and_fail(report, capsys):
    with pytest.raises(SystemExit) as ended:
        report("title", {}, {"ratio": 1.51, "speedup": 4.9, "free": 9.0}, most={"ratio": 1.5}, least={"speedup": 5})
    assert ended.value.code == "ratio is 1.51, at most 1.5 is allowed\nspeedup is 4.9, at least 5 is asked"
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["free"] == 9.0
