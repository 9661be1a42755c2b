"""Films with a class: folders, manifests and CSV files; outlines, sources, and what the model is known to say."""

import shutil
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from cxr_core.artifacts import SHIPPED_MODEL, read_card
from cxr_core.data import DataSetError
from cxr_core.imaging import load_film
from cxr_core.labels import CLASS_NAMES
from cxr_core.practice import NO_MODEL, Case, open_films
from tests.dicoms import dicom_bytes, levels
from tests.drawing import cv2_bytes


def test_a_folder_a_class(phantom_data):
    found = open_films(phantom_data)
    assert set(found.films["label"]) == set(CLASS_NAMES)
    assert found.films["path"].is_monotonic_increasing
    assert all((found.root / path).is_file() for path in found.films["path"])
    assert (found.model, len(found.digest)) == (NO_MODEL, 8)
    assert (found.films["group"] == found.films["path"]).all()


@pytest.fixture
def with_manifest(phantom_data, tmp_path):
    shutil.copytree(phantom_data, tmp_path / "films")
    paths = sorted(path.relative_to(tmp_path / "films").as_posix() for path in (tmp_path / "films").rglob("*.png"))
    rows = [
        {"path": path, "label": path.partition("/")[0], "split": ("train", "test")[number % 2], "group": f"g{number}"}
        for number, path in enumerate(paths)
    ]
    pd.DataFrame(rows[::-1]).to_csv(tmp_path / "films" / "manifest.csv", index=False)
    return tmp_path / "films"


def reads_of(films, monkeypatch):
    """Give the model folder reads of these films, wrong on every one of them."""
    wrong = [(CLASS_NAMES.index(name) + 1) % 4 for name in films["label"]]
    reads = films[["label", "group"]].reset_index(drop=True)
    reads[list(CLASS_NAMES)] = np.eye(4)[wrong]
    monkeypatch.setattr("cxr_core.practice.films.read_card", lambda folder: SimpleNamespace(data=SimpleNamespace(split="test")))
    monkeypatch.setattr("cxr_core.practice.films.read_reads", lambda folder, card: reads)


def test_of_a_manifest_the_test_films(with_manifest):
    found = open_films(with_manifest)
    listed = pd.read_csv(with_manifest / "manifest.csv")
    assert set(found.films["path"]) == set(listed["path"][listed["split"] == "test"])
    assert found.model == NO_MODEL


def test_reads_of_these_very_films_are_known(with_manifest, monkeypatch):
    listed = pd.read_csv(with_manifest / "manifest.csv")
    test = listed[listed["split"] == "test"]
    reads_of(test, monkeypatch)
    found = open_films(with_manifest)
    assert (found.films["model"] != found.films["label"]).all()
    assert found.model != NO_MODEL
    reads_of(test.assign(group="films:" + test["group"]), monkeypatch)  # as a card of several collections has them
    assert open_films(with_manifest).model != NO_MODEL
    reads_of(test.iloc[::-1], monkeypatch)  # films of another order are other films
    assert open_films(with_manifest).model == NO_MODEL


def test_outlines_and_sources_lie_beside(with_manifest):
    paths = open_films(with_manifest).films["path"]
    mask = np.zeros((96, 96), np.uint8)
    mask[10:20, 10:20] = 255
    for name, pixels in (("one.png", mask), ("none.png", 0 * mask)):
        (with_manifest / name).write_bytes(cv2_bytes(pixels))
    pd.DataFrame({"path": paths[:2], "infection": ["one.png", "none.png"]}).to_csv(with_manifest / "masks.csv", index=False)
    pd.DataFrame({"path": paths[:1], "source": ["a hospital"]}).to_csv(with_manifest / "sources.csv", index=False)
    found = open_films(with_manifest)
    cases = [Case(*row) for row in found.films[["path", "label", "source", "infection"]].itertuples(index=False)]
    assert [case.source for case in cases[:2]] == ["a hospital", ""]
    assert found.outline(cases[0]).sum() == 100
    assert found.outline(cases[1]) is None
    assert found.outline(cases[2]) is None


def test_tables_beside_are_found_however_their_paths_are_written(with_manifest):
    path = open_films(with_manifest).films["path"][0]
    (with_manifest / "masks").mkdir()
    (with_manifest / "masks" / "one.png").write_bytes(cv2_bytes(np.full((96, 96), 255, np.uint8)))
    written = path.replace("/", "\\")
    (with_manifest / "masks.csv").write_text(f"path,infection\n{written},masks\\one.png\n")
    (with_manifest / "sources.csv").write_text(f"path,source\nmasks/../{path},a hospital\n")
    first = open_films(with_manifest).films.iloc[0]
    assert (first["source"], first["infection"]) == ("a hospital", "masks/one.png")


def test_a_csv_file_of_truths(with_manifest):
    films = open_films(with_manifest).films.head(5)
    (with_manifest / "of-a-machine.dcm").write_bytes(dicom_bytes(levels()))
    listed = pd.concat([films[["path", "label"]], pd.DataFrame({"path": ["of-a-machine.dcm"], "label": ["Normal"]})])
    listed.to_csv(with_manifest / "truths.csv", index=False)
    found = open_films(with_manifest / "truths.csv")
    assert found.films["path"].tolist() == sorted(listed["path"])
    assert load_film(found.root / "of-a-machine.dcm").pixels.shape == levels().shape


@pytest.mark.films
def test_of_the_cards_own_films_the_models_reads_are_known(data):
    found = open_films(data)
    assert len(found.films) == read_card(SHIPPED_MODEL).results.films == 2_137
    assert found.films["model"].isin(CLASS_NAMES).all()
    accuracy = (found.films["model"] == found.films["label"]).mean()
    assert accuracy == pytest.approx(read_card(SHIPPED_MODEL).results.accuracy.value, abs=5e-4)
    assert (found.films["infection"] != "").any()
    assert (found.films["source"] != "").all()


def test_nothing_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(DataSetError, match="holds no films"):
        open_films(tmp_path)
