"""A film or a group that stands in two splits, or under two labels, is found whatever it is called."""

import os
import shutil

import numpy as np
import pandas as pd
import pytest

from cxr_core.data import leaks
from cxr_core.data.leaks import find_leaks
from tests.data.drawing import table, write_film

FIRST, SECOND = "COVID/images/COVID-0.png", "COVID/images/COVID-1.png"  # in train, and in val


@pytest.fixture
def films(listed):
    return table(listed)


def with_row(films, path, split="train", label="COVID", group="new", **more):
    return pd.concat(
        [films, pd.DataFrame([{"path": path, "label": label, "split": split, "group": group} | more])], ignore_index=True
    ).fillna("")


def test_sound_films_have_no_leak(listed, films):
    assert find_leaks(listed, films) == []


def test_no_films_have_no_leak(listed, films):
    assert find_leaks(listed, films[:0]) == []


WAYS = {
    "itself": lambda root: FIRST,
    "detour": lambda root: f"COVID/../{FIRST}",
    "absolute": lambda root: str(root / FIRST),
    "link": lambda root: os.symlink(root / FIRST, root / "other.png"),
    "hard link": lambda root: os.link(root / FIRST, root / "other.png"),
    "link to a folder": lambda root: os.symlink(root / "COVID", root / "folder") or FIRST.replace("COVID/", "folder/", 1),
    "copy": lambda root: shutil.copyfile(root / FIRST, root / "other.png") and "other.png",
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize(
    ("split", "label", "reason"), [("test", "COVID", "in train and test"), ("train", "Normal", "under COVID and Normal")]
)
def test_one_film_by_another_way(listed, films, way, split, label, reason):
    path = way(listed) or "other.png"
    (found,) = find_leaks(listed, with_row(films, path, split, label))
    assert found.stops
    assert found.where == FIRST
    assert found.reason == f"one film stands {reason}" + ("" if path == FIRST else f" (also as {path})")
    assert found.paths == ((FIRST,) if path == FIRST else (FIRST, path))


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_one_film_twice_in_one_split_is_no_leak(listed, films, way):
    assert find_leaks(listed, with_row(films, way(listed) or "other.png")) == []


def test_films_of_one_length_that_differ_in_the_middle_alone_are_two(listed, films, monkeypatch):
    monkeypatch.setattr(leaks, "SAMPLED_BYTES", 8)
    content = bytearray((listed / FIRST).read_bytes())
    content[len(content) // 2] ^= 1
    (listed / "other.png").write_bytes(content)
    assert find_leaks(listed, with_row(films, "other.png", "test")) == []
    shutil.copyfile(listed / FIRST, listed / "other.png")
    assert len(find_leaks(listed, with_row(films, "other.png", "test"))) == 1


@pytest.mark.parametrize(
    ("split", "label", "reason"), [("test", "COVID", "in train and test"), ("train", "Normal", "under COVID and Normal")]
)
def test_a_film_and_its_twin_are_one(listed, films, split, label, reason):
    write_film(listed / "twin.png", 999)
    (found,) = find_leaks(listed, with_row(films, "twin.png", split, label, twin=FIRST))
    assert reason in found.reason
    assert find_leaks(listed, with_row(films, "twin.png", twin=FIRST)) == []


def test_two_twins_of_a_film_that_is_not_there_are_one(listed, films):
    films = with_row(with_row(films, "a.png", "train", twin="elsewhere.png"), "b.png", "test", group="b", twin="elsewhere.png")
    assert [fault.where for fault in find_leaks(listed, films)] == ["a.png"]


def test_a_held_film_stands_nowhere_but_joins_others(listed, films):
    shutil.copyfile(listed / FIRST, listed / "held.png")
    last = "COVID/images/COVID-2.png"  # in test
    assert find_leaks(listed, with_row(films, "held.png", "held")) == []
    (found,) = find_leaks(listed, with_row(films, "held.png", "held", twin=last))
    assert found.reason == f"one film stands in train and test (also as {last})"


@pytest.mark.parametrize(("other", "reason"), [(SECOND, "in train and val"), ("Normal/images/Normal-0.png", "under COVID and Normal")])
def test_group_that_crosses(listed, films, other, reason):
    films.loc[films["path"].isin([FIRST, other]), "group"] = "patient 7"
    (found,) = find_leaks(listed, films)
    assert found.stops
    assert found.where == "group patient 7"
    assert found.reason == f"2 films stand {reason} ({FIRST}, {other})"


def test_group_of_held_films_crosses_nothing(listed, films):
    films.loc[films["path"] == SECOND, ["group", "split"]] = [FIRST, "held"]
    assert find_leaks(listed, films) == []


def test_films_that_only_look_alike_may_have_several_labels(listed, films):
    films.loc[films["path"].isin([FIRST, "Normal/images/Normal-0.png"]), "group"] = "g7"
    (found,) = find_leaks(listed, films, np.ones(len(films), bool))
    assert not found.stops
    assert "g7" in found.where


def test_all_offenders_are_found(listed, films):
    crossing = films.assign(split="test", group=films["group"] + " again")[films["split"] == "train"]
    found = find_leaks(listed, pd.concat([films, crossing], ignore_index=True))
    assert [fault.where for fault in found] == list(films.loc[films["split"] == "train", "path"])


def test_missing_and_empty_files_are_no_copies_of_each_other(listed, films):
    for name in ("a.png", "b.png"):
        (listed / name).write_bytes(b"")
    films = with_row(with_row(films, "a.png"), "b.png", "test", group="b")
    films = with_row(with_row(films, "gone-a.png"), "gone-b.png", "test", group="c")
    assert find_leaks(listed, films) == []
