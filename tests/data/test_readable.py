"""Films that cannot be read are found, and a film is decoded once."""

import os

import pytest

from cxr_core.data import readable
from cxr_core.data.readable import KEPT, READABLE, unreadable_films
from tests.data.drawing import write_film
from tests.dicoms import dicom_bytes, levels


@pytest.fixture
def films(tmp_path):
    for number in range(4):
        write_film(tmp_path / f"{number}.png", number)
    (tmp_path / "4.dcm").write_bytes(dicom_bytes(levels()))
    return tmp_path


PATHS = ["0.png", "1.png", "2.png", "3.png", "4.dcm"]


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def decoded(monkeypatch):
    seen = []
    decode = readable.decoded
    monkeypatch.setattr(readable, "decoded", lambda path: seen.append(path.name) or decode(path))
    return seen


def test_sound_films_are_fine(films, cache):
    assert unreadable_films(films, PATHS, cache) == {}


def test_all_that_cannot_be_read_are_told_with_their_reasons(films, cache):
    (films / "0.png").unlink()
    (films / "1.png").write_bytes((films / "1.png").read_bytes()[:200])
    (films / "2.png").write_text("notes")
    (films / "4.dcm").write_bytes((films / "4.dcm").read_bytes()[:2000])
    found = unreadable_films(films, PATHS, cache)
    assert found["0.png"] == "there is no such file"
    assert "damaged" in found["1.png"]
    assert "not an image" in found["2.png"]
    assert set(found) == {"0.png", "1.png", "2.png", "4.dcm"}
    assert not any(reason.endswith(".") for reason in found.values())


@pytest.mark.timeout(60)
def test_pipe_is_told_and_not_waited_for(films, cache):
    os.mkfifo(films / "pipe.png")
    assert "a pipe" in unreadable_films(films, ["pipe.png"], cache)["pipe.png"]


def test_film_is_decoded_once_until_it_changes(films, cache, decoded):
    unreadable_films(films, PATHS[:3], cache)
    unreadable_films(films, PATHS, cache)
    assert sorted(decoded) == PATHS
    write_film(films / "2.png", 77)
    os.utime(films / "3.png", ns=(1, 1))
    unreadable_films(films, PATHS, cache)
    assert sorted(decoded[5:]) == ["2.png", "3.png"]


def test_film_that_could_not_be_read_is_tried_again(films, cache, decoded):
    (films / "0.png").write_text("notes")
    for _ in range(2):
        assert list(unreadable_films(films, PATHS, cache)) == ["0.png"]
    assert decoded.count("0.png") == 2


@pytest.mark.parametrize("constant", ["__version__", "INPUT_VERSION"])
def test_another_program_decodes_anew(films, cache, decoded, monkeypatch, constant):
    unreadable_films(films, PATHS, cache)
    monkeypatch.setattr(readable, constant, "another")
    unreadable_films(films, PATHS, cache)
    assert len(decoded) == 10


def test_progress_counts_what_is_decoded(films, cache):
    calls = []
    for paths in (PATHS[:2], PATHS):
        unreadable_films(films, paths, cache, lambda done, total: calls.append((done, total)))
    assert calls == [(1, 2), (2, 2), (1, 3), (2, 3), (3, 3)]


def test_what_is_kept_names_no_film(films, cache):
    unreadable_films(films, PATHS, cache)
    lines = (cache / READABLE).read_text().split()
    assert len(lines) == 5
    assert all(len(line) == 16 and set(line) <= set("0123456789abcdef") for line in lines)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"what is this"])
def test_damaged_memory_is_written_anew(films, cache, content, decoded):
    cache.mkdir()
    (cache / READABLE).write_bytes(content)
    for _ in range(2):
        assert unreadable_films(films, PATHS, cache) == {}
    assert len(decoded) == 5


def test_memory_is_bounded_and_forgets_the_oldest(films, cache, monkeypatch, decoded):
    assert KEPT > 100_000
    monkeypatch.setattr(readable, "KEPT", 4)
    unreadable_films(films, PATHS[:3], cache)
    unreadable_films(films, PATHS[3:], cache)
    assert len((cache / READABLE).read_text().split()) == 4
    unreadable_films(films, PATHS[3:], cache)
    assert len(decoded) == 5


def test_cache_that_cannot_be_written_only_costs_time(films, cache):
    cache.write_text("a file stands here")
    assert unreadable_films(films, PATHS, cache) == {}


def test_without_a_cache_nothing_is_decoded(films, decoded):
    (films / "0.png").unlink()
    (films / "1.png").write_text("notes")
    assert unreadable_films(films, PATHS, None) == {"0.png": "there is no such file"}
    assert decoded == []
