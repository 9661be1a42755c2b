"""The films of an archive: all of them, once, in an order that their paths alone fix."""

import errno
import os
from pathlib import Path

import pytest

from cxr_core.archive import list_archive
from cxr_core.archive.listing import written


def listed(films, note=lambda sentence: None):
    return [written(path) for path in list_archive(str(films), note)]


def below(root, paths):
    return [path.removeprefix(f"{root}/") for path in paths]


def test_a_folder_s_films_are_listed_ascending_with_those_of_the_folders_below(films):
    root = films("b/1.png", "b.png", "b/a/2.JPG", "b-1/3.dcm", "a.jpeg", "IM0001", "deep/er/still/IM0002")
    found = below(root, listed(root))
    assert found == ["IM0001", "a.jpeg", "b-1/3.dcm", "b.png", "b/1.png", "b/a/2.JPG", "deep/er/still/IM0002"]
    assert found == sorted(found)


def test_what_is_no_film_is_passed_over_and_a_broken_one_is_not(films):
    root = films("1.png", "._1.png", ".hidden/2.png", "half.png.part", "notes.txt", "sub/Thumbs.db")
    (root / "empty.png").touch()
    (root / "gone.png").symlink_to(root / "nowhere.png")
    (root / "text").write_text("no film")
    assert below(root, listed(root)) == ["1.png", "empty.png", "gone.png"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.png", ["1.png"]),
        ("**/*.png", ["1.png", "a/2.png", "a/b/3.png", "c/b/4.png"]),
        ("a/**", ["a/2.png", "a/b/3.png", "a/b/5.dcm"]),
        ("*/b/*", ["a/b/3.png", "a/b/5.dcm", "c/b/4.png"]),
        ("**/b/*.png", ["a/b/3.png", "c/b/4.png"]),
        ("[ac]/b/?.png", ["a/b/3.png", "c/b/4.png"]),
        ("a/b/5.dcm", ["a/b/5.dcm"]),
        ("*.dcm", []),
        ("nowhere/*.png", []),
        ("absent.png", []),
    ],
)
def test_pattern(films, pattern, expected):
    root = films("1.png", "a/2.png", "a/b/3.png", "a/b/5.dcm", "c/b/4.png", "a/b/.6.png")
    assert below(root, listed(f"{root}/{pattern}")) == expected


def test_paths_begin_as_they_were_given(films, monkeypatch):
    monkeypatch.chdir(films("a/1.png", "2.png").parent)
    assert listed("films") == ["films/2.png", "films/a/1.png"]
    assert listed("films/*/*.png") == ["films/a/1.png"]
    monkeypatch.chdir("films")
    assert listed(".") == ["2.png", "a/1.png"]
    assert listed("**/*.png") == ["2.png", "a/1.png"]


def test_links_to_folders_are_followed_but_not_in_circles(films, tmp_path):
    root = films("a/1.png")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "2.png").write_bytes(b"film")
    (root / "linked").symlink_to(tmp_path / "elsewhere")
    (root / "a" / "up").symlink_to(root)
    assert below(root, listed(root)) == ["a/1.png", "linked/2.png"]


def test_folder_that_cannot_be_entered_is_named(films, monkeypatch):
    root = films("a/1.png", "closed/2.png")
    scandir = os.scandir

    def enter(folder):  # root may enter every folder, so the system's refusal is played
        if Path(folder) == root / "closed":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), folder)
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", enter)
    notes = []
    assert below(root, listed(root, notes.append)) == ["a/1.png"]
    assert len(notes) == 1
    assert "closed: this folder cannot be entered" in notes[0]


def test_folder_that_goes_while_it_is_listed_is_named(films):
    root = films("a/1.png", "b/2.png")
    notes = []
    paths = list_archive(str(root), notes.append)
    next(paths)
    (root / "b" / "2.png").unlink()
    (root / "b").rmdir()
    assert list(paths) == []
    assert "b: this folder cannot be entered (No such file or directory); passed over" in notes[0]


def test_name_that_is_no_text_is_written_as_text(films):
    root = films("1.png")
    try:
        (root / os.fsdecode(b"f\xffilm.png")).write_bytes(b"film")
    except OSError:
        pytest.skip("the file system takes names that are text alone")
    assert below(root, listed(root)) == ["1.png", "f\\xffilm.png"]
