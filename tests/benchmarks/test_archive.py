"""What the docs work out for large archives comes from the benchmark's figures."""

import importlib
import json
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def archive(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("archive")


@pytest.fixture
def figures():
    engine = {
        "seconds": 0.05,
        "core_seconds": 0.1,
        "ratio_to_forward": 1.1,
        "driver_bytes": 10**9,
        "driver_growth": 0.02,
        "parquet_bytes_a_film": 100.0,
    }
    return {
        "films": 10_000,
        "cores": 2,
        "model": "drawn 000000",
        "device": "CPU",
        "bytes_a_film": 50_000.0,
        "forward": {"seconds": 0.045, "core_seconds": 0.09},
        **dict.fromkeys(("local", "ray_1", "ray_2"), engine),
    }


def test_hours_cores_and_bytes_follow_from_the_figures(archive, figures):
    text = archive.worked_out(figures)
    assert max(len(line) for line in text.splitlines() if not line.startswith("|")) <= 140
    text = " ".join(text.split())
    assert "| 1,000,000 films | 28 | 3 | 50 GB | 0.10 GB |" in text
    assert "| 100,000,000 films | 2,778 | 278 | 5,000 GB | 10.00 GB |" in text
    assert "would need 10 cores to decode and prepare films for it, 10 ms a film, and 50 MB a second" in text
    assert "1,000,000 films would take 0.3 GPU hours and 100,000,000 films would take 27.8 GPU hours." in text


def test_the_docs_say_what_the_kept_figures_give(archive):
    text = archive.DOCS.read_text(encoding="utf-8")
    written = text.partition(archive.BEGIN)[2].partition(archive.END)[0].strip()
    kept = archive.FIGURES.is_file()
    assert written == (archive.worked_out(json.loads(archive.FIGURES.read_text(encoding="utf-8"))) if kept else archive.NOT_MEASURED)


def test_figures_within_their_limits_pass_and_others_do_not(archive, figures, capsys):
    archive.show(figures)
    with pytest.raises(SystemExit, match=r"local_ratio_to_forward is 1\.2, at most 1\.15 is allowed"):
        archive.show(figures | {"local": figures["local"] | {"ratio_to_forward": 1.2}})
    capsys.readouterr()
