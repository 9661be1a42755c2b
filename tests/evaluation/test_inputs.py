"""What an evaluation reads is found, and looked at, before anything is fitted."""

import os
import shutil

import cv2
import numpy as np
import pandas as pd
import pytest

from cxr_core.data import DataSet, DataSetError
from cxr_core.evaluation.inputs import films_of, gather, look_at
from cxr_core.labels import split_films

FILMS = [
    ("a.png", "COVID", "train", "web"),
    ("b.png", "Normal", "val", "rsna"),
    ("c.png", "COVID", "test", "web"),
    ("d.png", "Normal", "test", "kermany"),
]


def data_set(folder, films=FILMS, **tables):
    rows = pd.DataFrame(films, columns=["path", "label", "split", "source"]).assign(collection="own", age="")
    rows["group"] = rows["path"]
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    return DataSet(folder, rows, (folder,))


def draw(folder, *names):
    for number, name in enumerate(names):
        cv2.imwrite(str(folder / name), np.random.default_rng(number).integers(0, 256, (64, 64), np.uint8))


def test_films_are_those_of_the_split_and_of_the_first_collection(tmp_path):
    one = data_set(tmp_path)
    two = pd.concat([one.films, one.films.assign(collection="other", path="e.png")])
    assert films_of(two, "test")["path"].tolist() == ["c.png", "d.png"]
    found = gather(DataSet(tmp_path, two, (tmp_path,)), "test")
    assert found.val["path"].tolist() == ["b.png"]
    assert len(found.index) == 8
    assert (found.collections, found.paired, found.masks) == ((), None, None)


def test_collections_are_recognised_by_their_tables(tmp_path):
    found = gather(
        data_set(
            tmp_path,
            jsrt="path,label,finding\nj1.png,Normal,normal\nj2.png,,nodule\n",
            external="path,label,patient\nx1.png,COVID,7\nx2.png,COVID,7\nx3.png,COVID,\n",
            kermany="path,label,split,group\nk1.png,Normal,test,p1\nk2.png,Normal,train,p2\nk3.png,Normal,held,p3\n",
        ),
        "test",
    )
    jsrt, external, kermany = found.collections
    assert jsrt.films["label"].tolist() == ["Normal", ""]
    assert external.films["group"].tolist() == ["7", "7", "x3.png"]
    assert kermany.films["path"].tolist() == ["k1.png"]
    assert found.collection("JSRT") is jsrt
    assert found.collection("elsewhere") is None


@pytest.mark.parametrize(
    ("row", "seen"),
    [
        ("k.png,Normal,test,web,", True),  # a source that was trained on
        ("k.png,Normal,test,clinic,", False),
        ("k.png,Normal,test,kermany,", False),  # a source of test films alone
        ("a.png,COVID,test,,", True),  # the same film
        ("k.png,Normal,test,,b.png", True),  # its twin
        ("k.png,Normal,test,,", False),
    ],
)
def test_a_collection_was_seen_if_its_films_or_sources_were_trained_on(tmp_path, row, seen):
    found = gather(data_set(tmp_path, kermany=f"path,label,split,source,twin\n{row}\n"), "test")
    assert found.collections[0].seen is seen


