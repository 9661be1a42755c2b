"""Fitting: what a run leaves behind, and that stopping it at any moment loses at most an epoch."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import h5py
import keras
import numpy as np
import pandas as pd
import pytest

from cxr_core.artifacts import WeightsDamagedError, WeightsMissingError
from cxr_core.data import DataSetError, canonical_films, class_codes
from cxr_core.labels import split_films
from cxr_core.models import backbone_layers, build_classifier
from cxr_core.training import BEST_WEIGHTS, Recipe, RunError, fit, load_state, load_trained, train
from cxr_core.training.run import HISTORY
from cxr_core.training.starting import load_initial_weights
from tests.eager import eagerly

REPOSITORY = Path(__file__).parents[2]
LAST = 4
RECIPE = Recipe(
    backbone="Tiny",
    size=64,
    init="none",
    trainable_layers=LAST,
    epochs=2,
    batch_size=8,
    schedule="constant",
    augmentation="mild",
    seed=3,
)
WHOLE = RECIPE.model_copy(update={"trainable_layers": None})
FAST = RECIPE.model_copy(update={"learning_rate": 0.05})
TAUGHT = RECIPE.model_copy(update={"views": 2, "average_epochs": 2})
AVERAGED = FAST.model_copy(update={"average_epochs": 2})
SUPERVISED = WHOLE.model_copy(
    update={
        "augmentation": "machines",
        "amplitudes": 0.5,
        "surroundings": 0.5,
        "map_weight": 0.5,
        "dilated": True,
        "epoch_films": 16,
        "class_balance": 1.0,
        "source_balance": 1.0,
    }
)


class StopBefore(keras.callbacks.Callback):
    def __init__(self, epoch):
        super().__init__()
        self.epoch = epoch

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == self.epoch - 1:
            raise KeyboardInterrupt


@pytest.fixture(scope="module", autouse=True)
def registered(tiny):
    """Every recipe here is of the backbone that tests have."""


@pytest.fixture(scope="module")
def index(phantom_index):
    index = phantom_index.copy()
    # The test films are not even there: training that looked at one would fail.
    index.loc[index["split"] == "test", "path"] = "absent.png"
    return index


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def uninterrupted(index, phantom_data, folder):
    train(RECIPE, index, phantom_data, folder / "uninterrupted", cache=folder / "cache")
    return folder / "uninterrupted"


def train_eagerly(recipe, index, phantom_data, out, **options):
    """Train where how a step is run matters nothing: `uninterrupted`, and those that are killed, run compiled steps."""
    with eagerly():
        return train(recipe, index, phantom_data, out, **options)


def interrupted_and_resumed(recipe, index, phantom_data, folder, out):
    with pytest.raises(KeyboardInterrupt):
        train_eagerly(recipe, index, phantom_data, out, cache=folder / "cache", callbacks=[StopBefore(2)])
    assert load_state(out).epochs_done == 1
    train_eagerly(recipe, index, phantom_data, out, cache=folder / "cache", resume=True)


def checkpoint(run):
    """Everything in a run's last checkpoint, the optimizer's state included."""
    arrays = {}
    with h5py.File(run / load_state(run).checkpoint) as file:
        file.visititems(lambda name, item: arrays.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None)
    return arrays


def refuse(run, index, phantom_data, folder, recipe=RECIPE, *, resume):
    before = {path.name: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    with pytest.raises(RunError) as refusal:
        train(recipe, index, phantom_data, run, cache=folder / "cache", resume=resume)
    assert {path.name: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before
    return str(refusal.value)


def test_history_has_a_row_an_epoch(uninterrupted):
    history = pd.read_csv(uninterrupted / HISTORY)
    assert history["epoch"].tolist() == [1, 2]
    figures = {"loss", "accuracy", "covid_recall", "val_loss", "val_accuracy", "val_covid_recall", "seconds"}
    assert figures <= set(history.columns)
    assert np.isfinite(history.to_numpy()).all()
    pd.testing.assert_frame_equal(history, pd.DataFrame(load_state(uninterrupted).history))


@pytest.mark.slow
def test_recall_of_a_class_without_val_films_is_left_out_of_the_history(index, phantom_data, folder):
    without = index.copy()
    without.loc[(without["split"] == "val") & (without["label"] == "COVID"), "split"] = "train"
    out = folder / "without"
    train_eagerly(RECIPE.model_copy(update={"epochs": 1}), without, phantom_data, out, cache=folder / "cache")
    (row,) = load_state(out).history
    assert "val_accuracy" in row
    assert "val_covid_recall" not in row


def val_films(index, phantom_data, folder, crop="lungs"):
    val = index[index["split"] == "val"]
    pixels = canonical_films(phantom_data, list(val["path"]), 64, folder / "val cache", crop=crop).films
    return val, pixels[..., np.newaxis] / np.float32(255)


def test_best_weights_give_the_best_accuracy_on_val(uninterrupted, index, phantom_data, folder):
    val, films = val_films(index, phantom_data, folder)
    top = load_trained(uninterrupted)(films, training=False).numpy().argmax(1)
    assert (top == class_codes(val)).mean() == pytest.approx(pd.read_csv(uninterrupted / HISTORY)["val_accuracy"].max())


def test_recipe_is_kept_beside_the_weights(uninterrupted, index):
    assert Recipe.load(uninterrupted) == RECIPE.pinned(index)


def changed_layers(run):
    keras.utils.set_random_seed(RECIPE.seed)
    fresh, done = build_classifier("Tiny", 64), load_trained(run)
    return {
        after.name
        for before, after in zip(fresh.layers, done.layers, strict=True)
        if any(np.abs(old - new).max() > 0 for old, new in zip(before.get_weights(), after.get_weights(), strict=True))
    }


def last_layers():
    last = {layer.name for layer in backbone_layers(build_classifier("Tiny", 64))[-LAST:] if layer.weights}
    return last | {"head_normalisation", "head_dense", "logits"}


def test_only_the_last_layers_and_the_head_are_trained(uninterrupted):
    assert changed_layers(uninterrupted) == last_layers()


@pytest.fixture(scope="module")
def averaged(index, phantom_data, folder):
    train_eagerly(AVERAGED, index, phantom_data, folder / "averaged", cache=folder / "cache")
    return folder / "averaged"


@pytest.mark.slow
def test_averaging_changes_what_is_judged_and_not_how_the_run_goes_on(averaged, index, phantom_data, folder):
    plain = folder / "not averaged"
    train_eagerly(FAST, index, phantom_data, plain, cache=folder / "cache")
    for name, array in checkpoint(plain).items():
        np.testing.assert_allclose(array, checkpoint(averaged)[name], atol=1e-4, err_msg=name)
    mean = load_trained(averaged)
    best = mean.get_weights()
    epochs = [list(np.load(averaged / f"epoch-00{number}.npz").values()) for number in (1, 2)]
    means = {1: epochs[0], 2: [np.mean(arrays, axis=0) for arrays in zip(*epochs, strict=True)]}
    accuracies = [row["val_accuracy"] for row in load_state(averaged).history]
    for one, other in zip(best, means[1 + accuracies.index(max(accuracies))], strict=True):
        np.testing.assert_array_equal(one, other)
    mean.set_weights(means[2])
    val, films = val_films(index, phantom_data, folder)
    truth = mean(films, training=False).numpy()[np.arange(len(val)), class_codes(val)]
    judged, own = ([row["val_loss"] for row in load_state(run).history] for run in (averaged, plain))
    assert judged[0] == pytest.approx(own[0], rel=1e-5)
    assert judged[1] == pytest.approx(-np.log(truth).mean(), rel=2e-5)
    assert judged[1] != pytest.approx(own[1], rel=5e-5)


@pytest.fixture(scope="module")
def taught(index, phantom_data, tiny_model, folder):
    """Last layers with a teacher, over kept views, and with the mean of the epochs."""
    recipe = TAUGHT.model_copy(update={"teacher": str(tiny_model)})
    train_eagerly(recipe, index, phantom_data, folder / "taught", cache=folder / "cache")
    return recipe, folder / "taught"


@pytest.fixture(scope="module")
def supervised(index, phantom_data, tiny_model, folder):
    """The whole network, with everything that a recipe may ask for."""
    recipe = SUPERVISED.model_copy(update={"teacher": str(tiny_model)})
    train_eagerly(recipe, index, phantom_data, folder / "supervised", cache=folder / "cache")
    return recipe, folder / "supervised"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["taught", "supervised"])
def test_resumed_run_equals_an_uninterrupted_one(kind, request, index, phantom_data, folder, tmp_path):
    """Runs of less hold no other state: the mean of epochs is in the first, the whole network in the second."""
    (recipe, one), other = request.getfixturevalue(kind), tmp_path / "resumed"
    interrupted_and_resumed(recipe, index, phantom_data, folder, other)
    first, second = checkpoint(one), checkpoint(other)
    assert first.keys() == second.keys()
    assert any(name.startswith("optimizer") for name in first)
    for name, array in first.items():
        np.testing.assert_allclose(array, second[name], atol=1e-5, err_msg=name)
    tables = [pd.read_csv(run / HISTORY).drop(columns="seconds") for run in (one, other)]
    pd.testing.assert_frame_equal(*tables, rtol=1e-4)


@pytest.mark.slow
def test_maps_are_supervised_by_lungs_and_outlines_over_films_drawn_by_lot(index, phantom_data, folder, tmp_path, monkeypatch):
    seen = {}
    real = fit.training_batches

    def spy(films, **how):
        seen.update(films=films, **how)
        return real(films, **how)

    monkeypatch.setattr(fit, "training_batches", spy)
    outlined = np.zeros((64, 64), np.uint8)
    monkeypatch.setattr(fit, "outlined_infections", lambda data, rows, recipe: {len(rows) - 1: outlined})
    sources = index.assign(source=["one" if number % 5 else "other" for number in range(len(index))])
    state = train_eagerly(SUPERVISED.model_copy(update={"epochs": 1}), sources, phantom_data, tmp_path / "run", cache=folder / "cache")
    (row,) = state.history
    assert 0 < row["outside_loss"] < 2
    assert {"loss", "accuracy", "covid_recall", "val_accuracy"} <= set(row)
    rows = sources[sources["split"] == "train"]
    assert (seen["epoch_films"], seen["masks"], seen["amplitudes"], seen["surroundings"]) == (16, True, 0.5, 0.5)
    assert list(seen["films"].infections) == [len(rows) - 1]
    assert seen["films"].lungs.max() > 127
    # With both balances at 1, all classes are drawn alike, and all sources within a class.
    drawn = rows.assign(chance=seen["films"].chances).groupby(["label", "source"])["chance"].sum()
    counts = rows.groupby("label")["source"].nunique()
    for (label, _), share in drawn.items():
        assert share == pytest.approx(1 / 4 / counts[label])
    trained = load_trained(tmp_path / "run")
    assert trained.get_layer("head_pooling").input.shape[1] == 16  # dilated: twice the places


@pytest.mark.slow
def test_films_are_cropped_as_the_recipe_says(index, phantom_data, folder, tmp_path, monkeypatch):
    seen = []
    real = fit.canonical_films
    monkeypatch.setattr(fit, "canonical_films", lambda *inputs: seen.append(inputs[-1]) or real(*inputs))
    recipe = WHOLE.model_copy(update={"crop": "none", "epochs": 1})
    (row,) = train_eagerly(recipe, index, phantom_data, tmp_path / "run", cache=folder / "cache").history
    assert seen == ["none", "none"]
    val, films = val_films(index, phantom_data, folder, crop="none")
    top = load_trained(tmp_path / "run")(films, training=False).numpy().argmax(1)
    assert (top == class_codes(val)).mean() == pytest.approx(row["val_accuracy"])


def test_epochs_are_logged_for_tensorboard(uninterrupted):
    assert list((uninterrupted / "tensorboard").rglob("events.out.tfevents.*"))


@pytest.mark.slow
def test_frozen_layers_with_a_teacher_run_on_fresh_views(index, phantom_data, tiny_model, folder, tmp_path):
    recipe = RECIPE.model_copy(update={"teacher": str(tiny_model), "views": 0, "epochs": 1})
    train_eagerly(recipe, index, phantom_data, tmp_path / "run", cache=folder / "cache")
    assert pd.read_csv(tmp_path / "run" / HISTORY)["teaching_loss"].iloc[0] > 0
    assert changed_layers(tmp_path / "run") == last_layers()


@pytest.mark.slow
def test_a_teacher_teaches_through_what_is_kept(taught):
    _, run = taught
    assert (pd.read_csv(run / HISTORY)["teaching_loss"] > 0).all()
    assert changed_layers(run) == last_layers()


def test_a_run_is_not_overwritten(uninterrupted, index, phantom_data, folder):
    assert "holds a run of 2 epochs. Go on with --resume" in refuse(uninterrupted, index, phantom_data, folder, resume=False)


@pytest.mark.parametrize("change", [{"seed": 4}, {"size": 96}, {"learning_rate": 0.5}, {"dilated": True}, {"crop": "none"}])
def test_a_run_is_not_resumed_by_another_recipe(uninterrupted, index, phantom_data, folder, change):
    other = RECIPE.model_copy(update=change)
    assert "holds a run of another recipe" in refuse(uninterrupted, index, phantom_data, folder, other, resume=True)


def test_finished_run_resumes_to_itself(uninterrupted, index, phantom_data, folder):
    before = (uninterrupted / BEST_WEIGHTS).read_bytes()
    state = train(RECIPE, index, phantom_data, uninterrupted, cache=folder / "cache", resume=True)
    assert state.epochs_done == 2
    assert (uninterrupted / BEST_WEIGHTS).read_bytes() == before


@pytest.mark.parametrize("split", ["train", "val"])
def test_empty_split_is_refused(index, phantom_data, tmp_path, split):
    with pytest.raises(DataSetError, match=f"no {split_films(split)}. Give some of its rows the split '{split}'"):
        train(RECIPE, index[index["split"] != split], phantom_data, tmp_path / "run", cache=tmp_path / "cache")


def test_starts_from_a_whole_classifier(uninterrupted):
    classifier = build_classifier("Tiny", 64)
    load_initial_weights(classifier, str(uninterrupted / BEST_WEIGHTS))
    for one, other in zip(classifier.get_weights(), load_trained(uninterrupted).get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.filterwarnings("ignore:Skipping nested container")
def test_classifier_of_another_backbone_is_no_start(uninterrupted):
    with pytest.raises(WeightsDamagedError, match="another classifier than MobileNetV2"):
        load_initial_weights(build_classifier("MobileNetV2", 32), str(uninterrupted / BEST_WEIGHTS))


def test_a_model_folder_can_teach_films_of_another_size(tiny_model, random_classifier):
    teacher = load_trained(tiny_model, 96)
    assert teacher.input_shape == (None, 96, 96, 1)
    for one, other in zip(teacher.get_weights(), random_classifier("Tiny", 64).get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_folder_without_a_finished_epoch_holds_nothing_to_load(tmp_path):
    with pytest.raises(WeightsMissingError, match="neither a finished epoch"):
        load_trained(tmp_path)


@pytest.mark.parametrize("resume", [False, True], ids=["what a run ended with", "what it goes on with"])
def test_damaged_weights_are_told(uninterrupted, index, phantom_data, folder, tmp_path, resume):
    run = tmp_path / "run"
    shutil.copytree(uninterrupted, run)
    if resume:
        path = run / load_state(run).checkpoint
        path.write_bytes(path.read_bytes()[:5000])
        with pytest.raises(WeightsDamagedError, match=r"checkpoint .* is damaged\. Start the run again"):
            train(RECIPE, index, phantom_data, run, cache=folder / "cache", resume=True)
    else:
        (run / BEST_WEIGHTS).write_bytes(b"no weights")
        with pytest.raises(WeightsDamagedError, match="is damaged or of another recipe"):
            load_trained(run)


def start(phantom_data, out, cache, *options):
    """Train a backbone that people use, by the command that they use."""
    command = [sys.executable, "-m", "cxr_core", "train", "--data", phantom_data, "--out", out, "--cache", cache, "--epochs", "500"]
    settings = {
        "backbone": "MobileNetV2",
        "size": 64,
        "init": "none",
        "trainable-layers": 6,
        "views": 1,
        "batch-size": 8,
        "schedule": "constant",
    }
    command += [part for name, value in settings.items() for part in (f"--{name}", value)]
    return subprocess.Popen(
        [*map(str, command), *options], cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def wait_for_epoch(process, out, number):
    deadline = time.monotonic() + 300
    while load_state(out).epochs_done < number:
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline, "no epoch was finished"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def killed(phantom_data, folder):
    out = folder / "killed"
    process = start(phantom_data, out, folder / "cache")
    wait_for_epoch(process, out, 1)
    os.kill(process.pid, signal.SIGKILL)
    _, errors = process.communicate()
    assert process.returncode == -signal.SIGKILL
    return out, load_state(out).epochs_done, errors


@pytest.fixture(scope="module")
def interrupted(killed, phantom_data, folder):
    out, _, _ = killed
    process = start(phantom_data, out, folder / "cache", "--resume")
    limit = threading.Timer(300, process.kill)
    limit.start()
    told = process.stderr.readline()  # An epoch is told of after it is kept: to look for what is kept would be too early.
    os.kill(process.pid, signal.SIGINT)
    told += process.stderr.read()
    output = process.stdout.read()
    process.wait()
    limit.cancel()
    return process.returncode, output, told.splitlines()


@pytest.mark.slow
def test_killed_run_keeps_every_epoch_that_it_told_of(killed):
    out, done, errors = killed
    assert done >= max(1, sum(line.startswith("epoch ") for line in errors.splitlines()))
    assert load_trained(out).name == "MobileNetV2"
    assert checkpoint(out)


@pytest.mark.slow
def test_killed_run_goes_on_where_it_was(killed, interrupted):
    out, done, _ = killed
    assert interrupted[2][0].startswith(f"epoch {done + 1}/500")
    history = [row["epoch"] for row in load_state(out).history]
    assert len(history) > done
    assert history == list(range(1, len(history) + 1))


@pytest.mark.slow
def test_control_c_ends_with_one_line(killed, interrupted):
    code, output, errors = interrupted
    assert code == 130
    assert output == ""
    assert [line for line in errors if not line.startswith("epoch ")] == [
        f"Stopped. Whole epochs are kept in {killed[0]}; go on with --resume."
    ]
