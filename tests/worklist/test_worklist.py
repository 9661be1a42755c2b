"""The list itself: every film once, what was read stays, a broken film is a row."""

import os
import threading
from concurrent.futures import Future

import numpy as np
import pytest

from cxr_core.errors import SecondLookError
from cxr_core.imaging import ImageTooLargeError, load_film
from cxr_core.worklist import Worklist, entry, sources
from cxr_core.worklist.errors import WorklistError
from tests.worklist.faking import BLURRED, BROKEN, INVERTED, FakeReader, drawn_lungs, drawn_read, film_png, zip_of

PATIENCE = 60


def read_all(worklist, reader):
    worklist.start(lambda: reader)
    if worklist.work is not None:
        worklist.work.wait(PATIENCE)
    assert not worklist.reading
    return [one.state for one in worklist.entries]


def list_of(*files):
    worklist = Worklist()
    worklist.add_files(files)
    return worklist


def test_every_film_is_read_once_in_order_and_a_broken_one_is_a_row():
    worklist = list_of(film_png(1), BROKEN, zip_of({"secret-name.png": film_png(2), "secret-bad.jpg": BROKEN}), film_png(3))
    reader = FakeReader(drawn_read(), drawn_read(findings=[INVERTED]), drawn_read(findings=[BLURRED]))
    assert read_all(worklist, reader) == ["read", "broken", "broken", "refused", "warning"]
    assert len(reader.seen) == len(set(reader.seen)) == 3
    assert [one.number for one in worklist.entries] == [1, 2, 3, 4, 5]
    assert [one.fingerprint for one in worklist.entries if one.read] == reader.seen
    assert all(one.error for one in worklist.entries if not one.read)
    assert "secret" not in "".join(one.error for one in worklist.entries)
    assert worklist.work.done == 5


def test_a_read_is_kept_without_what_takes_memory():
    worklist = list_of(film_png(side=500))
    read_all(worklist, FakeReader())
    (one,) = worklist.entries
    assert one.read.maps == {}
    assert one.read.lungs is entry.NO_LUNGS
    assert one.share == pytest.approx(1, abs=0.02)  # the drawn map lies inside the right lung
    assert one.picture.startswith("data:image/jpeg;base64,")
    assert len(one.thumbnail) < 6_000
    assert (one.facts.width, one.facts.format) == (500, "PNG")
    assert not [value for value in vars(one).values() if isinstance(value, np.ndarray)]


def test_no_share_is_told_where_the_lungs_are_doubtful_or_the_map_is_empty():
    no_lungs = drawn_read(lungs=type(drawn_lungs())(np.zeros((64, 64, 2), np.float32), drawn_lungs().place))
    empty = drawn_read()
    empty.maps[empty.top_class] = np.zeros((8, 8), np.float32)
    worklist = list_of(film_png(1), film_png(2))
    read_all(worklist, FakeReader(no_lungs, empty))
    assert [one.share for one in worklist.entries] == [None, None]


def test_what_fails_while_a_film_is_read_stands_in_its_row_and_the_next_is_read():
    worklist = list_of(*(film_png(seed) for seed in range(4)))
    failures = (ImageTooLargeError("It is too large."), MemoryError(), ValueError("secret-name"))
    assert read_all(worklist, FakeReader(*failures)) == ["broken", "broken", "broken", "read"]
    told = [one.error for one in worklist.entries]
    assert told[0] == "It is too large."
    assert "memory" in told[1]
    assert told[2] == "The film was set aside: reading it failed with ValueError."


def test_a_film_that_hangs_is_set_aside_and_the_next_ones_are_read(monkeypatch):
    worklist, go = list_of(*(film_png(seed) for seed in range(4))), threading.Event()
    hanging = worklist.entries[1].source

    def load(source):
        assert source != hanging or go.wait(PATIENCE)
        return load_film(source)

    monkeypatch.setattr("cxr_core.worklist.entry.load_film", load)
    monkeypatch.setattr("cxr_core.worklist.decoding.FILM_SECONDS", 1)
    reader = FakeReader()
    assert read_all(worklist, reader) == ["read", "broken", "read", "read"]
    assert worklist.entries[1].error == "The film was set aside: decoding it took more than 1 seconds."
    assert worklist.work.done == 4
    go.set()
    worklist.again()
    assert read_all(worklist, reader) == ["read"] * 4
    assert len(reader.seen) == 4