WAYS = {
    "detour": lambda folder: "x/../a.png",
    "dot": lambda folder: "./a.png",
    "absolute": lambda folder: str(folder / "a.png"),
    "link": lambda folder: os.symlink("a.png", folder / "other.png"),
    "hard link": lambda folder: os.link(folder / "a.png", folder / "other.png"),
    "copy": lambda folder: shutil.copyfile(folder / "a.png", folder / "other.png") and "other.png",
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("split", ["train", "val", "test"])
def test_a_film_by_another_way_is_no_film_that_no_training_saw(tmp_path, way, split):
    (tmp_path / "x").mkdir()
    draw(tmp_path, "a.png", "e.png")
    written = way(tmp_path) or "other.png"
    films = [("a.png", "COVID", split, "web"), *FILMS[1:], ("f.png", "Normal", "train", "web")]
    found = gather(data_set(tmp_path, films, external=f"path,label\n{written},COVID\ne.png,COVID\n"), "test")
    assert found.collections[0].seen is (split != "test")


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_twin_by_another_way_is_a_twin(tmp_path, way):
    (tmp_path / "x").mkdir()
    draw(tmp_path, "a.png", "e.png")
    written = way(tmp_path) or "other.png"
    found = gather(data_set(tmp_path, external=f"path,label,twin\ne.png,COVID,{written}\n"), "test")
    assert found.collections[0].seen is True


@pytest.mark.parametrize("way", [WAYS[name] for name in ("detour", "dot", "absolute", "link")])
def test_a_film_that_is_listed_again_counts_once(tmp_path, way):
    (tmp_path / "x").mkdir()
    draw(tmp_path, "a.png", "e.png")
    again = way(tmp_path) or "other.png"
    rows = f"e.png,COVID,PA\na.png,COVID,PA\n{again},COVID,L\n"
    found = gather(data_set(tmp_path, external=f"path,label,view\n{rows}e.png,COVID,L\n"), "test")
    films = found.collections[0].films
    assert films[["path", "table_row"]].to_numpy().tolist() == [["e.png", 1], ["a.png", 2]]
    assert found.notes == ["external: lists films again, in 2 of its rows; each counts once"]
    with pytest.raises(DataSetError, match=r"a\.png is listed under two classes"):
        gather(data_set(tmp_path, external=f"path,label\na.png,COVID\n{again},Normal\n"), "test")


def test_a_copy_in_a_published_table_counts_as_its_figures_do(tmp_path):
    draw(tmp_path, "a.png", "e.png")
    shutil.copyfile(tmp_path / "e.png", tmp_path / "copy.png")
    found = gather(data_set(tmp_path, external="path,label\ne.png,COVID\ncopy.png,COVID\n"), "test")
    assert list(found.collections[0].films["path"]) == ["e.png", "copy.png"]
    assert not found.notes


def test_tables_are_found_however_their_paths_are_written(tmp_path):
    for folder in ("films", "masks"):
        (tmp_path / folder).mkdir()
        draw(tmp_path / folder, "c.png", "d.png")
    masks = "path,lungs\nfilms\\c.png,masks\\c.png\n./films/d.png,films/../masks/d.png\nfilms/d.png,masks/d.png\n"
    films = [*FILMS[:2], ("films/c.png", "COVID", "test", "web"), ("films/d.png", "Normal", "test", "web")]
    found = gather(data_set(tmp_path, films, masks=masks, external="path,label\nfilms\\c.png,COVID\n"), "test")
    assert found.masks[["row", "lungs"]].to_numpy().tolist() == [[0, "masks/c.png"], [1, "masks/d.png"]]
    assert found.collections[0].films["path"].tolist() == ["films/c.png"]


def test_pairs_and_masks_are_joined_to_the_rows_of_the_split(tmp_path):
    tables = {
        "paired_copies": "path,twin\nt.png,d.png\nu.png,a.png\n",
        "masks": "path,lungs,infection\nd.png,ld.png,\nc.png,lc.png,ic.png\na.png,la.png,\n",
    }
    found = gather(data_set(tmp_path, **tables), "test")
    assert found.paired[["path", "row"]].to_numpy().tolist() == [["t.png", 1]]
    assert found.masks[["row", "lungs", "infection"]].to_numpy().tolist() == [[1, "ld.png", ""], [0, "lc.png", "ic.png"]]


def test_tables_of_other_splits_alone_count_for_nothing(tmp_path):
    found = gather(data_set(tmp_path, paired_copies="path,twin\nt.png,a.png\n", masks="path,lungs\na.png,la.png\n"), "test")
    assert found.paired is None
    assert found.masks is None


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("paired_copies", "path,label\na.png,COVID\n", "lacks the columns twin"),
        ("masks", "path,infection\na.png,b.png\n", "lacks the columns lungs"),
        ("external", "path,patient\na.png,1\n", "lacks the columns label"),
        ("external", "path,label\na.png,SARS\n", "has the label 'SARS'"),
        ("external", "path,label\n,COVID\n", "has an empty path"),
        ("jsrt", "path,finding\na.png,nodule\n", "lacks the columns label"),
        ("jsrt", "path,label\na.png,nodule\n", "has the label 'nodule'; allowed are COVID, Lung_Opacity, Normal, Viral Pneumonia, or none"),
        ("kermany", "path,label\na.png,Normal\n", "lacks the columns split"),
        ("kermany", "path,label,split\na.png,Normal,train\n", "lists no films in its split test"),
    ],
)
def test_faulty_tables_are_named(tmp_path, name, text, reason):
    with pytest.raises(DataSetError, match=reason):
        gather(data_set(tmp_path, **{name: text}), "test")


def test_unknown_split_names_the_known(tmp_path):
    with pytest.raises(DataSetError, match=r"no split 'dev'\. Choose one of train, val, test"):
        gather(data_set(tmp_path), "dev")


@pytest.mark.parametrize("split", ["train", "val", "test"])
def test_empty_split_is_refused(tmp_path, split):
    with pytest.raises(DataSetError, match=f"no {split_films(split)}. Give some of its rows the split '{split}'"):
        gather(data_set(tmp_path, [row for row in FILMS if row[2] != split]), "test")


def test_every_file_is_looked_at_and_all_that_cannot_be_used_are_named(tmp_path):
    inputs = gather(
        data_set(
            tmp_path,
            external="path,label\nx.png,COVID\n",
            paired_copies="path,twin\nt.png,d.png\n",
            masks="path,lungs,infection\nc.png,lc.png,ic.png\n",
        ),
        "test",
    )
    files = ["a.png", "b.png", "c.png", "d.png", "x.png", "t.png", "lc.png", "ic.png"]
    draw(tmp_path, *files)
    calls = []
    look_at(inputs, ["a.png", "c.png"], lambda *call: calls.append(call))
    assert calls[-1] == ("all films, before anything is fitted", len(files), len(files))
    for name in files:
        kept = (tmp_path / name).read_bytes()
        (tmp_path / name).write_text("no picture")
        with pytest.raises(DataSetError, match=name):
            look_at(inputs, ["a.png"], lambda *_: None)
        (tmp_path / name).write_bytes(kept)
    for name in files:
        (tmp_path / name).unlink()
    with pytest.raises(DataSetError, match=r"d\.png.* And 3 more\.$"):
        look_at(inputs, ["a.png"], lambda *_: None)
