"""Training the lung network on a few phantoms, and its card."""

import shutil

import cv2
import keras
import numpy as np
import pandas as pd
import pytest

from cxr_core.artifacts import file_sha256, read_lung_card
from cxr_core.data import DataSetError
from cxr_core.imaging import square_input
from cxr_core.lungs import LUNG_SIDE, LUNG_WEIGHTS, LungNetwork
from cxr_core.lungs.layout import LungLayout
from cxr_core.training.lungs import fit_lungs
from cxr_core.training.lungs.fit import dice, lung_loss
from tests.conftest import distinct_phantom
from tests.eager import eagerly

COUNTS = {"train": 6, "val": 2, "test": 3}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Phantoms with ellipses for lungs, which are easily told from the rest."""
    folder = tmp_path_factory.mktemp("masked")
    rows = []
    for split, count in [*COUNTS.items(), ("elsewhere", 2)]:
        for number in range(count):
            name = f"{split}-{number}"
            lungs = np.zeros((96, 96), np.uint8)
            for x in (32, 64):
                cv2.ellipse(lungs, (x + number, 48), (12, 26), 0, 0, 360, 255, -1)
            film = np.where(lungs > 0, 0.1, 0.4 + 0.4 * distinct_phantom(len(rows)).pixels)
            cv2.imwrite(str(folder / f"{name}.png"), np.rint(film * 255).astype(np.uint8))
            cv2.imwrite(str(folder / f"{name}-lungs.png"), lungs)
            rows.append({"path": f"{name}.png", "split": split, "lungs": f"{name}-lungs.png"})
    table = pd.DataFrame(rows)
    table[table["split"] != "elsewhere"].to_csv(folder / "masks.csv", index=False)
    table[table["split"] == "elsewhere"].to_csv(folder / "jsrt.csv", index=False)
    return folder


@pytest.fixture(scope="module", autouse=True)
def small_network():
    """Two levels instead of four, with few channels."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("cxr_core.training.lungs.network", "cxr_core.lungs.runtime"):
            patch.setattr(f"{module}.LUNG_LAYOUT", LungLayout(widths=(6, 8)))
        yield


def fit(data, out, epochs=8, seed=7, **options):
    with eagerly():
        return fit_lungs(data, out, epochs=epochs, seed=seed, command="the command", **options)


@pytest.fixture(scope="module")
def fitted(data, tmp_path_factory):
    out, calls = tmp_path_factory.mktemp("fitted"), []
    return fit(data, out, progress=lambda *call: calls.append(call)), out, calls


@pytest.mark.slow
def test_card_says_what_was_done_and_how_well(fitted):
    card, out, _ = fitted
    assert card == read_lung_card(out)
    assert card.sha256 == file_sha256(out / LUNG_WEIGHTS)
    assert (card.epochs, card.seed, card.command, card.films) == (8, 7, "the command", COUNTS)
    assert card.trained_on == "Lung masks of 6 training films."
    assert len(card.val_dice) == 8
    assert {name: figures.films for name, figures in card.figures.items()} == {"test": 3, "jsrt": 2}
    for figures in card.figures.values():
        assert figures.low <= figures.mean <= figures.high
        assert figures.fifth_percentile <= figures.mean


@pytest.mark.slow
def test_network_learned_where_lungs_are(fitted):
    card, _, _ = fitted
    assert max(card.val_dice) > card.val_dice[0] + 0.05 or card.val_dice[0] > 0.8


@pytest.mark.slow
def test_weights_run_without_keras(fitted):
    _, out, _ = fitted
    found = LungNetwork.load(out)(square_input(distinct_phantom(0), LUNG_SIDE))
    assert np.isfinite(found).all()


@pytest.mark.slow
def test_every_film_and_epoch_is_told(fitted):
    _, _, calls = fitted
    whats = {what for what, _, _ in calls}
    assert {"training films", "validation films", "test films", "jsrt.csv"} < whats
    assert [done for what, done, _ in calls if what.startswith("epochs, Dice")] == list(range(1, 9))
    assert ("training films", 6, 6) in calls


@pytest.mark.slow
def test_same_seed_gives_the_same_figures(fitted, data, tmp_path):
    assert fit(data, tmp_path / "again").val_dice == pytest.approx(fitted[0].val_dice, abs=1e-6)


def test_data_without_masks_is_refused(data, tmp_path):
    with pytest.raises(DataSetError, match=r"masks\.csv"):
        fit(tmp_path, tmp_path / "out")
    pd.DataFrame({"path": ["a.png"], "split": ["val"], "lungs": ["b.png"]}).to_csv(tmp_path / "masks.csv", index=False)
    with pytest.raises(DataSetError, match="has no masks for training films"):
        fit(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_film_in_two_splits_is_refused_before_anything_trains(data, tmp_path):
    root = tmp_path / "data"
    shutil.copytree(data, root)
    masks = pd.read_csv(root / "masks.csv")
    again = masks.iloc[[0]].assign(split="test" if masks["split"].iloc[0] != "test" else "val")
    pd.concat([masks, again]).to_csv(root / "masks.csv", index=False)
    with pytest.raises(DataSetError, match=f"{masks['path'].iloc[0]}: one film stands in"):
        fit(root, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_mask_that_cannot_be_read_is_named(data, tmp_path):
    table = pd.read_csv(data / "masks.csv")
    for name in [*table["path"], *table["lungs"]]:
        (tmp_path / name).symlink_to(data / name)
    table.to_csv(tmp_path / "masks.csv", index=False)
    (tmp_path / "train-2-lungs.png").unlink()
    (tmp_path / "train-2-lungs.png").write_bytes(b"no mask")
    with pytest.raises(DataSetError, match=r"train-2\.png or its mask train-2-lungs\.png: "):
        fit(tmp_path, tmp_path / "out")


def test_loss_is_less_the_more_the_masks_share():
    truth = np.zeros((2, 8, 8, 2), np.float32)
    truth[:, 2:6, 1:3, 0] = truth[:, 2:6, 5:7, 1] = 1
    exact, none, swapped = np.clip(truth, 1e-3, 1 - 1e-3), np.full_like(truth, 1e-3), np.clip(truth[..., ::-1], 1e-3, 1 - 1e-3)
    losses = [float(keras.ops.mean(lung_loss(truth, found))) for found in (exact, none, swapped)]
    assert losses[0] < 0.02
    assert losses[0] < losses[1] < losses[2]


def test_dice_is_twice_what_two_share_over_their_sum():
    one, other, nothing = np.zeros((3, 4, 4), bool), np.zeros((3, 4, 4), bool), np.zeros((3, 4, 4), bool)
    one[:, :2] = True
    other[0, :2], other[1, 1:3] = True, True
    assert dice(one, other).tolist() == [1.0, 0.5, 0.0]
    assert dice(nothing, nothing).tolist() == [1.0] * 3
