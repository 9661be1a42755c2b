"""Data folders of every layout, with what they know of their films."""

import os

import pandas as pd
import pytest

from cxr_core.data import film_key
from cxr_core.labels import CLASS_NAMES
from cxr_core.similar import listing
from cxr_core.similar.errors import SimilarError
from cxr_core.similar.listing import list_similar, named_locations
from tests.similar.films import folder_of, write_film


def families(found):
    """Which films belong together, by name."""
    groups = {}
    for path, family in zip(found.paths, found.families.tolist(), strict=True):
        groups.setdefault(family, set()).add(path.name)
    return sorted((names for names in groups.values() if len(names) > 1), key=min)


def test_the_official_layout(phantom_data):
    found = list_similar([phantom_data])
    assert len(found.paths) == len(set(found.keys)) == 10 + 11 + 12 + 10
    assert set(found.labels) == set(CLASS_NAMES)
    assert set(found.sources) == {""}
    assert families(found) == []
    assert all(path.is_file() and path.is_absolute() for path in found.paths)
    assert all(path.parents[1].name == label for path, label in zip(found.paths, found.labels, strict=True))


def test_a_folder_that_lacks_classes_is_taken(tmp_path):
    for number in range(3):
        write_film(tmp_path / "Normal" / f"{number}.png", number)
    found = list_similar([tmp_path])
    assert (len(found.paths), set(found.labels)) == (3, {"Normal"})


def test_a_manifest_tells_classes_sources_groups_and_twins(tmp_path):
    rows = [
        {"seed": 0, "path": "a.png", "label": "COVID", "source": "web", "group": "p1", "twin": ""},
        {"seed": 1, "path": "b.png", "label": "Normal", "source": "", "group": "p1", "twin": ""},
        {"seed": 2, "path": "c.png", "label": "", "source": "web", "group": "NA", "twin": "d.png"},
        {"seed": 3, "path": "d.png", "label": "Normal", "source": "x", "group": "", "twin": ""},
        {"seed": 4, "path": "e.png", "label": "Normal", "source": "x", "group": "", "twin": "gone.png"},
        {"seed": None, "path": "lost.png", "label": "Normal", "source": "x", "group": "p1", "twin": ""},
    ]
    found = list_similar([folder_of(tmp_path, rows)])
    assert [path.name for path in found.paths] == ["a.png", "b.png", "c.png", "d.png", "e.png"]
    assert found.labels.tolist() == ["COVID", "Normal", "", "Normal", "Normal"]
    assert found.sources.tolist() == ["web", "", "web", "x", "x"]
    assert families(found) == [{"a.png", "b.png"}, {"c.png", "d.png"}]
    assert found.missing == 1


def test_a_manifest_of_paths_alone_under_another_name_is_enough(tmp_path):
    folder_of(tmp_path, [{"seed": number, "path": f"{number}.png"} for number in range(2)], "films.csv")
    found = list_similar([tmp_path / "films.csv"])
    assert found.labels.tolist() == found.sources.tolist() == ["", ""]


def test_sources_beside_the_films_are_taken(tmp_path):
    folder_of(tmp_path, [{"seed": number, "path": f"{number}.png", "label": "Normal"} for number in range(2)])
    folder_of(tmp_path, [{"path": "1.png", "source": "rsna"}], "sources.csv")
    assert list_similar([tmp_path]).sources.tolist() == ["", "rsna"]


def test_of_several_folders_each_counts_as_a_source_where_none_is_told_and_groups_are_its_own(tmp_path):
    one = folder_of(tmp_path / "one", [{"seed": n, "path": f"{n}.png", "label": "Normal", "group": f"g{n}"} for n in range(2)])
    rows = [{"seed": n, "path": f"{n}.png", "label": "COVID", "source": "web" if n else "", "group": "g0"} for n in range(2)]
    two = folder_of(tmp_path / "two", [row | {"twin": "" if row["source"] else "../one/1.png"} for row in rows])
    found = list_similar([one, two])
    assert found.sources.tolist() == ["one", "one", "two", "web"]
    assert [f"{path.parent.name}/{path.name}" for path in found.paths] == ["one/0.png", "one/1.png", "two/0.png", "two/1.png"]
    assert found.families[1] == found.families[2] == found.families[3] != found.families[0]
    assert list_similar([two, two]).sources.tolist() == ["two", "web"]


def test_a_film_that_is_listed_twice_is_taken_once(tmp_path):
    folder_of(tmp_path, [{"seed": 0, "path": "a.png", "label": "Normal"}, {"seed": None, "path": "./a.png", "label": "Normal"}])
    assert len(list_similar([tmp_path]).paths) == 1


def test_the_key_of_a_film_changes_with_its_file(tmp_path):
    folder_of(tmp_path, [{"seed": 0, "path": "a.png"}, {"seed": 1, "path": "b.png"}])
    before = list_similar([tmp_path]).keys
    write_film(tmp_path / "a.png", 7, side=90)
    after = list_similar([tmp_path]).keys
    assert (before == after).tolist() == [False, True]
    assert after[1] == film_key(tmp_path / "b.png")


def refused(*locations):
    with pytest.raises(SimilarError) as error:
        list_similar(list(locations))
    return str(error.value)


def test_each_folder_that_cannot_be_searched_has_its_sentence(tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\0")
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "manifest.csv").write_text("path,label\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "manifest.csv").write_text("file,label\nx.png,Normal\n")
    (tmp_path / "gone").mkdir()
    (tmp_path / "gone" / "manifest.csv").write_text("path,label\nx.png,Normal\n")
    assert refused() == "Name a folder with films."
    assert refused(tmp_path / "nowhere") == f"There is no data folder and no CSV file {tmp_path / 'nowhere'}."
    assert "holds no films. Put them into folders named COVID" in refused(tmp_path / "empty")
    assert "is not a CSV file that can be read" in refused(tmp_path / "picture.png")
    assert "lists no films" in refused(tmp_path / "bare")
    assert "lacks the columns path" in refused(tmp_path / "other")
    assert "lists 1 films, none of which is there" in refused(tmp_path / "gone")
    folder_of(tmp_path / "many", [{"seed": number, "path": f"{number}.png"} for number in range(3)])
    monkeypatch.setattr(listing, "MOST_FILMS", 2)
    assert refused(tmp_path / "many") == "There are 3 films; at most 2 are searched. Name a folder with fewer."


def test_a_line_names_one_folder_or_several(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a;b").mkdir()
    assert named_locations(f" {tmp_path / 'a;b'} ") == (tmp_path / "a;b",)
    assert named_locations(" ~/a ; b;; ~/a") == (tmp_path / "a", type(tmp_path)("b"))
    assert named_locations("  ") == ()
    assert "There is no data folder" in refused(*named_locations("~nobody-of-this-name/x"))
    assert refused(*named_locations("no\0name"))


@pytest.mark.films
def test_the_real_collections(data):
    found = list_similar([data, data / "kermany.csv", data / "jsrt.csv", data / "external.csv"])
    assert len(found.paths) == 10679 + 5840 + 247 + 51
    assert {"web", "rsna", "kermany", "jsrt", "external"} <= set(found.sources)
    assert "" not in set(found.sources)
    row_of = {path.relative_to(os.path.abspath(data)).as_posix(): row for row, path in enumerate(found.paths)}
    twins = pd.read_csv(data / "kermany.csv").dropna(subset="twin")
    pairs = [(row_of[path], row_of[twin]) for path, twin in zip(twins["path"], twins["twin"], strict=True)]
    assert len(pairs) > 100
    assert all(found.families[one] == found.families[other] for one, other in pairs)
