"""Archives as downloads and mischief make them: given to the command line, each film is read or refused by name, and nothing is written."""

import io
import json
import zipfile

import pytest

from cxr_core.imaging import zips
from tests.cli.running import invoke
from tests.dicoms import dicom_bytes, levels
from tests.drawing import phantom_levels, png_bytes

PNG = png_bytes(phantom_levels())


def zipped(files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.fixture
def read(tmp_path, tiny_model, monkeypatch):
    """Give an archive to `predict` from within an empty folder, and return what it says of each film by its name, and of the whole."""
    archive = tmp_path / "archive" / "films.zip"
    archive.parent.mkdir()
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)

    def said(content):
        archive.write_bytes(content)
        done = invoke("predict", archive, "--model", tiny_model, "--json")
        assert done.exception is None or isinstance(done.exception, SystemExit)
        assert list(here.iterdir()) == []
        assert list(archive.parent.iterdir()) == [archive]
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return {line["file"].removeprefix(str(archive)): line for line in lines}, done

    return said


def test_films_beside_what_downloads_leave(read):
    films = {"set/b.png": PNG, "set/IM1": dicom_bytes(levels(), bits=12)}
    found, done = read(zipped({**films, "__MACOSX/set/._b.png": PNG, "set/notes.txt": b"notes", "set/c.png.part": PNG}))
    assert set(found) == {"/set/b.png", "/set/IM1"}
    assert all("error" not in line for line in found.values())
    assert done.exit_code == 0, done.stderr


def test_bomb_within_a_bomb_is_not_opened(read):
    bomb = zipped({"zeros.png": bytes(20 * 2**20)})
    found, done = read(zipped({"inner.zip": zipped({"bomb.zip": bomb}), "bomb.png": bytes(2**20), "b.png": PNG}))
    assert done.exit_code == 1
    assert "zip archive" in found["/inner.zip"]["error"]
    assert f"{zips.MAX_RATIO} times" in found["/bomb.png"]["error"]
    assert "error" not in found["/b.png"]


@pytest.mark.parametrize("name", ["../../../here/b.png", "..\\..\\b.png", "/tmp/b.png", "C:\\b.png", "a/../../b.png"])
def test_path_out_of_an_archive_only_names(read, name):
    found, done = read(zipped({name: PNG}))
    assert done.exit_code == 0, done.stderr
    assert len(found) == 1
    assert ".." not in next(iter(found))


def test_too_many_files_are_one_line(read, monkeypatch):
    monkeypatch.setattr(zips, "MAX_FILES", 20)
    found, done = read(zipped({f"{number}.png": b"" for number in range(21)}))
    assert done.exit_code == 1
    assert ["more than 20 files" in line["error"] for line in found.values()] == [True]


def test_file_without_a_name_is_passed_over(read):
    data = zipped({"b.png": PNG, "x": PNG})
    at = data.rindex(b"PK\x01\x02")
    assert data[at + 46 : at + 47] == b"x"
    nameless = bytearray(data)
    nameless[at + 46] = 0  # a name ends there
    found, done = read(bytes(nameless))
    assert set(found) == {"/b.png"}
    assert done.exit_code == 0, done.stderr
