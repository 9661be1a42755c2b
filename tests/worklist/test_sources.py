"""Where films come from: dropped, in archives, from folders, within bounds."""

import pytest

from cxr_core.errors import SecondLookError
from cxr_core.imaging import DroppedFile, ZippedFilm
from cxr_core.worklist import sources
from cxr_core.worklist.errors import WorklistError
from cxr_core.worklist.sources import gather_files, gather_folder
from tests.worklist.faking import film_png, zip_of


def folder_of(tmp_path, *names):
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(film_png())
    return str(tmp_path)


def test_dropped_files_and_the_films_of_archives_stand_in_the_order_of_the_drop():
    archive = zip_of({"b.png": film_png(1), "a.png": film_png(2), "notes.txt": b"x"})
    found = gather_files([film_png(3), archive, film_png(4)], 10, 0)
    assert [type(source) for source in found.sources] == [DroppedFile, ZippedFilm, ZippedFilm, DroppedFile]
    assert [found.sources[1].read(), found.sources[2].read()] == [film_png(2), film_png(1)]
    assert found.passed_over == 1
    assert found.held == len(archive) + len(film_png(3)) + len(film_png(4))
    assert found.notices == []


def test_an_archive_that_cannot_be_opened_is_a_film_with_its_sentence():
    (broken,) = gather_files([b"PK\x03\x04 no more"], 10, 0).sources
    assert isinstance(broken, SecondLookError)


def test_films_beyond_the_room_are_left_out_and_counted():
    archive = zip_of({f"{number}.png": film_png(number) for number in range(4)})
    found = gather_files([film_png(9), archive, film_png(8)], 3, 0)
    assert len(found.sources) == 3
    assert "3 were left out" in found.notices[0]


def test_bytes_beyond_the_bound_are_not_kept(monkeypatch):
    monkeypatch.setattr(sources, "MOST_HELD_BYTES", 2 * len(film_png()) + 1)
    found = gather_files([film_png()] * 3, 10, 0)
    assert len(found.sources) == 2
    assert "Name their folder instead" in found.notices[0]
    assert gather_files([film_png()], 10, 2 * len(film_png())).sources == []


def test_a_large_file_that_is_called_a_zip_and_is_none_is_not_kept(monkeypatch):
    monkeypatch.setattr(sources, "MAX_FILE_BYTES", len(film_png()) - 1)
    found = gather_files([film_png(), zip_of({"a.png": film_png()})], 10, 0)
    assert "The file is too large" in str(found.sources[0])
    assert found.sources[1].read() == film_png()
    assert found.held == len(zip_of({"a.png": film_png()})), "an archive may be larger than a film"


def test_an_archive_on_the_disk_stays_there(tmp_path):
    archive = tmp_path / "secret-name.zip"
    archive.write_bytes(zip_of({"film10.png": film_png(1), "film2.png": film_png(2), "notes.txt": b"x"}))
    found = gather_folder(str(archive), 10)
    assert [source.read() for source in found.sources] == [film_png(2), film_png(1)]
    assert (found.held, found.passed_over, found.notices) == (0, 1, [])
    assert "1 were left out" in gather_folder(str(archive), 1).notices[0]
    archive.write_bytes(b"PK\x03\x04 no more")
    (broken,) = gather_folder(str(archive), 10).sources
    with pytest.raises(SecondLookError, match="damaged"):
        broken.read()
    archive.write_bytes(film_png())
    with pytest.raises(WorklistError, match="no zip archive") as error:
        gather_folder(str(archive), 10)
    assert "secret" not in str(error.value)


def test_a_folder_is_numbered_as_a_file_manager_sorts_names(tmp_path):
    found = gather_folder(folder_of(tmp_path, "film10.png", "Film2.png", "film1.png", "b/1.png", "notes.txt", ".hidden.png"), 10)
    assert [path.relative_to(tmp_path).as_posix() for path in found.sources] == ["b/1.png", "film1.png", "Film2.png", "film10.png"]
    assert found.held == 0


def test_names_of_digits_and_of_letters_sort_beside_each_other(tmp_path):
    found = gather_folder(folder_of(tmp_path, "a.png", "1.png", "²x.png", "1a2.png"), 10)
    assert [path.name for path in found.sources] == ["1.png", "1a2.png", "a.png", "²x.png"]


def test_of_a_large_folder_the_first_are_taken(tmp_path):
    found = gather_folder(folder_of(tmp_path, "3.png", "1.png", "2.png"), 2)
    assert [path.name for path in found.sources] == ["1.png", "2.png"]
    assert "1 were left out" in found.notices[0]


@pytest.mark.parametrize("typed", ["", "  ", "/no/such/folder", "\0"])
def test_a_folder_that_is_not_there_has_a_sentence_that_does_not_name_it(typed):
    with pytest.raises(WorklistError, match="no such folder") as error:
        gather_folder(typed, 10)
    assert "such/folder" not in str(error.value)


def test_a_folder_without_films_and_one_with_too_many_have_sentences(tmp_path, monkeypatch):
    with pytest.raises(WorklistError, match="holds no PNG, JPEG or DICOM films"):
        gather_folder(str(tmp_path), 10)
    folder_of(tmp_path, "1.png", "2.png")
    monkeypatch.setattr(sources, "MOST_LISTED", 1)
    with pytest.raises(WorklistError, match="more than 1 films"):
        gather_folder(str(tmp_path), 10)
