"""What the docs work out for large archives comes from the benchmark's figures."""

import importlib
import json
import os
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
ENGINES = ("local", "ray_1", "ray_2")


@pytest.fixture
def archive(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("archive")


@pytest.fixture
def told(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("archive_told")


@pytest.fixture
def figures():
    timed = {"films": 1000, "seconds": 0.05, "core_seconds": 0.1, "ratio": 1.2, "core_ratio": 1.1, "taken": 0.2}
    memory = {"films": 10_000, "driver_bytes": 10**9, "driver_growth": 0.02, "parquet_bytes_a_film": 100.0}
    return {
        "cores": 2,
        "model": "drawn 000000",
        "device": "CPU",
        "bytes_a_film": 50_000.0,
        "timed": {"forward": {"seconds": 0.045, "core_seconds": 0.09, "taken": 0.1}, **dict.fromkeys(ENGINES, timed)},
        "memory": dict.fromkeys(ENGINES, memory),
    }


def test_hours_cores_and_bytes_follow_from_the_figures(told, figures):
    text = told.worked_out(figures)
    assert max(len(line) for line in text.splitlines() if not line.startswith("|")) <= 140
    text = " ".join(text.split())
    assert "meanwhile other programs took 20% of the machine at most" in text
    assert "| Ray, two actors | 1,000 | 20.00 | 1.20 | 0.100 | 1.10 |" in text
    assert "| local | 10,000 | 1,000 MB | +2.0% |" in text
    assert "| 1,000,000 films | 28 | 3 | 50 GB | 0.10 GB |" in text
    assert "| 100,000,000 films | 2,778 | 278 | 5,000 GB | 10.00 GB |" in text
    assert "would need 10 cores to decode and prepare films for it, 10 ms a film, and 50 MB a second" in text
    assert "1,000,000 films would take 0.3 GPU hours and 100,000,000 films would take 27.8 GPU hours." in text
    assert "JPEGs of 50 kB. A hospital's DICOM films are megabytes: at 10 MB a film, 1,000,000 are 10 TB" in text


def test_what_is_not_measured_yet_is_told(told, figures):
    def without(part, *names):
        return figures | {part: {name: found for name, found in figures[part].items() if name not in names}}

    text = told.worked_out(without("timed", "ray_1", "ray_2"))
    assert text.count("not measured") == 2
    assert "| 1,000,000 films | 28 | 3 | 50 GB | 0.10 GB |" in text
    assert "| Ray, one actor | not measured | | |" in told.worked_out(without("memory", "ray_1"))
    assert told.worked_out(without("timed", "local")) == told.NOT_MEASURED
    assert told.worked_out(without("memory", *ENGINES)) == told.NOT_MEASURED


def test_the_docs_say_what_the_kept_figures_give(told):
    text = told.DOCS.read_text(encoding="utf-8")
    written = text.partition(told.BEGIN)[2].partition(told.END)[0].strip()
    kept = told.FIGURES.is_file()
    assert written == (told.worked_out(json.loads(told.FIGURES.read_text(encoding="utf-8"))) if kept else told.NOT_MEASURED)


def changed(figures, part, **values):
    return figures | {part: figures[part] | {"local": figures[part]["local"] | values}}


def test_figures_within_their_limits_pass_and_others_do_not(told, figures, capsys):
    told.show(figures)
    with pytest.raises(SystemExit, match=r"local_core_ratio is 1\.2, at most 1\.15 is allowed"):
        told.show(changed(figures, "timed", core_ratio=1.2))
    with pytest.raises(SystemExit, match=r"local_ratio is 1\.2, at most 1\.15 is allowed"):
        told.show(changed(figures, "timed", taken=0.01, core_ratio=1.2))
    with pytest.raises(SystemExit, match=r"local_driver_growth is 0\.11, at most 0\.1 is allowed"):
        told.show(changed(figures, "memory", driver_growth=0.11))
    capsys.readouterr()


def test_a_part_that_is_measured_anew_stands_beside_the_others(archive, figures):
    found = {"timed": {"local": {"films": 600}}}
    both = archive.joined(figures, {name: figures[name] for name in ("model", "device", "cores")} | found)
    assert both["timed"] == figures["timed"] | found["timed"]
    assert both["memory"] == figures["memory"]
    other = archive.joined(figures, {"model": "another"} | found)
    assert (other["timed"], other["memory"]) == (found["timed"], {}), "figures of another model do not go together with them"


def test_a_film_is_held_against_the_forward_passes_before_and_after(archive):
    around = [{"seconds": 0.04, "core_seconds": 0.08, "taken": 0.0}, {"seconds": 0.06, "core_seconds": 0.12, "taken": 0.5}]
    compared = archive.compared({"seconds": 0.06, "core_seconds": 0.12, "taken": 0.1}, around)
    assert compared == pytest.approx({"seconds": 0.06, "core_seconds": 0.12, "ratio": 1.2, "core_ratio": 1.2, "taken": 0.5})


def test_what_others_take_of_the_machine_is_told(archive):
    cores = os.cpu_count()
    before, after = archive.Clock(10.0, 5.0, 100.0), archive.Clock(20.0, 8.0, 100.0 + 3.0 + 2.5 * cores)
    assert after.since(before) == pytest.approx((10.0, 3.0, 0.25))
    assert after.since(archive.Clock(10.0, 5.0, 200.0))[2] == 0.0
