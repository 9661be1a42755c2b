"""Films from elsewhere are found, kept out of training, and counted right."""

import shutil

import numpy as np
import pytest

from cxr_core.ablation import gather_outside
from cxr_core.ablation.outside import outside_figures
from cxr_core.data import DataSetError, open_collections
from cxr_core.labels import CLASS_NAMES
from cxr_core.training import RunError


def test_films_without_a_class_and_outside_the_test_split_are_left_out(both):
    outside = gather_outside(both)
    assert {name: len(films) for name, films in outside.collections.items()} == {"JSRT": 2, "external": 4, "Kermany": 6}
    assert set(outside.collections["external"]["group"]) == {"one"}
    assert outside.collections["JSRT"]["group"].is_unique


def test_held_out_films_that_would_be_trained_on_are_named(collections, tmp_path):
    folder = shutil.copytree(collections, tmp_path / "pack")
    with (folder / "manifest.csv").open("a") as manifest:
        manifest.write("jsrt/0.png,Normal,train,another\n")
    with pytest.raises(RunError, match=r"jsrt/0\.png would be trained on, and rows are judged by it as a film of JSRT"):
        gather_outside(open_collections([folder]))


def test_nothing_to_judge_by_is_said(collections, tmp_path):
    folder = shutil.copytree(collections, tmp_path / "pack")
    for name in ("jsrt.csv", "external.csv"):
        (folder / name).unlink()
    with pytest.raises(RunError, match="nothing to judge rows by"):
        gather_outside(open_collections([folder]))


def test_films_of_a_held_out_source_are_refused_too(collections, tmp_path):
    folder = shutil.copytree(collections, tmp_path / "pack")
    data = open_collections([folder])
    data.films.loc[data.films["split"] == "train", "source"] = "japan"
    (folder / "jsrt.csv").write_text("path,label,source\njsrt/0.png,Normal,japan\n")
    with pytest.raises(RunError, match="Films of the source of JSRT, held out of every row, would be trained on"):
        gather_outside(data)


@pytest.mark.parametrize(
    ("table", "reason"), [("path\na.png\n", "lacks the columns label"), ("path,label\na.png,Flu\n", "has the label 'Flu'")]
)
def test_table_that_cannot_be_used_is_told(collections, tmp_path, table, reason):
    folder = shutil.copytree(collections, tmp_path / "pack")
    (folder / "jsrt.csv").write_text(table)
    with pytest.raises(DataSetError, match=reason):
        gather_outside(open_collections([folder]))


def test_figures_are_those_of_what_is_called(both):
    outside = gather_outside(both)
    called = {"JSRT": ["COVID", "Normal"], "external": ["COVID", "Normal", "Viral Pneumonia", "Viral Pneumonia"]}
    # Of Kermany's, every film is called Lung_Opacity, with the truly viral ones next to it.
    answers = iter([*called.values(), None])

    def predict(root, paths):
        assert root == outside.root
        names = next(answers)
        if names is not None:
            return np.eye(4)[[CLASS_NAMES.index(name) for name in names]]
        viral = outside.collections["Kermany"]["label"].to_numpy() == "Viral Pneumonia"
        return np.stack([np.full(6, 0.0), np.where(viral, 0.6, 0.9), np.full(6, 0.0), np.where(viral, 0.4, 0.1)], axis=1)

    figures = outside_figures(outside, predict)
    assert figures.films == {"JSRT": 2, "external": 4, "Kermany": 6}
    assert figures.normals_called_covid.value == 1 / 2
    assert figures.external_accuracy.value == 3 / 4
    assert figures.held_out.value == 4 / 6
    assert figures.kermany_accuracy.value == 2 / 6
    assert figures.kermany_normal_against_rest.value == 4 / 6
    assert figures.kermany_bacterial_against_viral.value == 1


def test_what_is_not_there_is_not_measured(both):
    whole = gather_outside(both)
    outside = type(whole)(whole.root, {"JSRT": whole.collections["JSRT"]})
    figures = outside_figures(outside, lambda root, paths: np.eye(4)[[2] * len(paths)])
    assert figures.held_out.value == 1
    assert figures.external_accuracy.value is figures.kermany_accuracy.value is figures.kermany_bacterial_against_viral.value is None
