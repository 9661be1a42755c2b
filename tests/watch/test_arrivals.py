"""When a file is whole, and that each is taken once."""

import os

import pytest

from cxr_core.watch.arrivals import Arrivals

HEADER = b"\0" * 128 + b"DICM"


@pytest.fixture
def arrivals(tmp_path):
    return Arrivals(tmp_path, 2.0)


def names(paths):
    return [path.name for path in paths]


def test_a_file_is_whole_when_nothing_has_changed_for_a_while(arrivals, tmp_path):
    film = tmp_path / "film.png"
    film.write_bytes(b"a")
    arrivals.changed(film, 0.0)
    assert names(arrivals.whole(1.9)) == []
    film.write_bytes(b"ab")
    assert names(arrivals.whole(2.1)) == [], "it grew"
    assert names(arrivals.whole(4.0)) == []
    assert arrivals.waiting == 1
    assert names(arrivals.whole(4.2)) == ["film.png"]
    assert arrivals.waiting == 0


def test_each_file_is_taken_once_unless_it_changes(arrivals, tmp_path):
    film = tmp_path / "film.png"
    film.write_bytes(b"a")
    arrivals.look(0.0)
    assert names(arrivals.whole(2.0)) == ["film.png"]
    arrivals.look(3.0)
    arrivals.changed(film, 3.0)
    assert names(arrivals.whole(9.0)) == []
    other = tmp_path / "other"
    other.write_bytes(b"b")  # of the same length
    os.replace(other, film)
    arrivals.changed(film, 10.0)
    assert names(arrivals.whole(12.0)) == ["film.png"]


def test_a_file_that_goes_again_is_forgotten(arrivals, tmp_path):
    film = tmp_path / "film.png"
    film.write_bytes(b"a")
    arrivals.changed(film, 0.0)
    film.unlink()
    assert names(arrivals.whole(2.0)) == []
    assert arrivals.waiting == 0
    arrivals.changed(film, 3.0)
    assert arrivals.waiting == 0


def test_what_is_no_film_is_passed_over(arrivals, tmp_path):
    for name in ("film.png.part", "film.tmp", ".hidden.png", "Thumbs.db", "notes.txt", "empty"):
        (tmp_path / name).write_bytes(b"x" * (name != "empty"))
        arrivals.changed(tmp_path / name, 0.0)
    os.mkfifo(tmp_path / "pipe")
    arrivals.changed(tmp_path / "pipe", 0.0)
    (tmp_path / ".trash").mkdir()
    (tmp_path / ".trash" / "film.png").write_bytes(b"x")
    arrivals.changed(tmp_path / ".trash" / "film.png", 0.0)
    assert names(arrivals.whole(2.0)) == []


def test_dicom_files_need_no_suffix_and_are_known_when_they_are_whole(arrivals, tmp_path):
    film = tmp_path / "IM0001"
    film.write_bytes(b"")
    arrivals.changed(film, 0.0)
    film.write_bytes(HEADER)
    assert names(arrivals.whole(1.0)) == []
    assert names(arrivals.whole(3.0)) == ["IM0001"]


def test_films_of_a_folder_that_was_moved_here_are_found(arrivals, tmp_path):
    deep = tmp_path / "patient" / "study"
    deep.mkdir(parents=True)
    (deep / "IM0001").write_bytes(HEADER)
    (deep / "film.png").write_bytes(b"x")
    arrivals.changed(tmp_path / "patient", 0.0)
    assert sorted(names(arrivals.whole(2.0))) == ["IM0001", "film.png"]
