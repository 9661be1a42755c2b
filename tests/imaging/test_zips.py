"""Films in zip archives: found, read in memory and within bounds; whatever else an archive holds gets a sentence."""

import io
import os
import stat
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxr_core.imaging import Film, ImageError, ZippedFilm, decode_film, film_files, is_zip, load_film, open_zip, zips
from cxr_core.imaging.errors import EncryptedZipError, UnsupportedImageError, ZipError, ZipTooLargeError
from tests.dicoms import dicom_bytes, levels
from tests.drawing import flip_bits, jpeg_bytes, phantom_levels, png_bytes

ROOT = Path(__file__).parents[2]
PNG = png_bytes(phantom_levels())
FILMS = {"films/b.png": PNG, "films/a/1.JPG": jpeg_bytes(phantom_levels()), "films/a/IM000001": dicom_bytes(levels(), bits=12)}
ENCRYPTED = 1


def zipped(files, packing=zipfile.ZIP_DEFLATED, **attributes):
    """Write an archive; `attributes` are those that each file's entry claims."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        for info in archive.infolist():
            for name, value in attributes.items():
                setattr(info, name, value)
    return made.getvalue()


def names(found):
    return [film.path.as_posix() for film in found.films]


def refusal(film):
    with pytest.raises(ImageError) as refused:
        load_film(film)
    message = str(refused.value)
    assert message.endswith(".")
    assert any(advice in message for advice in ("Unpack", "Download", "Choose", "Export", "Take"))
    return refused.value


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_films_are_found_by_name_or_beginning_and_read_as_from_the_disk(packing):
    data = zipped({"films/": b"", **FILMS}, packing)
    assert is_zip(data)
    found = open_zip(data)
    assert names(found) == sorted(FILMS)
    assert found.passed_over == 0
    for film in found.films:
        assert film.read() == FILMS[film.path.as_posix()]
        np.testing.assert_array_equal(load_film(film).samples, decode_film(FILMS[film.path.as_posix()]).samples)


def test_archive_on_disk_names_its_films_after_itself(tmp_path):
    path = tmp_path / "films.zip"
    path.write_bytes(zipped(FILMS))
    assert names(open_zip(path)) == [f"{path.as_posix()}/{name}" for name in sorted(FILMS)]


def test_what_systems_and_downloads_leave_is_passed_over():
    others = [
        "__MACOSX/films/._b.png",
        "films/._b.png",
        "films/.DS_Store",
        "@eaDir/b.png",
        "Thumbs.db",
        "DICOMDIR",
        "a.png.part",
        "notes.txt",
    ]
    found = open_zip(zipped({**FILMS, **dict.fromkeys(others, PNG), "films/empty.png": b""}))
    assert names(found) == sorted(FILMS)
    assert found.passed_over == len(others) + 1


def test_link_is_passed_over():
    link = zipfile.ZipInfo("films/link.png")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    made = io.BytesIO(zipped(FILMS))
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert names(open_zip(made.getvalue())) == sorted(FILMS)


@pytest.mark.parametrize("name", ["../../b.png", "/etc/b.png", "..\\..\\b.png", "./films/../b.png", "//server/share/b.png"])
def test_no_path_leads_out_of_the_archive(tmp_path, name):
    path = tmp_path / "films.zip"
    path.write_bytes(zipped({name: PNG}))
    (film,) = open_zip(path).films
    assert path in film.path.parents
    assert ".." not in film.path.parts
    assert film.read() == PNG


def test_nothing_is_written(tmp_path, monkeypatch):
    written = []
    real = os.open
    monkeypatch.setattr(os, "open", lambda path, flags, *rest: written.append(path) or real(path, flags, *rest))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    monkeypatch.chdir(tmp_path)
    for film in open_zip(zipped({"../b.png": PNG, **FILMS})).films:
        load_film(film)
    assert written == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("more.zip", zipped(FILMS), "zip archive"),
        ("b.png.gz", b"\x1f\x8b\x08\x00" + bytes(20), "gzip archive"),
        ("volume.nii", struct.pack("<i", 348) + bytes(340) + b"n+1\0" + bytes(99), "NIfTI"),
        ("b.tif", b"II*\x00" + bytes(99), "TIFF"),
        ("fake.png", b"not a film", "not an image"),
    ],
)
def test_what_is_no_film_is_offered_with_its_reason(name, content, said):
    refused = [refusal(film) for film in open_zip(zipped({**FILMS, name: content})).films if film.path.name == name]
    assert [said in str(error) for error in refused] == [True]


def test_nested_archive_is_not_opened():
    (film,) = open_zip(zipped({"inner.zip": zipped(FILMS)})).films
    assert isinstance(refusal(film), UnsupportedImageError)


def test_archive_without_films_says_so():
    for files in ({}, {"notes.txt": b"notes"}, {"__MACOSX/._b.png": PNG}, {"word/document.xml": b"<xml/>"}):
        with pytest.raises(ZipError, match="holds no PNG, JPEG or DICOM films"):
            open_zip(zipped(files))


def test_locked_archive_says_so_and_needs_no_password():
    locked = bytearray(zipped({"b.png": PNG}))
    at = locked.index(b"PK\x01\x02")
    locked[6] |= ENCRYPTED  # of the file's own header
    locked[at + 8] |= ENCRYPTED  # of its entry in the directory
    (film,) = open_zip(bytes(locked)).films
    assert isinstance(refusal(film), EncryptedZipError)


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_uncommon_packing_says_so(packing):
    (film,) = open_zip(zipped({"b.png": PNG}, packing)).films
    assert "uncommon way" in str(refusal(film))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_archive_that_ends_early_says_so(share):
    data = zipped(FILMS)
    with pytest.raises(ZipError, match="ends too early"):
        open_zip(data[: int(len(data) * share)])


def test_damaged_film_says_so_and_the_others_are_read():
    data = bytearray(zipped(FILMS, zipfile.ZIP_STORED))
    at = data.index(PNG) + len(PNG) // 2
    data[at] ^= 255
    for film in open_zip(bytes(data)).films:
        if film.path.name == "b.png":
            assert "damaged in the zip archive" in str(refusal(film))
        else:
            load_film(film)


# bounds


def test_film_that_unpacks_to_too_much_is_refused_before_it_is_unpacked():
    (film,) = open_zip(zipped({"b.png": bytes(2**20)})).films
    assert isinstance(refusal(film), ZipTooLargeError)
    assert f"{zips.MAX_RATIO} times" in str(refusal(film))


def test_film_beyond_the_largest_file_is_refused(monkeypatch):
    monkeypatch.setattr(zips, "MAX_FILE_BYTES", len(PNG) - 1)
    (film,) = open_zip(zipped({"b.png": PNG}, zipfile.ZIP_STORED)).films
    assert isinstance(refusal(film), ZipTooLargeError)


def test_too_many_files_are_refused(monkeypatch):
    monkeypatch.setattr(zips, "MAX_FILES", 3)
    assert len(open_zip(zipped(FILMS)).films) == 3
    with pytest.raises(ZipTooLargeError, match="more than 3 files"):
        open_zip(zipped({**FILMS, "c.png": PNG}))


def test_files_that_overlap_are_refused():
    data = bytearray(zipped({"a.png": PNG, "b.png": PNG}))
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    data[second + 42 : second + 46] = bytes(4)  # both entries point at the first file
    with pytest.raises(ZipError, match="overlap"):
        open_zip(bytes(data))


def test_long_list_of_files_takes_little_memory():
    pytest.importorskip("resource")
    entry = b"PK\x01\x02" + bytes(42)
    count = 900_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65_535, 65_535, count * len(entry), 4, 0)
    script = (
        "import sys\n"
        "from cxr_core.imaging import open_zip\n"
        "from cxr_core.imaging.errors import ZipTooLargeError\n"
        "from tests.memory import peak_memory\n"
        "data = sys.stdin.buffer.read()\n"
        "before = peak_memory()\n"
        "try:\n"
        "    open_zip(data)\n"
        "except ZipTooLargeError:\n"
        "    print(peak_memory() - before)"
    )
    data = b"PK\x03\x04" + count * entry + end
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, input=data, check=True)
    assert float(run.stdout) < 100


# many files


def test_archives_among_files_are_replaced_by_their_films(tmp_path):
    paths = [tmp_path / name for name in ("one.png", "films.zip", "absent.png", "broken.zip", "two.png")]
    paths[0].write_bytes(PNG)
    paths[1].write_bytes(zipped({**FILMS, "notes.txt": b"notes"}))
    paths[3].write_bytes(zipped(FILMS)[:-30])
    paths[4].write_bytes(PNG)
    told = []
    found = list(film_files(paths, lambda path, count: told.append((path, count))))
    assert [film.path if isinstance(film, ZippedFilm) else film for film in found] == [
        paths[0],
        *(paths[1] / name for name in sorted(FILMS)),
        *paths[2:],
    ]
    assert told == [(paths[1], 1)]
    assert "ends too early" in str(refusal(found[5]))


def test_as_many_archives_as_one_likes_can_be_gone_through(tmp_path):
    resource = pytest.importorskip("resource")
    (tmp_path / "films.zip").write_bytes(zipped({"b.png": PNG}))
    most, limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 256), limit))
    try:
        assert sum(1 for _ in film_files([tmp_path / "films.zip"] * 400)) == 400
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, limit))


# hostile archives

SMALL = zipped({"a.png": png_bytes(phantom_levels(64, 64)), "b/IM1": dicom_bytes(levels(12, 64, 64), bits=12)})


def ends_well(data):
    said = []
    try:
        for film in open_zip(data).films:
            try:
                assert isinstance(load_film(film), Film)
            except ImageError as error:
                said.append(str(error))
    except ImageError as error:
        said.append(str(error))
    assert all(sentence.endswith(".") for sentence in said)


@settings(max_examples=150)
@given(positions=st.lists(st.integers(0, 8 * len(SMALL)), min_size=1, max_size=6), start=st.sampled_from([0, SMALL.index(b"PK\x01\x02")]))
def test_flipped_bits(positions, start):
    ends_well(SMALL[:start] + flip_bits(SMALL[start:], positions))


@settings(max_examples=60)
@given(st.data())
def test_spliced(data):
    places = [data.draw(st.integers(0, len(SMALL))) for _ in range(3)]
    ends_well(SMALL[: places[0]] + SMALL[places[1] :][: places[2]] + SMALL[places[0] :])
