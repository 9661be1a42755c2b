"""Films that look alike stay on one side of the split."""

import shutil
import threading

import cv2
import numpy as np
import pytest

from cxr_core.data import near_duplicates
from cxr_core.data.folders import scan_classes
from cxr_core.data.near_duplicates import draw_split, near_duplicate_groups
from cxr_core.labels import CLASS_NAMES
from tests.data.drawing import write_classes


@pytest.fixture(scope="module")
def classes(tmp_path_factory):
    return write_classes(tmp_path_factory.mktemp("classes"), 20)


def drawn(root, seed=0):
    films = scan_classes(root)[0]
    films["group"], unreadable = near_duplicate_groups(root, list(films["path"]), lambda done, total: None)
    assert unreadable == {}
    return films.assign(split=draw_split(films, seed))


@pytest.fixture(scope="module")
def films(classes):
    return drawn(classes)


@pytest.mark.parametrize("at_once", [1, 3, 8, 80, 1000])
def test_duplicates_are_found_however_many_are_compared_at_once(classes, films, monkeypatch, at_once):
    monkeypatch.setattr(near_duplicates, "COMPARED_AT_ONCE", at_once)
    paths = [*films["path"], "COVID/images/COVID-0.png", "Normal/images/Normal-7.png"]
    groups, _ = near_duplicate_groups(classes, paths, lambda done, total: None)
    assert list(groups[-2:]) == [groups[0], groups[paths.index("Normal/images/Normal-7.png")]]
    assert len(set(groups)) == 80


def test_progress_counts_every_film_once(small):
    calls = []
    near_duplicate_groups(small, list(scan_classes(small)[0]["path"]), lambda done, total: calls.append((done, total)))
    assert calls == [(number, 16) for number in range(1, 17)]


def test_films_are_read_on_several_threads(small, monkeypatch):
    monkeypatch.setattr(near_duplicates.os, "cpu_count", lambda: 2)
    together = threading.Barrier(2, timeout=20)  # two must be in the reader at the same time to get past it
    read = near_duplicates.decoded
    monkeypatch.setattr(near_duplicates, "decoded", lambda path: together.wait() is None or read(path))
    near_duplicate_groups(small, list(scan_classes(small)[0]["path"]), lambda done, total: None)


def test_all_films_that_cannot_be_read_are_told_and_are_like_nothing(small):
    for name in ("Normal-3", "Normal-1"):
        (small / "Normal" / "images" / f"{name}.png").write_bytes(b"not a film")
    paths = list(scan_classes(small)[0]["path"])
    groups, unreadable = near_duplicate_groups(small, paths, lambda done, total: None)
    assert list(unreadable) == ["Normal/images/Normal-1.png", "Normal/images/Normal-3.png"]
    assert all("not an image" in reason for reason in unreadable.values())
    assert len(set(groups)) == 16


def test_shares_are_70_10_20_of_each_class(films):
    counts = films.groupby(["label", "split"]).size()
    for name in CLASS_NAMES:
        assert counts[name].to_dict() == {"train": 14, "val": 2, "test": 4}


def test_same_seed_same_split_and_another_seed_another(films):
    first, again, other = (draw_split(films, seed) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).sum() > 10


def test_different_films_are_alone_in_their_group(films):
    assert films["group"].is_unique


@pytest.mark.parametrize("seed", range(3))
def test_near_duplicates_stay_together(classes, tmp_path, seed):
    root = shutil.copytree(classes, tmp_path / "copy")
    originals = [f"Normal/images/Normal-{number}.png" for number in range(12)]
    rng = np.random.default_rng(0)
    for number, original in enumerate(originals):
        pixels = cv2.imread(str(root / original), cv2.IMREAD_GRAYSCALE).astype(float)
        changed = pixels * 0.8 + 20 + rng.normal(0, 3, pixels.shape)
        cv2.imwrite(str(root / f"Normal/images/near-{number}.png"), np.rint(changed.clip(0, 255)).astype(np.uint8))
        shutil.copy(root / original, root / f"Normal/images/same-{number}.png")
    index = drawn(root, seed).set_index("path")
    for number, original in enumerate(originals):
        alike = index.loc[[original, f"Normal/images/near-{number}.png", f"Normal/images/same-{number}.png"]]
        assert alike["group"].nunique() == 1
        assert alike["split"].nunique() == 1
    assert index["group"].nunique() == 80


def test_a_class_of_one_group_goes_to_one_split(small):
    for number in range(1, 4):
        shutil.copy(small / "COVID/images/COVID-0.png", small / f"COVID/images/COVID-{number}.png")
    films = drawn(small)
    assert films[films["label"] == "COVID"]["split"].nunique() == 1
