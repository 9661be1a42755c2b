"""The films of a class folder are found, whatever else lies among them."""

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from cxr_core.data import DataSetError
from cxr_core.data.folders import scan_classes
from tests.data.drawing import write_classes, write_film
from tests.dicoms import dicom_bytes, levels


def paths(folder):
    return scan_classes(folder)[0]["path"]


def notes(folder):
    return {fault.where: fault.reason for fault in scan_classes(folder)[1] if not fault.stops}


@pytest.mark.parametrize("level", ["images", ""])
def test_films_lie_in_the_class_folder_or_its_images(tmp_path, level):
    films, faults = scan_classes(write_classes(tmp_path, 2, level=level))
    assert len(films) == 8
    assert all((tmp_path / path).is_file() for path in films["path"])
    assert all(path.startswith(f"{label}/") for path, label in zip(films["path"], films["label"], strict=True))
    assert faults == []


def test_masks_beside_the_images_are_left_out(small):
    write_film(small / "COVID" / "masks" / "COVID-0.png", 77)
    assert not paths(small).str.contains("masks").any()


def test_a_sub_folder_may_hold_the_classes(small):
    found = paths(small.parent)
    assert len(found) == 16
    assert found.str.startswith("small/").all()


def test_of_several_sub_folders_with_the_classes_the_first_is_taken_alone(tmp_path):
    for name in ("b", "a", "c"):
        write_classes(tmp_path / name, 2)
    shutil.rmtree(tmp_path / "a" / "Normal")
    assert paths(tmp_path).str.startswith("b/").all()


def test_classes_in_the_folder_come_before_those_in_a_sub_folder(small):
    write_classes(small / "another", 2)
    assert len(paths(small)) == 16


@pytest.mark.parametrize("name", ["__MACOSX", ".Trashes", "@eaDir", "$RECYCLE.BIN"])
def test_hidden_sub_folders_hold_no_classes(small, name):
    write_classes(small.parent / name, 1)
    assert paths(small.parent).str.startswith("small/").all()


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".jpeg", ".jfif", ".jpe", ".PNG", ".JPG", ".JFIF"])
def test_suffixes_of_films(tmp_path, suffix):
    assert len(paths(write_classes(tmp_path, 2, suffix=suffix))) == 8


@pytest.mark.parametrize("name", ["film.dcm", "film.DICOM", "film", "1.2.840.10008.5", "IM-0001.IMA"])
def test_dicom_files_are_films_by_their_suffix_or_their_beginning(small, name):
    (small / "Normal" / "images" / name).write_bytes(dicom_bytes(levels()))
    assert f"Normal/images/{name}" in set(paths(small))


HIDDEN = ["._COVID-1.png", ".DS_Store", "Thumbs.db", "desktop.ini", ".hidden.png"]


@pytest.mark.parametrize("name", HIDDEN)
def test_hidden_files_are_passed_over(small, name):
    (small / "COVID" / "images" / name).write_bytes(bytes.fromhex("00051607") + bytes(60))
    assert len(paths(small)) == 16
    assert notes(small) == {f"COVID/images/{name}": "a hidden file or folder; passed over"}


@pytest.mark.parametrize(("name", "reason"), [(".ipynb_checkpoints", "a hidden"), ("__MACOSX", "a hidden"), ("extracted.png", "a folder")])
def test_folders_among_films_are_passed_over(small, name, reason):
    (small / "COVID" / "images" / name).mkdir()
    assert len(paths(small)) == 16
    assert notes(small)[f"COVID/images/{name}"].startswith(reason)


@pytest.mark.parametrize("name", ["a.png.part", "a.jpg.crdownload", "a.png.download", "Unconfirmed 1.crdownload"])
def test_downloads_that_were_not_finished_are_passed_over(small, name):
    (small / "COVID" / "images" / name).write_bytes(b"\x89PNG")
    assert len(paths(small)) == 16
    assert "not finished" in notes(small)[f"COVID/images/{name}"]


def test_empty_files_are_passed_over(small):
    (small / "COVID" / "images" / "a.png").write_bytes(b"")
    assert len(paths(small)) == 16
    assert notes(small) == {"COVID/images/a.png": "an empty file; passed over"}


def test_other_files_are_passed_over(small):
    (small / "Normal" / "images" / "notes.txt").write_text("not a film")
    assert len(paths(small)) == 16
    assert notes(small) == {"Normal/images/notes.txt": "no PNG, JPEG or DICOM film by its name; passed over"}


@pytest.mark.parametrize("name", ["Röntgen thorax é.png", "胸片 1.png", 'a,b;"c".png', "NA.png", " lead.png", "x\ny.png"])
def test_names_of_any_kind(small, name):
    write_film(small / "COVID" / "images" / name, 5)
    assert f"COVID/images/{name}" in set(paths(small))


def test_a_link_that_leads_nowhere_is_listed_to_be_told_with_films_that_cannot_be_read(small):
    (small / "COVID" / "images" / "gone.png").symlink_to("nowhere.png")
    assert "COVID/images/gone.png" in set(paths(small))


@contextmanager
def closed(*names):
    """A data folder beside folders that the user who looks may not enter."""
    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        root = Path(place)
        root.chmod(0o755)
        write_classes(root / "radiography", 2)
        for name in names:
            (root / name).mkdir(parents=True, exist_ok=True)
            (root / name).chmod(0)
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(65534)  # root may enter everything
        try:
            yield root
        finally:
            if is_root:
                os.seteuid(0)
            for name in names:
                (root / name).chmod(0o700)


def test_folders_that_cannot_be_entered_are_passed_over():
    with closed(".Trashes", "lost+found", "private") as root:
        films, faults = scan_classes(root)
        assert films["path"].str.startswith("radiography/").all()
        assert len(films) == 8
        assert [fault.where for fault in faults] == [".Trashes", "lost+found", "private"]
        assert not any(fault.stops for fault in faults)
        assert "cannot be entered" in faults[2].reason


def test_class_folder_that_cannot_be_entered_is_told():
    with closed("radiography/Normal/images") as root:
        faults = scan_classes(root)[1]
        assert [fault.where for fault in faults if "cannot be entered" in fault.reason] == ["radiography/Normal/images"]
        assert [fault.where for fault in faults if fault.stops] == ["radiography/Normal"]


def test_folder_without_the_classes_is_refused(small):
    shutil.rmtree(small / "Normal")
    with pytest.raises(DataSetError, match=r"neither a manifest\.csv nor the four folders COVID, Lung_Opacity, Normal, Viral Pneumonia"):
        scan_classes(small)


def test_class_folders_without_films_are_all_named(small):
    for name in ("Viral Pneumonia", "COVID"):
        for path in (small / name / "images").iterdir():
            path.unlink()
    faults = [fault for fault in scan_classes(small)[1] if fault.stops]
    assert [fault.where for fault in faults] == ["COVID", "Viral Pneumonia"]
    assert all("no PNG, JPEG or DICOM films" in fault.reason for fault in faults)
