"""What `train-lungs` takes and says; what it does is tested where it is done."""

from types import SimpleNamespace

import pytest

from cxr_core.files import sole_use
from cxr_core.lungs import LUNG_NETWORK
from tests.cli.running import invoke, one_line


@pytest.fixture
def asked(monkeypatch):
    """What the training was asked to do."""
    calls = []

    def fit(data, out, **how):
        how.pop("progress")("train masks", 1, 2)
        calls.append({"data": data, "out": out, **how})
        return SimpleNamespace(figures={"test": SimpleNamespace(mean=0.95), "jsrt": SimpleNamespace(mean=0.9417)})

    monkeypatch.setattr("cxr_core.training.lungs.fit.fit_lungs", fit)
    return calls


def test_masks_are_learned_and_the_figures_told(asked, tmp_path):
    done = invoke("train-lungs", "--data", tmp_path, "--out", tmp_path / "lungs", "--epochs", 3, "--seed", 5)
    assert done.exit_code == 0, done.stderr
    command = "python -m cxr_core train-lungs --data DIR --epochs 3 --seed 5"  # no folder of the machine
    assert asked == [{"data": tmp_path, "out": tmp_path / "lungs", "epochs": 3, "seed": 5, "command": command}]
    assert done.stdout == f"Weights and card are in {tmp_path / 'lungs'}. Mean Dice: test 0.950, jsrt 0.942.\n"


def test_the_shipped_network_is_the_one_that_is_written_unless_told_otherwise(asked, tmp_path):
    assert invoke("train-lungs", "--data", tmp_path).exit_code == 0
    assert asked[0]["out"] == LUNG_NETWORK


def test_data_without_masks_is_one_line(tmp_path):
    said = one_line(invoke("train-lungs", "--data", tmp_path, "--out", tmp_path / "lungs"))
    assert "masks.csv" in said
    assert not (tmp_path / "lungs").exists()


def test_folder_of_another_run_is_left_to_it(asked, tmp_path):
    with sole_use(tmp_path / "lungs"):
        assert "Another run writes into" in one_line(invoke("train-lungs", "--data", tmp_path, "--out", tmp_path / "lungs"))
    assert not asked


@pytest.mark.parametrize("option", [("--epochs", "0"), ("--seed", "-1")])
def test_impossible_settings_are_refused(asked, tmp_path, option):
    assert invoke("train-lungs", "--data", tmp_path, *option).exit_code == 2
    assert not asked
