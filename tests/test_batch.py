"""Reading many files: in order, past the bad ones, in bounded memory."""

import os
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from cxr_core import batch
from cxr_core.batch import BATCH, DECODED_AHEAD, read_files
from cxr_core.gate import Finding, GateOutcome
from cxr_core.imaging import ImageError, ImageTooLargeError, NotAnImageError, TruncatedImageError, UnreadableFileError
from cxr_core.models import Classifier
from cxr_core.training.index import read_index


class Numbered:
    """A classifier that gives back the number drawn on each film."""

    identity = SimpleNamespace(size=64)
    temperature = 2.0

    def __init__(self):
        self.batches = []

    def outputs(self, films):
        self.batches.append(len(films))
        return films[:, 0, 0, :1] * np.arange(4), np.repeat(films[:, 0, 0, :1], 3, axis=1)


@pytest.fixture
def numbered(monkeypatch, tmp_path):
    def load(path, size, change):
        if path.name.startswith("bad"):
            raise NotAnImageError(f"{path.name} is not an image")
        return np.full((size, size, 1), float(path.name), np.float32), ()

    monkeypatch.setattr(batch, "_load", load)
    return Numbered()


def outcome(read):
    return float(read.logits[1]) if read.error is None else str(read.error)


@pytest.mark.parametrize("count", [1, BATCH - 1, BATCH, BATCH + 1, DECODED_AHEAD, 2 * DECODED_AHEAD + 5])
def test_order_is_kept(numbered, tmp_path, count):
    paths = [tmp_path / str(number) for number in range(count)]
    reads = list(read_files(numbered, paths))
    assert [read.path for read in reads] == paths
    assert [outcome(read) for read in reads] == list(range(count))
    assert sum(numbered.batches) == count
    assert max(numbered.batches) <= BATCH


def test_film_that_does_not_fit_into_memory_is_reported_and_the_others_are_read(monkeypatch, tmp_path):
    paths = [tmp_path / f"{number}.png" for number in range(3)]
    for path in paths:
        cv2.imwrite(str(path), np.arange(64 * 64, dtype=np.uint8).reshape(64, 64))
    real = batch.read_film_file

    def exhausted(path):
        if path == paths[1]:
            raise MemoryError
        return real(path)

    monkeypatch.setattr(batch, "read_film_file", exhausted)
    reads = list(read_files(Numbered(), paths))
    assert [type(read.error) for read in reads] == [type(None), ImageTooLargeError, type(None)]
    assert str(reads[1].error).startswith("The film does not fit into the free memory")


def test_probabilities_are_calibrated(numbered, tmp_path):
    (read,) = read_files(numbered, [tmp_path / "3"])
    np.testing.assert_array_equal(read.logits, [0, 3, 6, 9])
    np.testing.assert_allclose(read.probabilities, np.exp([0, 1.5, 3, 4.5]) / np.exp([0, 1.5, 3, 4.5]).sum())


class Judge:
    """A gate that refuses odd numbers."""

    def judge_input(self, canonical, features, of_file):
        assert (features == canonical[0, 0]).all()
        return GateOutcome.of([*of_file, Finding("odd", "refused", "It is odd.") if canonical[0, 0, 0] % 2 else None])


def test_every_film_is_judged_with_its_own_features(numbered, tmp_path):
    names = [f"bad{number}" if number % 5 == 4 else str(number) for number in range(2 * BATCH)]
    for name, read in zip(names, read_files(numbered, [tmp_path / name for name in names], gate=Judge()), strict=True):
        if name.startswith("bad"):
            assert read.gate is None
        else:
            assert read.gate.outcome == ("refused" if int(name) % 2 else "read")
            assert read.probabilities is not None


def test_what_a_file_says_of_itself_reaches_the_gate(numbered, monkeypatch, tmp_path):
    lateral = Finding("lateral", "refused", "It is a lateral.")
    monkeypatch.setattr(batch, "_load", lambda path, size, change: (np.full((size, size, 1), 2.0, np.float32), (lateral,)))
    assert [read.gate.codes for read in read_files(numbered, [tmp_path / "2"], gate=Judge())] == [("lateral",)]


