"""The decoders' fuzz benchmark: a short run of it, and that it would notice what it looks for."""

import importlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cxr_core.imaging import Film, decode_film
from tests.dicoms import dicom_bytes, levels
from tests.drawing import png_bytes

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def fuzz(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("fuzz_decoders")


def test_short_run_finds_nothing(fuzz):
    tally = fuzz.tried(0, 150)
    assert tally.broken == []
    assert tally.growth < fuzz.LARGEST_MB
    assert tally.outcomes["read: equal"] > 40
    assert sum(number for name, number in tally.outcomes.items() if name.startswith("refused")) > 20


def test_mutants_are_made_from_their_number_alone(fuzz):
    assert [fuzz.mutant(number).data for number in range(18)] == [fuzz.mutant(number).data for number in range(18)]
    assert len({fuzz.mutant(number).data for number in range(60)}) > 50


def test_foreign_error_is_noticed(fuzz, monkeypatch):
    monkeypatch.setattr(fuzz, "with_warm_up", lambda source: None)

    def fails(data):
        raise KeyError("x")

    monkeypatch.setattr(fuzz, "decode_film", fails)
    tally = fuzz.tried(5, 2)
    assert tally.outcomes == {"foreign error": 2}
    assert tally.broken[0].startswith("5 (spliced")


@pytest.mark.parametrize("data", [dicom_bytes(levels(), bits=12), png_bytes(levels(8))], ids=["DICOM", "PNG"])
@pytest.mark.parametrize(
    "wrong",
    [
        lambda pixels: 1 - pixels,
        lambda pixels: np.where(pixels < 0.1, 1, pixels),  # the darkest greys wrapped to white
        lambda pixels: pixels[::-1],
        lambda pixels: pixels / 2,
    ],
    ids=["inverted", "wrapped", "upside down", "dark"],
)
def test_film_that_is_read_wrongly_is_noticed(fuzz, data, wrong):
    film = decode_film(data)
    one = fuzz.Mutant("sound", data)
    assert fuzz.verdict(one, film) == "equal"
    changed = replace(film, samples=np.ascontiguousarray(wrong(film.pixels)).astype(np.float32), greys=None)
    assert isinstance(changed, Film)
    assert fuzz.verdict(one, changed) == "wrong"
