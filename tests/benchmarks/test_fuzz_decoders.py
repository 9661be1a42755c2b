"""The decoders' fuzz benchmark: a short run of it, and that it would notice what it looks for."""

import importlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian

from cxr_core.imaging import Film, decode_film
from cxr_core.imaging.doubt import Doubt
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
    tally = fuzz.tried(9, 2)
    assert tally.outcomes == {"foreign error": 2}
    assert tally.broken[0].startswith("9 (spliced")


def test_as_many_of_each_kind_of_file(fuzz):
    data = [fuzz.mutant(number).data for number in range(9)]
    assert [sum(file.startswith(magic) for file in data) for magic in (b"\x89PNG", b"\xff\xd8")] == [3, 3]
    assert sum(file[128:132] == b"DICM" for file in data) == 3


def test_run_that_was_stopped_goes_on(fuzz, tmp_path, monkeypatch):
    keep = tmp_path / "kept.json"
    monkeypatch.setattr(fuzz, "PART", 4)
    monkeypatch.setattr(fuzz, "with_warm_up", lambda source: None)
    at_once = fuzz.tried_in_parts(0, 10, None)
    parts = []

    def stopped(first, count):
        parts.append((first, count))
        if len(parts) == 2:
            raise KeyboardInterrupt
        return tried(first, count)

    tried = fuzz.tried
    monkeypatch.setattr(fuzz, "tried", stopped)
    with pytest.raises(KeyboardInterrupt):
        fuzz.tried_in_parts(0, 10, keep)
    assert fuzz.tried_in_parts(0, 10, keep).outcomes == at_once.outcomes
    assert parts == [(0, 4), (4, 4), (4, 4), (8, 2)]
    with pytest.raises(SystemExit, match="of other films"):
        fuzz.tried_in_parts(0, 20, keep)


def test_signed_values_are_known_to_be_right_in_one_way(fuzz):
    one = next(one for one in map(fuzz.mutant, range(2, 90, 9)) if one.kind == "signed stream" and one.stored.min() < 0)
    film = decode_film(one.data)
    assert one.sure
    assert fuzz.verdict(one, film) == "equal"
    wrapped = replace(film, samples=np.where(one.stored < 0, 1, film.pixels).astype(np.float32), greys=None)
    assert fuzz.verdict(one, replace(wrapped, steps=tuple(str(step) for step in film.steps))) == "wrong"


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ExplicitVRBigEndian], ids=lambda syntax: syntax.keyword)
def test_bits_that_the_header_names_are_taken_in_either_byte_order(fuzz, syntax):
    one = fuzz.Mutant("fewer bits stored", dicom_bytes(levels(), syntax, 12, BitsStored=11))
    assert fuzz.verdict(one, decode_film(one.data)) == "equal"


def test_only_a_warning_excuses_other_greys(fuzz):
    one = fuzz.Mutant("sound", dicom_bytes(levels(), bits=12))
    film = decode_film(one.data)
    other = replace(film, samples=1 - film.pixels, greys=None)
    told = "samples are 12 bit signed, not 12 bit unsigned as the header says"
    assert fuzz.verdict(one, replace(other, steps=(told, "in the file, but cannot be read and so left out: window"))) == "wrong"
    assert fuzz.verdict(one, replace(other, steps=(Doubt(told),))) == "told"


def test_part_of_a_film_that_is_read_as_if_it_were_all_is_noticed(fuzz):
    whole = levels(8)
    data = png_bytes(np.where(np.arange(len(whole))[:, np.newaxis] < 40, whole, 128).astype(np.uint8))
    assert fuzz.verdict(fuzz.Mutant("cut", data, whole=png_bytes(whole)), decode_film(data)) == "wrong"


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
