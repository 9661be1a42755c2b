"""What `study` takes and says before it trains; what it trains is tested where it is done."""

import shutil

import pytest

from cxr_core.data import open_collections
from tests.cards import drawn_card, drawn_run, write_card, write_study
from tests.cli.running import invoke, one_line


@pytest.fixture
def nothing_trains(monkeypatch):
    def fail(*_, **__):
        raise AssertionError("it trained")

    monkeypatch.setattr("cxr_core.backbone_study.run_plan", fail)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--backbone", "VGG16"), "There is no backbone 'VGG16'"),
        (("--init", "DenseNet121=absent.h5"), "There is no weights file absent.h5"),
        (("--size", "8"), "--size: "),
        (("--epochs", "0"), "--epochs: "),
        (("--seed", "-1"), "--seed: "),
        (("--seed", str(2**32)), "--seed: "),
        (("--init", "none", "--size", "64"), "--size: InceptionV3 needs films of at least 75 pixels"),
        (("--init", "none", "--refine-epochs", "-1"), "--refine-epochs: "),
    ],
)
@pytest.mark.usefixtures("nothing_trains")
def test_study_that_cannot_start_is_one_line(phantom_data, tmp_path, options, reason):
    assert reason in one_line(invoke("study", "--data", phantom_data, "--out", tmp_path / "study", *options))
    assert not (tmp_path / "study").exists()


@pytest.mark.parametrize("option", ["--data", "--out"])
def test_study_without_films_or_a_folder_is_one_line(tmp_path, option):
    assert "--data and --out are needed" in one_line(invoke("study", option, tmp_path))


@pytest.mark.usefixtures("nothing_trains")
def test_results_on_another_data_set_are_not_mixed_with(phantom_data, tmp_path):
    results = write_study(tmp_path / "results", [drawn_run("one", "DenseNet121", 2.0)])
    said = one_line(invoke("study", "--data", phantom_data, "--out", tmp_path / "study", "--results", results))
    assert "holds results on another data set" in said
    assert "--results" in said


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """Write the row of a shipped classifier."""
    card, reads = drawn_card()
    recipe = {**card.training.recipe, "batch_size": 32, "trainable_layers": None, "seed": 0}
    card = card.model_copy(update={"training": card.training.model_copy(update={"recipe": recipe})})
    monkeypatch.setattr("cxr_core.cli.study.SHIPPED_MODEL", write_card(tmp_path / "model", card, reads))
    return lambda results: invoke("study", "--shipped", "--results", results)


def test_shipped_row_is_written_from_the_card_alone(shipped, tmp_path):
    for _ in range(2):  # and in place of the one before
        done = shipped(tmp_path / "results")
        assert done.exit_code == 0, done.stderr
        assert [path.name for path in (tmp_path / "results").iterdir()] == ["shipped.json"]


def test_shipped_row_is_not_put_beside_rows_on_other_test_films(shipped, tmp_path):
    other = drawn_run("one", "DenseNet121", 2.0)
    other = other.model_copy(update={"groups": [f"g{number}" for number in range(len(other.groups))]})
    assert "holds results on another data set" in one_line(shipped(write_study(tmp_path / "results", [other])))


def test_shipped_row_joins_rows_on_the_same_test_films_whatever_it_was_trained_on(shipped, tmp_path):
    other = drawn_run("one", "DenseNet121", 2.0)
    renamed = {"index_sha256": "0" * 64, "groups": [f"pack:{group}" for group in other.groups]}
    done = shipped(write_study(tmp_path / "results", [other.model_copy(update=renamed)]))
    assert done.exit_code == 0, done.stderr


def test_shipped_row_on_another_data_set_is_written_anew(shipped, tmp_path):
    other = drawn_run("shipped", "DenseNet121", 2.0).model_copy(update={"index_sha256": "0" * 64})
    done = shipped(write_study(tmp_path / "results", [other]))
    assert done.exit_code == 0, done.stderr


def test_study_that_is_stopped_says_how_it_goes_on(phantom_data, tmp_path, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("cxr_core.backbone_study.run_plan", stop)
    data = shutil.copytree(phantom_data, tmp_path / "data")
    open_collections([phantom_data]).films.to_csv(data / "manifest.csv", index=False)
    done = invoke("study", "--data", data, "--out", tmp_path / "study", "--init", "none", "--results", tmp_path / "results")
    assert done.exit_code == 130
    assert done.stderr.splitlines()[-1] == f"Stopped. Whole epochs are kept in {tmp_path / 'study'}; the same command goes on from there."
