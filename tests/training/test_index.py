"""Which films a data folder holds, and which split each is in."""

import os
import shutil
import threading

import cv2
import numpy as np
import pandas as pd
import pytest

from cxr_core.labels import CLASS_NAMES
from cxr_core.training import index as training_index
from cxr_core.training.errors import DataSetError
from cxr_core.training.index import class_codes, read_index

MANIFEST = pd.DataFrame(
    {
        "path": [f"films/{number}.png" for number in range(5)],
        "label": ["Normal", "COVID", "Viral Pneumonia", "Lung_Opacity", "COVID"],
        "split": ["train", "val", "test", "train", "train"],
        "group": ["a", "b", "c", "d", "b"],
        "copy": ["copy-a"] * 5,
    }
)


def picture(seed, side=64):
    grid = np.random.default_rng(seed).uniform(0, 255, (8, 8)).astype(np.uint8)
    return cv2.resize(grid, (side, side), interpolation=cv2.INTER_CUBIC)


def write_classes(root, films, *, level="images", suffix=".png"):
    for code, name in enumerate(CLASS_NAMES):
        folder = root / name / level
        folder.mkdir(parents=True)
        for number in range(films):
            cv2.imwrite(str(folder / f"{name}-{number}{suffix}"), picture(1000 * code + number))
    return root


@pytest.fixture(scope="module")
def classes(tmp_path_factory):
    return write_classes(tmp_path_factory.mktemp("classes"), 40)


@pytest.fixture
def small(tmp_path):
    return write_classes(tmp_path / "small", 4)


def write_manifest(folder, table):
    table.to_csv(folder / "manifest.csv", index=False)
    return folder


def test_manifest_is_taken_as_it_is(tmp_path):
    pd.testing.assert_frame_equal(read_index(write_manifest(tmp_path, MANIFEST)), MANIFEST, check_dtype=False)


def test_manifest_wins_over_folders(small):
    assert list(read_index(write_manifest(small, MANIFEST))["path"]) == list(MANIFEST["path"])


def test_codes_follow_the_class_order():
    assert class_codes(MANIFEST).tolist() == [2, 0, 3, 1, 0]


@pytest.mark.parametrize("column", ["path", "label", "split", "group"])
def test_manifest_without_a_column_is_refused(tmp_path, column):
    with pytest.raises(DataSetError, match=f"lacks the columns {column}"):
        read_index(write_manifest(tmp_path, MANIFEST.drop(columns=column)))


@pytest.mark.parametrize("column", ["path", "label", "split", "group"])
def test_manifest_with_an_empty_cell_is_refused(tmp_path, column):
    table = MANIFEST.copy()
    table.loc[2, column] = None
    with pytest.raises(DataSetError, match=f"empty {column} in line 4"):
        read_index(write_manifest(tmp_path, table))


@pytest.mark.parametrize(("column", "value", "allowed"), [("label", "covid", "Lung_Opacity"), ("split", "dev", "train, val, test")])
def test_manifest_with_an_unknown_word_is_refused(tmp_path, column, value, allowed):
    table = MANIFEST.copy()
    table.loc[3, column] = value
    with pytest.raises(DataSetError, match=f"has the {column} '{value}'; allowed are .*{allowed}"):
        read_index(write_manifest(tmp_path, table))


@pytest.mark.parametrize("content", [b"", b'path,label\n"a', b"\xff\xfe\x00\x80,\xff\n\x81,2\n"])
def test_manifest_that_is_no_table_is_refused(tmp_path, content):
    (tmp_path / "manifest.csv").write_bytes(content)
    with pytest.raises(DataSetError, match=r"not a CSV file that can be read"):
        read_index(tmp_path)


@pytest.mark.parametrize("level", ["images", ""])
def test_films_lie_in_the_class_folder_or_its_images(tmp_path, level):
    index = read_index(write_classes(tmp_path, 2, level=level))
    assert len(index) == 8
    assert all((tmp_path / path).is_file() for path in index["path"])
    assert all(path.startswith(f"{label}/") for path, label in zip(index["path"], index["label"], strict=True))


def test_masks_beside_the_images_are_left_out(small):
    (small / "COVID" / "masks").mkdir()
    cv2.imwrite(str(small / "COVID" / "masks" / "COVID-0.png"), picture(77))
    assert not read_index(small)["path"].str.contains("masks").any()


def test_a_sub_folder_may_hold_the_classes(small):
    index = read_index(small.parent)
    assert len(index) == 16
    assert index["path"].str.startswith("small/").all()
    assert all((small.parent / path).is_file() for path in index["path"])


def test_of_several_sub_folders_with_the_classes_the_first_is_taken_alone(tmp_path):
    for name in ("b", "a", "c"):
        write_classes(tmp_path / name, 2)
    (tmp_path / "a").rename(tmp_path / "unfinished")
    shutil.rmtree(tmp_path / "unfinished" / "Normal")
    assert read_index(tmp_path)["path"].str.startswith("b/").all()


def test_sub_folders_do_not_count_beside_the_classes_themselves(small):
    write_classes(small / "COVID" / "images" / "more", 2)
    write_classes(small / "another", 2)
    assert len(read_index(small)) == 16


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".jpeg", ".PNG", ".JPG"])
def test_png_and_jpeg_are_films(tmp_path, suffix):
    assert len(read_index(write_classes(tmp_path, 2, suffix=suffix))) == 8