def test_without_a_gate_nothing_is_judged(numbered, tmp_path):
    assert [read.gate for read in read_files(numbered, [tmp_path / "2"])] == [None]


def test_no_files_give_no_reads(numbered):
    assert list(read_files(numbered, [])) == []
    assert numbered.batches == []


def test_bad_files_are_reported_in_their_place(numbered, tmp_path):
    names = [f"bad{number}" if number % 3 == 1 else str(number) for number in range(3 * BATCH)]
    reads = list(read_files(numbered, [tmp_path / name for name in names]))
    assert [read.path.name for read in reads] == names
    for name, read in zip(names, reads, strict=True):
        assert outcome(read) == (f"{name} is not an image" if name.startswith("bad") else float(name))
        assert (read.probabilities is None) != (read.error is None)


def test_a_chunk_of_nothing_but_bad_files_is_passed(numbered, tmp_path):
    names = [f"bad{number}" for number in range(BATCH)] + ["7"]
    reads = list(read_files(numbered, [tmp_path / name for name in names]))
    assert [read.error is None for read in reads] == [False] * BATCH + [True]
    assert numbered.batches == [1]


def test_files_are_decoded_at_most_so_far_ahead(numbered, monkeypatch, tmp_path):
    taken, loaded = [], []
    load = batch._load
    monkeypatch.setattr(batch, "_load", lambda path, *rest: loaded.append(path) or load(path, *rest))
    paths = (taken.append(number) or tmp_path / str(number) for number in range(3 * DECODED_AHEAD))
    ahead = []
    for done, _ in enumerate(read_files(numbered, paths)):
        assert len(loaded) <= len(taken)
        ahead.append(len(taken) - done)
    assert max(ahead) == DECODED_AHEAD + BATCH
    assert len(loaded) == 3 * DECODED_AHEAD


@pytest.mark.timeout(60)
def test_no_file_of_whatever_kind_ends_a_batch(tiny_model, phantom_data, tmp_path, monkeypatch):
    good = phantom_data / read_index(phantom_data)["path"][0]
    levels = cv2.imread(str(good), cv2.IMREAD_GRAYSCALE).astype(np.uint16) * 257
    cv2.imwrite(str(tmp_path / "deep.png"), np.dstack([levels] * 3))
    os.mkfifo(tmp_path / "pipe.png")
    with (tmp_path / "huge.png").open("wb") as huge:
        huge.truncate(10 * 2**30)

    def fail(*_):
        raise cv2.error("assertion failed")

    monkeypatch.setattr(cv2, "imdecode", fail)
    bad = [tmp_path / "deep.png", tmp_path / "pipe.png", tmp_path / "huge.png", Path("/dev/zero"), tmp_path]
    reads = list(read_files(Classifier.load(tiny_model), [*bad, good]))
    assert [type(read.error) for read in reads[:3]] == [TruncatedImageError, UnreadableFileError, ImageTooLargeError]
    assert [read.error is None for read in reads] == [False] * len(bad) + [True]


def test_real_files_are_read_as_the_classifier_reads_them(tiny_model, phantom_data, tmp_path):
    (tmp_path / "text.png").write_text("not a film")
    good = [phantom_data / path for path in read_index(phantom_data)["path"][:5]]
    paths = [*good[:2], tmp_path / "text.png", tmp_path / "absent.png", tmp_path, *good[2:]]
    classifier = Classifier.load(tiny_model)
    reads = list(read_files(classifier, paths))
    assert [read.error is None for read in reads] == [True, True, False, False, False, True, True, True]
    assert all(isinstance(read.error, ImageError) for read in reads[2:5])
    assert "cannot be opened" in str(reads[3].error)
    alone = [next(iter(read_files(classifier, [path]))).probabilities for path in good]
    together = [read.probabilities for read in reads if read.error is None]
    np.testing.assert_allclose(together, alone, atol=1e-5)
    assert np.std(together, axis=0).max() > 1e-3
