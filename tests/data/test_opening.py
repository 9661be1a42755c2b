"""Several collections become one data set, and everything wrong with them is told at once."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from cxr_core.data import DataSetError, index_sha256, open_collections, survey_collections
from tests.data.drawing import table, write_classes, write_film, write_manifest
from tests.dicoms import dicom_bytes, levels

FIRST = "COVID/images/COVID-0.png"


@pytest.fixture
def collections(tmp_path):
    """Two folders with a manifest each, and a manifest alone whose films are twins of those of the first."""
    adults, children = tmp_path / "adults", tmp_path / "children"
    for number, root in enumerate((adults, children)):
        write_manifest(root, table(write_classes(root, 3, seed=100 * number)))
    twins = table(adults).assign(twin=table(adults)["path"], group="person 1", source="archive")
    twins["path"] = "copies/" + twins["path"]
    twins["split"] = twins["split"].replace("test", "held")
    for number, path in enumerate(twins["path"]):
        write_film(adults / path, 5000 + number)
    write_manifest(adults, twins, "archive.csv")
    return adults, children, adults / "archive.csv"


# One location


def test_manifest_is_taken_as_it_is(listed):
    rows = table(listed).assign(copy="copy-a")
    films = open_collections([write_manifest(listed, rows)]).films
    assert list(films) == ["path", "label", "split", "group", "collection", "source", "age", "copy"]
    pd.testing.assert_frame_equal(films[list(rows)], rows, check_dtype=False)
    assert set(films["collection"]) == {"listed"}
    assert films[["source", "age"]].eq("").all(axis=None)
    assert index_sha256(films) == index_sha256(rows)


def test_manifest_needs_no_search(listed):
    open_collections([listed], progress=lambda what, done, total: pytest.fail("searched"))


def test_class_folder_gets_a_split_and_its_paths_stay(tmp_path):
    root = write_classes(tmp_path / "drawn", 10)
    calls = []
    found = open_collections([root], progress=lambda *call: calls.append(call))
    assert found.root == root
    assert set(found.films["path"]) == set(table(root)["path"])
    assert found.films.groupby("split").size().to_dict() == {"train": 28, "val": 4, "test": 8}
    assert calls == [("near-duplicates", number, 40) for number in range(1, 41)]


def test_another_seed_draws_another_split(tmp_path):
    root = write_classes(tmp_path / "drawn", 10)
    assert (open_collections([root], 1).films["split"] != open_collections([root], 2).films["split"]).any()


def test_dicom_films_are_films(tmp_path):
    root = write_classes(tmp_path / "mixed", 2)
    for number, name in enumerate(("film.dcm", "1.2.840.10008.7")):
        (root / "Normal" / "images" / name).write_bytes(dicom_bytes(levels(height=96 + number)))
    assert len(open_collections([root], cache=tmp_path / "cache").films) == 10


# Several


def test_paths_of_several_are_relative_to_the_folder_that_holds_them_all(collections, tmp_path):
    found = open_collections(collections)
    assert found.root == tmp_path
    assert all((tmp_path / path).is_file() for path in found.films["path"])
    assert found.films["path"].is_unique
    assert found.films.groupby("collection").size().to_dict() == {"adults": 12, "children": 12, "archive": 8}


def test_locations_may_be_given_from_where_one_stands(collections, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path / "children")
    films = open_collections([Path("."), Path("../adults"), Path("../adults/archive.csv")]).films
    assert set(films["path"]) == set(open_collections(collections).films["path"])
    assert set(films["collection"]) == {"children", "adults", "archive"}


def test_held_films_are_left_out(collections):
    for locations in (collections, collections[2:]):
        films = open_collections(locations).films if len(locations) > 1 else survey_collections(locations).data_set.films
        assert set(films.loc[films["collection"] == "archive", "split"]) == {"train", "val"}


def test_a_film_belongs_to_its_twins_group_and_other_groups_are_the_collections_own(collections):
    films = open_collections(collections).films.set_index("path")
    twins = films[films["collection"] == "archive"]
    assert list(twins["group"]) == list(films.loc[twins["twin"], "group"])
    assert not set(films.loc[films["collection"] == "adults", "group"]) & set(films.loc[films["collection"] == "children", "group"])


WAYS = {
    "backslashes": lambda folder, path: path.replace("/", "\\"),
    "detour": lambda folder, path: f"copies/../{path}",
    "link": lambda folder, path: (folder / "link.png").symlink_to(path) or "link.png",
    "copy": lambda folder, path: shutil.copyfile(folder / path, folder / "copy.png") and "copy.png",
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_twin_is_found_by_whatever_way_to_it(collections, way):
    archive = collections[-1]
    rows = pd.read_csv(archive)
    rows["twin"] = [way(archive.parent, rows["twin"][0]), *rows["twin"][1:]]
    rows.to_csv(archive, index=False)
    films = open_collections(collections).films
    told = films[films["collection"] == "archive"].iloc[0]
    assert told["group"] == films.set_index("path")["group"][told["twin"]]
    assert told["group"].startswith(films["collection"].iloc[0])


def test_groups_that_their_twins_take_into_several_splits_are_told(collections):
    (note,) = open_collections(collections).notes
    assert str(note) == "archive: films of 1 groups follow their twins into several splits (archive:person 1)"
    films = open_collections(collections).films
    assert set(note.paths) == set(films.loc[films["collection"] == "archive", "path"])


def test_groups_with_films_in_training_and_in_test_are_counted(collections):
    # The patient's films whose twins are in test are held: the twins are that patient's too.
    assert open_collections(collections).trained_and_tested == 1
    assert open_collections(collections[:2]).trained_and_tested == 0


def test_groups_that_no_twin_takes_along_may_not_cross(collections):
    with pytest.raises(DataSetError, match=r"group person 1: 8 films stand in train and val"):
        open_collections(collections[2:])


def test_origin_is_told(collections):
    films = open_collections(collections).films
    assert set(films.loc[films["collection"] == "archive", "source"]) == {"archive"}
    assert set(films.loc[films["collection"] != "archive", "source"]) == {""}


def test_collections_of_one_name_are_told_apart(tmp_path):
    for number, place in enumerate(("a", "b")):
        root = write_classes(tmp_path / place / "films", 3, seed=50 * number)
        write_manifest(root, table(root))
    films = open_collections([tmp_path / "a" / "films", tmp_path / "b" / "films"]).films
    assert list(films["collection"].unique()) == ["films", "films-2"]
    assert films["group"].is_unique


def test_films_that_are_listed_again_are_taken_once(listed):
    found = open_collections([listed, listed / "manifest.csv"])
    assert len(found.films) == 12
    assert {fault.reason for fault in found.notes} == {"is listed again; taken once"}


def test_folders_without_a_split_are_searched_for_near_duplicates_together(tmp_path):
    first, second = write_classes(tmp_path / "a", 4), write_classes(tmp_path / "b", 4)  # the same films in both
    films = open_collections([first, second]).films
    assert films.groupby("group").size().eq(2).all()
    assert films.groupby("group")["split"].nunique().eq(1).all()


def test_films_that_look_like_those_of_a_manifest_follow_them(listed, small):
    films = open_collections([listed, small]).films  # the first three of each class are the same
    given = films[films["collection"] == "listed"].set_index("path")["split"]
    drawn = films[films["collection"] == "small"]
    twins = drawn["path"].str.replace("small/", "listed/")
    assert twins.isin(given.index).sum() == 12
    assert list(drawn["split"][twins.isin(given.index)]) == list(given[twins[twins.isin(given.index)]])


def test_a_given_split_stays_beside_one_that_is_drawn(collections, tmp_path):
    drawn = write_classes(tmp_path / "drawn", 10, seed=300)
    films = open_collections([collections[0], drawn]).films
    kept = films[films["collection"] == "adults"]
    assert list(kept["split"]) == list(table(collections[0])["split"][: len(kept)])
    assert films[films["collection"] == "drawn"].groupby("split").size().to_dict() == {"train": 28, "val": 4, "test": 8}


# What is wrong


def test_no_location_is_told():
    with pytest.raises(DataSetError, match="--data"):
        open_collections([])


def test_everything_wrong_is_told_at_once(collections, tmp_path):
    adults, children, _ = collections
    rows = table(children)
    rows.loc[0, "label"] = "covid"
    rows.loc[1, "path"] = "gone.png"
    rows = pd.concat([rows, rows[5:6].assign(split="train")], ignore_index=True)
    write_manifest(children, rows)
    (adults / FIRST).write_text("notes")
    found = survey_collections([adults, children, tmp_path / "nowhere"], cache=tmp_path / "cache")
    told = [str(fault) for fault in found.faults if fault.stops]
    assert [next(text for text in told if part in text) for part in ("nowhere", "line 2", "gone.png", FIRST, "one film stands", "group")]
    assert len(told) == 6
    assert len(found.data_set.films) == 11 + 10 + 1
    with pytest.raises(DataSetError) as refused:
        open_collections([adults, children, tmp_path / "nowhere"], cache=tmp_path / "cache")
    assert all(text in str(refused.value) for text in told)
    assert "--skip-broken" in str(refused.value)


def test_leaks_are_refused(listed):
    rows = table(listed)
    write_manifest(listed, pd.concat([rows, rows[:1].assign(split="test", group="again")]))
    with pytest.raises(DataSetError, match=r"^COVID/images/COVID-0\.png: one film stands in train and test\.$"):
        open_collections([listed])


def test_byte_equal_films_under_two_labels_are_refused_where_the_split_is_drawn(small):
    shutil.copyfile(small / FIRST, small / "Normal" / "images" / "copy.png")
    with pytest.raises(DataSetError, match=r"one film stands under COVID and Normal \(also as Normal/images/copy\.png\)"):
        open_collections([small])


@pytest.mark.parametrize("kind", ["listed", "small"])
def test_broken_films_are_all_named_or_left_out_and_counted(request, kind, tmp_path):
    root = request.getfixturevalue(kind)
    for number in range(2):
        (root / "COVID" / "images" / f"COVID-{number}.png").write_bytes(b"\x89PNG\r\n\x1a\n cut")
    with pytest.raises(DataSetError, match=r"COVID-0\.png: .*COVID-1\.png: .*--skip-broken"):
        open_collections([root], cache=tmp_path / "cache")
    found = open_collections([root], cache=tmp_path / "cache", skip_broken=True)
    assert found.broken == 2
    assert not found.films["path"].str.contains("COVID-[01]").any()
    assert sum("left out" in note.reason for note in found.notes) == 2


def test_sound_data_has_no_broken_films(listed, tmp_path):
    assert open_collections([listed], cache=tmp_path / "cache", skip_broken=True).broken == 0


def test_films_that_are_not_there_are_told_without_decoding_any(listed):
    (listed / FIRST).unlink()
    with pytest.raises(DataSetError, match=r"COVID-0\.png: there is no such file"):
        open_collections([listed])


def test_broken_films_that_are_held_stop_nothing(collections, tmp_path):
    for path in (collections[0] / "copies").glob("*/images/*-2.png"):
        path.unlink()
    assert open_collections(collections, cache=tmp_path / "cache").broken == 0


def test_absent_classes_are_noted(listed):
    rows = table(listed)
    write_manifest(listed, rows[(rows["label"] != "COVID") | (rows["split"] != "val")])
    assert "The validation films hold none of COVID" in [str(note) for note in open_collections([listed]).notes]


def test_data_set_without_films_is_refused(tmp_path):
    (tmp_path / "manifest.csv").write_text("path,label,split,group\n")
    with pytest.raises(DataSetError, match="holds no films"):
        open_collections([tmp_path])
