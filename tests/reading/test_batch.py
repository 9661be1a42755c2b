"""Reading many files: in order, past the bad ones, in bounded memory."""

import os
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from cxr_core.data import open_collections
from cxr_core.gate import Finding, GateOutcome
from cxr_core.imaging import (
    WHOLE_FILM,
    ImageError,
    ImageTooLargeError,
    NotAnImageError,
    TruncatedImageError,
    UnreadableFileError,
    files,
    placement,
)
from cxr_core.labels import CLASS_NAMES
from cxr_core.lungs import LungFields, Prepared
from cxr_core.models import Classifier, NetworkOutputs
from cxr_core.reading import BATCH, file_outputs, read_files
from cxr_core.reading.batch import DECODED_AHEAD
from cxr_core.reading.load import LoadedFilm


class Numbered:
    """A classifier that gives back the number drawn on each film."""

    identity = SimpleNamespace(networks=("Numbers",), size=64, crop="none", version="numbered 000000", sha256="0" * 64)
    calibration = SimpleNamespace(temperature=2.0, set_thresholds=dict.fromkeys(CLASS_NAMES, 0.3))
    device = "CPU"

    def __init__(self):
        self.batches = []

    def outputs(self, films):
        self.batches.append(len(films))
        logits = films[:, 0, 0, :1] * np.arange(4) / 1000
        return NetworkOutputs(logits, np.repeat(films[:, 0, 0, :1], 3, axis=1), logits[:, np.newaxis])


def load_number(path, size=64, crop="none"):
    """Load a film that is nothing but the number in its name."""
    if path.name.startswith("bad"):
        raise NotAnImageError(f"{path.name} is not an image")
    return LoadedFilm(prepared(float(path.name)), (), f"{path.name:0>12}", 0.5)


@pytest.fixture
def numbered():
    return Numbered()


PASSING = SimpleNamespace(judge_input=lambda *_: GateOutcome())
"""A gate that lets every film pass."""


def prepared(number, side=64):
    """A film that is nothing but a number."""
    canonical = np.full((side, side, 1), number, np.float32)
    fields = LungFields(np.zeros((64, 64, 2), np.float32), placement(side, side, 64))
    return Prepared(canonical, fields, WHOLE_FILM, canonical)


def outcome(found):
    """The number that was drawn, taken back from the odds of two classes; or the error."""
    if found.error is not None:
        return str(found.error)
    first, second, *_ = found.read.probabilities.values()
    return round(2000 * np.log(second / first))


@pytest.mark.parametrize("count", [1, BATCH - 1, BATCH, BATCH + 1, DECODED_AHEAD, 2 * DECODED_AHEAD + 5])
def test_order_is_kept(numbered, tmp_path, count):
    paths = [tmp_path / str(number) for number in range(count)]
    reads = list(read_files(numbered, PASSING, paths, load_number))
    assert [read.path for read in reads] == paths
    assert [outcome(read) for read in reads] == list(range(count))
    assert sum(numbered.batches) == count
    assert max(numbered.batches) <= BATCH


def test_film_that_does_not_fit_into_memory_is_reported_and_the_others_are_read(monkeypatch, tmp_path):
    paths = [tmp_path / f"{number}.png" for number in range(3)]
    for path in paths:
        cv2.imwrite(str(path), np.arange(64 * 64, dtype=np.uint8).reshape(64, 64))
    real = files.read_film_file

    def exhausted(path):
        if path == paths[1]:
            raise MemoryError
        return real(path)

    monkeypatch.setattr(files, "read_film_file", exhausted)
    reads = list(read_files(Numbered(), PASSING, paths))
    assert [type(read.error) for read in reads] == [type(None), ImageTooLargeError, type(None)]
    assert str(reads[1].error).startswith("The film does not fit into the free memory")


def test_probabilities_are_calibrated(numbered, tmp_path):
    (found,) = read_files(numbered, PASSING, [tmp_path / "3000"], load_number)
    assert tuple(found.read.probabilities) == CLASS_NAMES
    np.testing.assert_allclose(
        list(found.read.probabilities.values()), np.exp([0, 1.5, 3, 4.5]) / np.exp([0, 1.5, 3, 4.5]).sum(), atol=1e-6
    )
    assert found.read.prediction_set == ("Viral Pneumonia",)


def test_read_says_which_model_made_it_where_and_has_neither_whiskers_nor_maps(numbered, tmp_path):
    (found,) = read_files(numbered, PASSING, [tmp_path / "3"], load_number)
    assert (found.read.model, found.read.model_sha256, found.read.device) == ("numbered 000000", "0" * 64, "CPU")
    assert (found.read.low, found.read.high, found.read.maps) == ({}, {}, {})
    assert np.isnan(found.read.seconds)


class Judge:
    """A gate that refuses odd numbers."""

    def judge_input(self, prepared, features, of_file):
        number = prepared.canonical[0, 0]
        assert (features == number).all()
        return GateOutcome.of([*of_file, Finding("odd", "refused", "It is odd.") if number % 2 else None])