def test_other_files_are_no_films(small):
    (small / "Normal" / "images" / "notes.txt").write_text("not a film")
    assert len(read_index(small)) == 16


def test_damaged_film_is_named(small):
    path = small / "Normal" / "images" / "Normal-1.png"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DataSetError, match=r"Normal/images/Normal-1\.png: .*damaged"):
        read_index(small)


def test_first_damaged_film_is_named(small):
    for name in ("Normal-3", "Normal-1"):
        (small / "Normal" / "images" / f"{name}.png").write_bytes(b"not a film")
    with pytest.raises(DataSetError, match=r"^Normal/images/Normal-1\.png: .*not an image"):
        read_index(small)


@pytest.mark.timeout(60)
def test_pipe_among_the_films_is_named(small):
    os.mkfifo(small / "COVID" / "images" / "COVID-00.png")
    with pytest.raises(DataSetError, match=r"COVID-00\.png: This is a folder, a pipe or a device"):
        read_index(small)


def test_progress_counts_every_film_once(small):
    calls = []
    read_index(small, progress=lambda done, total: calls.append((done, total)))
    assert calls == [(number, 16) for number in range(1, 17)]


def test_a_manifest_needs_no_search(tmp_path):
    read_index(write_manifest(tmp_path, MANIFEST), progress=lambda done, total: pytest.fail("searched"))


@pytest.mark.parametrize("at_once", [1, 3, 16, 160, 1000])
def test_duplicates_are_found_however_many_are_compared_at_once(classes, monkeypatch, at_once):
    monkeypatch.setattr(training_index, "COMPARED_AT_ONCE", at_once)
    paths = pd.Series([*read_index(classes)["path"], "COVID/images/COVID-0.png", "Normal/images/Normal-7.png"])
    groups = training_index._near_duplicate_groups(classes, paths, lambda done, total: None)
    assert list(groups[-2:]) == [groups[0], groups[list(paths).index("Normal/images/Normal-7.png")]]
    assert len(set(groups)) == 160


def test_films_are_read_on_several_threads(small, monkeypatch):
    monkeypatch.setattr(training_index.os, "cpu_count", lambda: 2)
    together = threading.Barrier(2, timeout=20)  # two must be in the reader at the same time to get past it
    read = training_index.read_film_file
    monkeypatch.setattr(training_index, "read_film_file", lambda path: together.wait() is None or read(path))
    assert len(read_index(small)) == 16


def test_shares_are_70_10_20_of_each_class(classes):
    counts = read_index(classes).groupby(["label", "split"]).size()
    for name in CLASS_NAMES:
        assert counts[name].to_dict() == {"train": 28, "val": 4, "test": 8}


def test_same_seed_same_split_and_another_seed_another(classes):
    first, again, other = (read_index(classes, seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert (first["split"] != other["split"]).sum() > 10
    assert (first["group"] == other["group"]).all()


def test_different_films_are_alone_in_their_group(classes):
    assert read_index(classes)["group"].is_unique


@pytest.mark.parametrize("seed", range(5))
def test_near_duplicates_stay_together(classes, tmp_path, seed):
    root = shutil.copytree(classes, tmp_path / "copy")
    originals = [f"Normal/images/Normal-{number}.png" for number in range(12)]
    rng = np.random.default_rng(0)
    for number, original in enumerate(originals):
        pixels = cv2.imread(str(root / original), cv2.IMREAD_GRAYSCALE).astype(float)
        changed = pixels * 0.8 + 20 + rng.normal(0, 3, pixels.shape)
        cv2.imwrite(str(root / f"Normal/images/near-{number}.png"), np.rint(changed.clip(0, 255)).astype(np.uint8))
        shutil.copy(root / original, root / f"COVID/images/same-{number}.png")
    index = read_index(root, seed).set_index("path")
    for number, original in enumerate(originals):
        alike = index.loc[[original, f"Normal/images/near-{number}.png", f"COVID/images/same-{number}.png"]]
        assert alike["group"].nunique() == 1
        assert alike["split"].nunique() == 1
    assert index["group"].nunique() == 160


def test_a_class_of_one_group_goes_to_one_split(small):
    for number in range(1, 4):
        shutil.copy(small / "COVID/images/COVID-0.png", small / f"COVID/images/COVID-{number}.png")
    index = read_index(small)
    assert index[index["label"] == "COVID"]["split"].nunique() == 1


def test_missing_folder_is_named(tmp_path):
    with pytest.raises(DataSetError, match=r"no data folder .*nowhere"):
        read_index(tmp_path / "nowhere")


def test_folder_without_the_classes_is_refused(small):
    shutil.rmtree(small / "Normal")
    with pytest.raises(DataSetError, match=r"neither a manifest\.csv nor the four folders COVID, Lung_Opacity, Normal, Viral Pneumonia"):
        read_index(small)


def test_empty_class_folder_is_named(small):
    for path in (small / "Viral Pneumonia" / "images").iterdir():
        path.unlink()
    with pytest.raises(DataSetError, match=r"Viral Pneumonia/images holds no PNG or JPEG films"):
        read_index(small)
