"""Study files round-trip, and damaged ones are refused."""

import json

import pytest

from cxr_core.artifacts import KNOWN_WEIGHTS, StudyDamagedError, read_study
from tests.cards import drawn_run, drawn_study, write_study


@pytest.fixture(scope="module")
def run():
    return drawn_run("one", "DenseNet121", 2.0)


def test_runs_are_read_by_name(tmp_path):
    runs = drawn_study()
    assert read_study(write_study(tmp_path, reversed(runs))) == sorted(runs, key=lambda run: run.name)


def test_missing_folder_holds_no_runs(tmp_path):
    assert read_study(tmp_path / "absent") == []


def test_other_files_are_passed_over(run, tmp_path):
    (tmp_path / "README.md").write_text("of the study")
    assert read_study(write_study(tmp_path, [run])) == [run]


@pytest.mark.parametrize(
    "change",
    [
        {"surprise": 1},
        {"name": "One run"},
        {"title": ""},
        {"size": 8},
        {"epochs": -1},
        {"seconds": "long"},
        {"history": [{"loss": None}]},
        {"results": None},
        {"index_sha256": "short"},
        {"groups": ["g1"]},
        {"top_class": [0] * 400},
        {"y_true": [4] * 400},
        {"machine": None},
    ],
    ids=str,
)
def test_file_that_does_not_fit_is_refused_with_a_sentence(run, tmp_path, change):
    (tmp_path / "one.json").write_text(json.dumps(run.model_dump(mode="json") | change))
    with pytest.raises(StudyDamagedError, match=r"one\.json is damaged or of another version\. Write it anew"):
        read_study(tmp_path)


def test_file_cut_short_is_refused(run, tmp_path):
    (tmp_path / "one.json").write_text(run.model_dump_json()[:-50])
    with pytest.raises(StudyDamagedError, match="damaged"):
        read_study(tmp_path)


def test_missing_field_is_refused(run, tmp_path):
    plain = run.model_dump(mode="json")
    del plain["trainable_layers"]
    (tmp_path / "one.json").write_text(json.dumps(plain))
    with pytest.raises(StudyDamagedError, match="damaged"):
        read_study(tmp_path)


def test_label_names_where_known_weights_come_from_and_else_their_file(run):
    from_file = {"init": "some.weights.h5", "init_sha256": "0" * 64}
    digest, known = next(iter(KNOWN_WEIGHTS.items()))
    assert "DenseNet121, some (000000), " in run.model_copy(update={"recipe": from_file}).label
    assert f"DenseNet121, {known.short}, " in run.model_copy(update={"recipe": from_file | {"init_sha256": digest}}).label


def test_file_under_another_name_is_refused(run, tmp_path):
    (tmp_path / "two.json").write_text(run.model_dump_json())
    with pytest.raises(StudyDamagedError, match=r"holds the run 'one'"):
        read_study(tmp_path)


def test_folder_of_that_name_is_refused(tmp_path):
    (tmp_path / "one.json").mkdir()
    with pytest.raises(StudyDamagedError, match="damaged"):
        read_study(tmp_path)