def test_every_film_is_judged_with_its_own_features(numbered, tmp_path):
    names = [f"bad{number}" if number % 5 == 4 else str(number) for number in range(2 * BATCH)]
    for name, found in zip(names, read_files(numbered, Judge(), [tmp_path / name for name in names], load_number), strict=True):
        if name.startswith("bad"):
            assert found.read is None
        else:
            assert found.read.gate.outcome == ("refused" if int(name) % 2 else "read")
            assert found.read.probabilities


def test_what_a_file_says_of_itself_reaches_the_gate(numbered, tmp_path):
    lateral = Finding("lateral", "refused", "It is a lateral.")
    found = read_files(numbered, Judge(), [tmp_path / "2"], lambda *_: LoadedFilm(prepared(2.0), (lateral,), "0" * 12, 0.0))
    assert [one.read.gate.codes for one in found] == [("lateral",)]


def test_outputs_are_those_of_the_network_with_the_film_behind_them(numbered, tmp_path):
    found = list(file_outputs(numbered, [tmp_path / "2", tmp_path / "bad"], load_number))
    np.testing.assert_allclose(found[0].logits, [0, 0.002, 0.004, 0.006], rtol=1e-6)
    np.testing.assert_array_equal(found[0].features, [2, 2, 2])
    assert found[0].prepared.canonical[0, 0, 0] == 2
    assert isinstance(found[1].error, NotAnImageError)
    assert (found[0].fingerprint, found[1].fingerprint) == ("000000000002", None)
    assert found[0].seconds >= 0.5


def test_no_files_give_no_reads(numbered):
    assert list(read_files(numbered, PASSING, [], load_number)) == []
    assert numbered.batches == []


def test_bad_files_are_reported_in_their_place(numbered, tmp_path):
    names = [f"bad{number}" if number % 3 == 1 else str(number) for number in range(3 * BATCH)]
    reads = list(read_files(numbered, PASSING, [tmp_path / name for name in names], load_number))
    assert [read.path.name for read in reads] == names
    for name, read in zip(names, reads, strict=True):
        assert outcome(read) == (f"{name} is not an image" if name.startswith("bad") else float(name))
        assert (read.read is None) != (read.error is None)


def test_a_chunk_of_nothing_but_bad_files_is_passed(numbered, tmp_path):
    names = [f"bad{number}" for number in range(BATCH)] + ["7"]
    reads = list(read_files(numbered, PASSING, [tmp_path / name for name in names], load_number))
    assert [read.error is None for read in reads] == [False] * BATCH + [True]
    assert numbered.batches == [1]


def test_files_are_decoded_at_most_so_far_ahead(numbered, tmp_path):
    taken, loaded = [], []
    paths = (taken.append(number) or tmp_path / str(number) for number in range(3 * DECODED_AHEAD))
    ahead = []
    for done, _ in enumerate(read_files(numbered, PASSING, paths, lambda path, *_: loaded.append(path) or load_number(path))):
        assert len(loaded) <= len(taken)
        ahead.append(len(taken) - done)
    assert max(ahead) == DECODED_AHEAD + BATCH
    assert len(loaded) == 3 * DECODED_AHEAD


@pytest.mark.timeout(60)
def test_no_file_of_whatever_kind_ends_a_batch(tiny_model, phantom_data, tmp_path, monkeypatch):
    good = phantom_data / open_collections([phantom_data]).films["path"][0]
    levels = cv2.imread(str(good), cv2.IMREAD_GRAYSCALE).astype(np.uint16) * 257
    cv2.imwrite(str(tmp_path / "deep.png"), np.dstack([levels] * 3))
    os.mkfifo(tmp_path / "pipe.png")
    with (tmp_path / "huge.png").open("wb") as huge:
        huge.truncate(10 * 2**30)

    def fail(*_):
        raise cv2.error("assertion failed")

    monkeypatch.setattr(cv2, "imdecode", fail)
    bad = [tmp_path / "deep.png", tmp_path / "pipe.png", tmp_path / "huge.png", Path("/dev/zero"), tmp_path]
    reads = list(read_files(Classifier.load(tiny_model), PASSING, [*bad, good]))
    assert [type(read.error) for read in reads[:3]] == [TruncatedImageError, UnreadableFileError, ImageTooLargeError]
    assert [read.error is None for read in reads] == [False] * len(bad) + [True]


def test_real_files_are_read_as_the_classifier_reads_them(tiny_model, phantom_data, tmp_path):
    (tmp_path / "text.png").write_text("not a film")
    good = [phantom_data / path for path in open_collections([phantom_data]).films["path"][:5]]
    paths = [*good[:2], tmp_path / "text.png", tmp_path / "absent.png", tmp_path, *good[2:]]
    classifier = Classifier.load(tiny_model)
    reads = list(read_files(classifier, PASSING, paths))
    assert [read.error is None for read in reads] == [True, True, False, False, False, True, True, True]
    assert all(isinstance(read.error, ImageError) for read in reads[2:5])
    assert "cannot be opened" in str(reads[3].error)
    alone = [list(next(iter(read_files(classifier, PASSING, [path]))).read.probabilities.values()) for path in good]
    together = [list(found.read.probabilities.values()) for found in reads if found.error is None]
    np.testing.assert_allclose(together, alone, atol=1e-5)
    assert np.std(together, axis=0).max() > 1e-3
