"""What a folder or a manifest lists, and where its films lie."""

import pytest

from cxr_core.data import DataSetError
from cxr_core.data.location import film_path, list_films, list_location
from tests.data.drawing import table, write_classes, write_manifest


def test_manifest_wins_over_folders(listed):
    write_manifest(listed, table(listed)[:5])
    assert len(list_films(listed)) == 5


def test_manifest_under_another_name_is_a_location(listed):
    (listed / "manifest.csv").rename(listed / "adults.csv")
    found = list_location(listed / "adults.csv")
    assert found.name == "adults"
    assert found.folder == listed
    assert len(found.films) == 12


def test_a_folder_gives_its_name(listed, monkeypatch):
    monkeypatch.chdir(listed)
    assert list_location(listed.relative_to(listed)).name == "listed"


@pytest.mark.parametrize(
    "written",
    ["{}", "./{}", "COVID/../{}", " {} ", "{back}", ".\\{back}", "{absolute}"],
    ids=["plain", "dot", "detour", "spaces", "backslashes", "dot and backslash", "absolute"],
)
def test_paths_are_found_however_they_are_written(listed, written):
    path = "COVID/images/COVID-0.png"
    assert film_path(listed, written.format(path, back=path.replace("/", "\\"), absolute=listed / path)) == path


def test_detour_over_a_link_is_kept_where_it_leads_elsewhere(listed, tmp_path):
    write_classes(tmp_path / "far" / "away", 1, seed=5)
    (listed / "link").symlink_to(tmp_path / "far" / "away")
    written = "link/../away/COVID/images/COVID-0.png"
    assert film_path(listed, written) == written


def test_a_name_with_a_space_in_front_is_a_name(listed):
    (listed / " lead.png").write_bytes(b"film")
    assert film_path(listed, " lead.png") == " lead.png"


def test_manifest_may_reach_into_other_folders(listed, tmp_path):
    (tmp_path / "all.csv").write_text("path,label\nlisted/COVID/images/COVID-0.png,COVID\n")
    assert list_films(tmp_path / "all.csv")["path"].tolist() == ["listed/COVID/images/COVID-0.png"]


@pytest.mark.parametrize("path", ["COVID/images/._COVID-0.png", "__MACOSX/COVID-0.png", "COVID\\.ipynb_checkpoints\\a.png", "@eaDir/a.png"])
def test_what_systems_leave_behind_is_passed_over_in_a_manifest(listed, path):
    rows = table(listed)
    rows.loc[0, "path"] = path
    found = list_location(write_manifest(listed, rows))
    assert len(found.films) == 11
    assert [(fault.where, fault.stops) for fault in found.faults] == [(path, False)]


def test_origin_comes_from_the_manifest_or_from_the_table_beside_it(listed):
    (listed / "sources.csv").write_text("path,source,age\n./COVID/images/COVID-0.png,web,child\nCOVID/images/COVID-1.png,web,\n")
    rows = table(listed)
    rows.loc[rows["path"] == "COVID/images/COVID-1.png", "source"] = "clinic"
    films = list_location(write_manifest(listed, rows)).films.set_index("path")
    assert films.loc["COVID/images/COVID-0.png", ["source", "age"]].tolist() == ["web", "child"]
    assert films.loc["COVID/images/COVID-1.png", ["source", "age"]].tolist() == ["clinic", ""]
    assert films.loc["Normal/images/Normal-0.png", ["source", "age"]].tolist() == ["", ""]


def test_origin_is_told_of_a_class_folder_too(small):
    (small / "sources.csv").write_text("path,source\nCOVID/images/COVID-0.png,web\n")
    films = list_location(small).films.set_index("path")
    assert films.loc["COVID/images/COVID-0.png", "source"] == "web"
    assert set(films["age"]) == {""}


def test_every_bad_cell_is_a_fault_and_its_row_is_left_out(listed):
    rows = table(listed)
    rows.loc[[0, 4], "label"] = ["covid", ""]
    found = list_location(write_manifest(listed, rows))
    assert [fault.line for fault in found.faults] == [2, 6]
    assert len(found.films) == 10


@pytest.mark.parametrize("column", ["path", "label", "split", "group"])
def test_manifest_without_a_column_is_refused(listed, column):
    with pytest.raises(DataSetError, match=f"lacks the columns {column}"):
        list_location(write_manifest(listed, table(listed).drop(columns=column)))


@pytest.mark.parametrize(("name", "reason"), [("nowhere", "There is no data folder"), ("x" * 300, "cannot be read")])
def test_location_that_is_not_there_is_named(tmp_path, name, reason):
    with pytest.raises(DataSetError, match=reason):
        list_location(tmp_path / name)
