"""Data folders as people have them: what systems and downloads leave among the films, and what spreadsheets make of a manifest."""

import codecs
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest

from cxr_core.data import DataSetError, open_collections
from cxr_core.imaging import Film, draw_phantom
from cxr_core.labels import CLASS_NAMES
from tests.dicoms import dicom_bytes, levels

SPLITS = ("train", "train", "train", "val", "test")


def drawn(seed, side=64):
    """Draw a chest with a relief of its own, so that no two look alike."""
    relief = cv2.resize(np.random.default_rng(seed).normal(0, 0.2, (6, 6)).astype(np.float32), (side, side), interpolation=cv2.INTER_CUBIC)
    return Film((draw_phantom(side, side, seed).pixels + relief).clip(0, 1), 8, "drawing")


def write(path, seed):
    path.write_bytes(cv2.imencode(".jpg", np.rint(drawn(seed).pixels * 255).astype(np.uint8))[1].tobytes())


@pytest.fixture(scope="session")
def pattern(tmp_path_factory):
    root = tmp_path_factory.mktemp("pattern") / "films"
    for code, name in enumerate(CLASS_NAMES):
        (root / name / "images").mkdir(parents=True)
        for number in range(5):
            write(root / name / "images" / f"{name}-{number}.jpg", 10 * code + number)
    return root


@pytest.fixture
def folder(pattern, tmp_path):
    return shutil.copytree(pattern, tmp_path / "films")


def opened(*locations, **options):
    cache = locations[0].parent / "cache"
    return open_collections(list(locations), cache=cache, **options)


def refusal(*locations):
    with pytest.raises(DataSetError) as refused:
        opened(*locations)
    return str(refused.value)


# What lies among the films


@pytest.mark.parametrize("name", ["._{}-1.jpg", ".DS_Store", "Thumbs.db", "desktop.ini"])
def test_files_of_systems_stop_nothing(folder, name):
    for label in CLASS_NAMES:
        (folder / label / "images" / name.format(label)).write_bytes(bytes.fromhex("0005160700020000") + b"Mac OS X" + bytes(4000))
    found = opened(folder)
    assert len(found.films) == 20
    assert len(found.notes) == 4 + len([note for note in found.notes if not note.where])


@pytest.mark.parametrize("name", [".ipynb_checkpoints", "__MACOSX", "@eaDir", "extracted.jpg", "more"])
def test_folders_among_films_stop_nothing(folder, name):
    inside = folder / "COVID" / "images" / name
    inside.mkdir()
    shutil.copy(folder / "Normal" / "images" / "Normal-1.jpg", inside)
    found = opened(folder)
    assert len(found.films) == 20
    assert f"COVID/images/{name}" in {note.where for note in found.notes}


def test_archive_of_a_mac_beside_the_films_stops_nothing(folder):
    for label in CLASS_NAMES:
        (folder.parent / "__MACOSX" / label / "images").mkdir(parents=True)
        (folder.parent / "__MACOSX" / label / "images" / f"._{label}-1.jpg").write_bytes(bytes(100))
    assert opened(folder.parent).films["path"].str.startswith("films/").all()


@pytest.mark.parametrize("name", ["COVID-9.jpg.part", "COVID-9.jpg.crdownload", "COVID-9.jpg.download", "COVID-9.jpg"])
def test_downloads_that_were_not_finished_stop_nothing(folder, name):
    (folder / "COVID" / "images" / name).write_bytes(b"" if name.endswith(".jpg") else b"\xff\xd8\xff")
    found = opened(folder)
    assert len(found.films) == 20
    assert f"COVID/images/{name}" in {note.where for note in found.notes}


def test_films_that_were_cut_off_are_all_named_or_left_out(folder):
    cut = ["COVID/images/COVID-1.jpg", "Normal/images/Normal-2.jpg", "Normal/images/Normal-3.jpg"]
    for path in cut:
        (folder / path).write_bytes((folder / path).read_bytes()[:700])
    (folder / "COVID" / "images" / "COVID-gone.jpg").symlink_to("/nowhere/gone.jpg")
    said = refusal(folder)
    assert all(f"{path}: " in said for path in [*cut, "COVID/images/COVID-gone.jpg"])
    found = opened(folder, skip_broken=True)
    assert found.broken == 4
    assert len(found.films) == 17


@pytest.mark.parametrize("name", ["Röntgen thorax é.jpg", "胸片 1.jpg", 'a,b;"c".jpg', "NA.jpg", " lead.jpg", "x\ny.jpg"])
def test_names_of_any_kind_are_read(folder, name):
    images = folder / "COVID" / "images"
    (images / "COVID-0.jpg").rename(images / name)
    found = opened(folder)
    assert f"COVID/images/{name}" in set(found.films["path"])
    found.films.to_csv(folder / "manifest.csv", index=False)
    assert opened(folder).films.to_numpy().tolist() == found.films.to_numpy().tolist()


@pytest.mark.parametrize("suffix", [".jfif", ".jpe", ".JPG", ".JPEG", ".JFIF"])
def test_suffixes_of_jpeg(folder, suffix):
    for label in CLASS_NAMES:
        (folder / label / "images" / f"{label}-1.jpg").rename(folder / label / "images" / f"{label}-1{suffix}")
    assert len(opened(folder).films) == 20


@pytest.mark.parametrize("name", ["film.dcm", "film.DCM", "film", "1.2.840.113619.2.5"])
def test_dicom_films_are_films(folder, name):
    (folder / "Normal" / "images" / name).write_bytes(dicom_bytes(levels()))
    assert f"Normal/images/{name}" in set(opened(folder).films["path"])