def test_films_that_come_while_others_are_read_are_read_too():
    worklist = list_of(film_png(1))
    came = []

    def meanwhile(film):
        if not came:
            came.append(film)
            worklist.add_files([film_png(2), film_png(3)])

    assert read_all(worklist, FakeReader(meanwhile=meanwhile)) == ["read"] * 3


def test_what_was_read_stays_when_it_is_stopped_and_it_goes_on_with_the_rest():
    worklist = list_of(*(film_png(seed) for seed in range(4)))
    first = FakeReader(meanwhile=lambda film: worklist.cancel() if len(first.seen) == 2 else None)
    assert read_all(worklist, first) == ["read", "read", "waiting", "waiting"]
    second = FakeReader()
    assert read_all(worklist, second) == ["read"] * 4
    assert len(second.seen) == 2
    worklist.start(lambda: second)
    assert not worklist.reading, "there is nothing left to read"


def test_without_a_model_all_films_still_wait():
    loading = Future()
    loading.set_exception(SecondLookError("There are no weights."))
    worklist = list_of(film_png(1), film_png(2))
    worklist.start(loading.result)
    worklist.work.wait(PATIENCE)
    assert worklist.work.failed
    assert worklist.waiting == 2


def test_a_film_that_was_opened_before_its_turn_is_not_read_again():
    worklist = list_of(film_png(1), film_png(2))
    second = worklist.entries[1]
    opened = drawn_read((0.1, 0.1, 0.7, 0.1))

    def meanwhile(film):
        if second.read is None:
            second.take(second.load(), opened, None)

    reader = FakeReader(meanwhile=meanwhile)
    read_all(worklist, reader)
    assert len(reader.seen) == 1
    assert second.read.probabilities == opened.probabilities


def test_films_of_a_folder_that_was_away_are_tried_again(tmp_path):
    for name in ("1.png", "2.png"):
        (tmp_path / name).write_bytes(film_png())
    worklist = Worklist()
    worklist.add_folder(str(tmp_path))
    os.rename(tmp_path / "2.png", tmp_path / "away")
    assert read_all(worklist, FakeReader()) == ["read", "broken"]
    os.rename(tmp_path / "away", tmp_path / "2.png")
    worklist.again()
    assert read_all(worklist, FakeReader()) == ["read", "read"]


def test_a_folder_that_cannot_be_taken_leaves_the_list_as_it_was(tmp_path):
    worklist = list_of(film_png())
    with pytest.raises(WorklistError):
        worklist.add_folder(str(tmp_path))
    assert len(worklist.entries) == 1


def test_the_list_takes_no_more_films_than_its_bound(monkeypatch):
    monkeypatch.setattr("cxr_core.worklist.worklist.MOST_FILMS", 2)
    worklist = list_of(film_png(1))
    worklist.add_files([film_png(2), film_png(3)])
    assert len(worklist.entries) == 2
    assert "1 were left out" in worklist.notices[0]
    assert sources.MOST_FILMS == 2_000


def test_all_is_forgotten_and_the_thread_of_the_old_list_reads_nothing_of_the_new():
    worklist, at_work, go = list_of(film_png(1), film_png(2)), threading.Event(), threading.Event()

    def meanwhile(film):
        at_work.set()
        assert go.wait(PATIENCE)

    reader = FakeReader(meanwhile=meanwhile)
    worklist.start(lambda: reader)
    old = worklist.work
    assert at_work.wait(PATIENCE)
    worklist.clear()
    worklist.add_files([film_png(3)])
    go.set()
    old.wait(PATIENCE)
    assert len(reader.seen) == 1
    assert [one.state for one in worklist.entries] == ["waiting"]
    assert worklist.held == len(film_png(3))


def test_reading_waits_for_a_film_that_somebody_looks_at():
    worklist = list_of(film_png(1))
    with worklist.at_hand():  # nothing is being read yet
        pass
    worklist.start(FakeReader)
    with worklist.at_hand():
        assert not worklist.work._clear.is_set()
    assert worklist.work._clear.is_set()
    worklist.work.wait(PATIENCE)
