"""The lung network on disk: pinned by its card, and what is said where it is not there or another."""

import shutil

import numpy as np
import pytest

from cxr_core.artifacts import LUNG_CARD_FILE, WeightsMissingError, file_sha256, read_lung_card
from cxr_core.lungs import LUNG_NETWORK, LUNG_WEIGHTS, LungNetwork
from cxr_core.lungs.errors import LungNetworkDamagedError, LungNetworkMissingError


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(LUNG_NETWORK, tmp_path / "lungs")


def test_the_shipped_network_is_small_pinned_and_as_good_as_asked():
    card = read_lung_card(LUNG_NETWORK)
    path = LUNG_NETWORK / LUNG_WEIGHTS
    assert path.stat().st_size <= 2_000_000
    assert card.sha256 == file_sha256(path)
    assert card.figures["test"].mean >= 0.95
    assert card.figures["jsrt"].mean >= 0.93
    assert len(card.val_dice) == card.epochs


def test_missing_network_is_told(folder):
    (folder / LUNG_WEIGHTS).unlink()
    with pytest.raises(LungNetworkMissingError, match="train-lungs"):
        LungNetwork.load(folder)


def test_missing_card_is_told(folder):
    (folder / LUNG_CARD_FILE).unlink()
    with pytest.raises(WeightsMissingError, match="Restore"):
        LungNetwork.load(folder)


def test_another_file_than_the_card_pins_is_refused(folder):
    (folder / LUNG_WEIGHTS).write_bytes((folder / LUNG_WEIGHTS).read_bytes() + b"\0")
    with pytest.raises(LungNetworkDamagedError, match="its card"):
        LungNetwork.load(folder)


def test_weights_of_another_network_are_refused():
    with pytest.raises(LungNetworkDamagedError, match="another version"):
        LungNetwork({"lungs|0": np.zeros((1, 1, 16, 2), np.float32), "lungs|1": np.zeros(2, np.float32)})