@contextmanager
def as_another_user(place):
    """Let root, who may enter every folder, be somebody else for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("name", [".Trashes", "lost+found", "System Volume Information", "somebody's"])
def test_folders_that_may_not_be_entered_stop_nothing(pattern, name):
    with tempfile.TemporaryDirectory(dir="/tmp") as disk:
        os.chmod(disk, 0o755)
        shutil.copytree(pattern, Path(disk) / "covid radiography")
        (Path(disk) / name).mkdir(mode=0o000)
        with as_another_user(disk):
            found = open_collections([Path(disk)])
        os.chmod(Path(disk) / name, 0o700)
    assert len(found.films) == 20
    assert name in {note.where for note in found.notes}


# What spreadsheets make of a manifest


@pytest.fixture
def rows(folder):
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.glob("*/images/*.jpg"))
    listed = [(path, path.split("/")[0], SPLITS[place % 5], f"p{place}") for place, path in enumerate(paths)]
    return pd.DataFrame(listed, columns=["path", "label", "split", "group"])


def manifest(folder, rows, *, encoding="utf-8", end="\n", separator=",", more=""):
    text = rows.to_csv(index=False, lineterminator=end, sep=separator) + more
    (folder / "manifest.csv").write_bytes(text.encode(encoding))
    return folder


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"end": "\r\n"},
        {"separator": ";"},
        {"separator": "\t"},
        {"encoding": "utf-8-sig"},
        {"encoding": "utf-16"},
        {"more": ",,,\n"},
        {"more": "\n\n ,,, \n"},
    ],
    ids=["plain", "windows", "semicolons", "tabs", "mark", "utf-16", "blank cells", "blank lines"],
)
def test_dialects_are_read(folder, rows, how):
    assert opened(manifest(folder, rows, **how)).films[list(rows)].equals(rows)


@pytest.mark.parametrize(
    "change",
    [
        lambda rows, root: rows.assign(path=rows["path"].str.replace("/", "\\")),
        lambda rows, root: rows.assign(path="./" + rows["path"]),
        lambda rows, root: rows.assign(path="COVID/../" + rows["path"]),
        lambda rows, root: rows.assign(path=str(root) + "/" + rows["path"]),
        lambda rows, root: rows.assign(path=rows["path"] + " ", label=" " + rows["label"], split=rows["split"] + " "),
    ],
    ids=["backslashes", "dot", "detour", "absolute", "spaces"],
)
def test_paths_and_words_are_read_however_they_are_written(folder, rows, change):
    assert opened(manifest(folder, change(rows, folder))).films[list(rows)].equals(rows)


def test_old_encoding_is_read(folder, rows):
    (folder / rows["path"][0]).rename(folder / "COVID" / "images" / "Röntgen.jpg")
    rows.loc[0, "path"] = "COVID/images/Röntgen.jpg"
    assert opened(manifest(folder, rows, encoding="latin-1")).films["path"][0] == rows["path"][0]
    assert not (folder / "manifest.csv").read_bytes().startswith(codecs.BOM_UTF8)


@pytest.mark.parametrize("word", ["NA", "n/a", "NaN", "null", "None"])
def test_films_of_an_unknown_group_are_groups_of_their_own(folder, rows, word):
    data = opened(manifest(folder, rows.assign(group=word)))
    assert data.films["group"].tolist() == rows["path"].tolist()
    assert any("20 films have a group that is not known" in str(fault) for fault in data.notes)


def test_one_group_for_everything_is_refused(folder, rows):
    said = refusal(manifest(folder, rows.assign(group="one")))
    assert "group one: 20 films stand in train, val and test" in said
    assert "group one: 20 films stand under COVID, Lung_Opacity, Normal and Viral Pneumonia" in said


def test_missing_films_and_unknown_words_are_all_named(folder, rows):
    more = pd.DataFrame([["COVID/images/not-there.jpg", "COVID", "train", "z"]], columns=list(rows))
    rows.loc[1, "label"] = "covid"
    said = refusal(manifest(folder, pd.concat([rows, more])))
    assert "COVID/images/not-there.jpg: there is no such file" in said
    assert "manifest.csv, line 3: has the label 'covid'" in said


# Leaks


def test_films_in_train_and_test_are_refused(folder, rows):
    again = rows[rows["split"] == "train"].assign(split="test", group="again " + rows["group"])
    said = refusal(manifest(folder, pd.concat([rows, again])))
    assert said.count("one film stands in train and test") == 12
    assert "COVID/images/COVID-0.jpg" in said


def test_film_under_two_labels_is_refused(folder, rows):
    said = refusal(manifest(folder, pd.concat([rows, rows[:1].assign(label="Normal", group="zz")])))
    assert said == "COVID/images/COVID-0.jpg: one film stands under COVID and Normal."


def test_group_in_two_splits_or_under_two_labels_is_refused(folder, rows):
    rows.loc[[0, 4], "group"] = "crosses"
    rows.loc[[1, 6], "group"] = "mixed"
    said = refusal(manifest(folder, rows))
    assert "group crosses: 2 films stand in train and test" in said
    assert "group mixed: 2 films stand under COVID and Lung_Opacity" in said


@pytest.mark.parametrize("way", ["detour", "link", "copy"])
def test_one_film_by_another_way_is_refused(folder, rows, way):
    path = {"detour": "Normal/../COVID/images/COVID-0.jpg", "link": "linked.jpg", "copy": "copied.jpg"}[way]
    if way == "link":
        (folder / path).symlink_to(folder / "COVID" / "images" / "COVID-0.jpg")
    if way == "copy":
        shutil.copy(folder / "COVID" / "images" / "COVID-0.jpg", folder / path)
    said = refusal(manifest(folder, pd.concat([rows, rows[:1].assign(path=path, split="val", group="z")])))
    assert "COVID/images/COVID-0.jpg: one film stands in train and val" in said
