"""A run's folder: whole after every step, whatever dies."""

import json
import os
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest

from cxr_core.training import BEST_WEIGHTS, RunError, load_state
from cxr_core.training.run import HISTORY, RunState, save_epoch


class DiedError(Exception):
    pass


@pytest.fixture(scope="module")
def network():
    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])


def row(epoch, accuracy):
    return {"epoch": epoch, "seconds": 1.0, "val_accuracy": accuracy}


def store(folder, state, network, epoch, accuracy):
    # The weights say which epoch they are of.
    network.layers[0].kernel.assign(np.full((2, 1), float(epoch)))
    save_epoch(folder, state, row(epoch, accuracy), network.save_weights, network.save_weights)


def epoch_of(path, network):
    network.load_weights(path)
    return float(network.layers[0].kernel[0, 0])


@pytest.fixture
def run(tmp_path, network):
    store(tmp_path, RunState(), network, 1, 0.5)
    return tmp_path


def test_folder_without_a_run_gives_a_fresh_state(tmp_path):
    assert load_state(tmp_path) == RunState()
    assert RunState().epochs_done == 0


def test_stored_epoch_is_loaded_again(run, network):
    state = load_state(run)
    assert state.epochs_done == 1
    assert state.best == 0.5
    assert state.history == [row(1, 0.5)]
    assert epoch_of(run / state.checkpoint, network) == 1


def test_best_weights_are_those_of_the_best_epoch(tmp_path, network):
    state = RunState()
    for epoch, accuracy in enumerate([0.4, 0.7, 0.6, 0.7], start=1):
        store(tmp_path, state, network, epoch, accuracy)
    assert epoch_of(tmp_path / BEST_WEIGHTS, network) == 2
    assert epoch_of(tmp_path / load_state(tmp_path).checkpoint, network) == 4
    assert pd.read_csv(tmp_path / HISTORY)["val_accuracy"].tolist() == [0.4, 0.7, 0.6, 0.7]


def test_only_the_last_checkpoint_is_kept(tmp_path, network):
    state = RunState()
    for epoch in (1, 2, 3):
        store(tmp_path, state, network, epoch, 0.5)
    assert [path.name for path in tmp_path.glob("checkpoint-*")] == ["checkpoint-003.weights.h5"]


def dying_at(monkeypatch, owner, name, call, *, after=False):
    real, calls = getattr(owner, name), []

    def sometimes(*args, **kwargs):
        calls.append(name)
        if len(calls) == call and not after:
            raise DiedError
        result = real(*args, **kwargs)
        if len(calls) == call:
            raise DiedError
        return result

    monkeypatch.setattr(owner, name, sometimes)
    return calls


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("owner", "name", "call"),
    [(os, "replace", call) for call in (1, 2, 3, 4)]
    + [(keras.Model, "save_weights", call) for call in (1, 2)]
    + [(Path, "write_text", 1), (pd.DataFrame, "to_csv", 1)],
)
def test_dying_at_any_step_leaves_a_whole_state(run, network, monkeypatch, owner, name, call, after):
    state = load_state(run)
    with monkeypatch.context() as patch:
        dying_at(patch, owner, name, call, after=after)
        with pytest.raises(DiedError):
            store(run, state, network, 2, 0.9)
    pointed = (name, call, after) in {("replace", 3, True), ("replace", 4, False), ("replace", 4, True)} or name == "to_csv"
    found = load_state(run)
    assert found.epochs_done == (2 if pointed else 1)
    assert epoch_of(run / found.checkpoint, network) == found.epochs_done
    assert epoch_of(run / BEST_WEIGHTS, network) in (1, 2)
    assert not list(run.glob("partial-*"))
    store(run, load_state(run), network, found.epochs_done + 1, 0.95)
    assert load_state(run).epochs_done == found.epochs_done + 1


def test_an_epoch_takes_four_replacements(run, network, monkeypatch):
    calls = dying_at(monkeypatch, os, "replace", 5)
    store(run, load_state(run), network, 2, 0.9)
    assert len(calls) == 4


def test_dying_in_the_first_epoch_leaves_a_fresh_state(tmp_path, network, monkeypatch):
    dying_at(monkeypatch, os, "replace", 3)
    with pytest.raises(DiedError):
        store(tmp_path, RunState(), network, 1, 0.5)
    assert load_state(tmp_path) == RunState()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"surprise": 1}', '{"checkpoint": "checkpoint-001.wei', '{"checkpoint": [1]}', "[" * 9999]
)
def test_damaged_state_is_refused(run, text):
    (run / "state.json").write_text(text)
    with pytest.raises(RunError, match=r"state\.json is damaged"):
        load_state(run)


def test_missing_checkpoint_is_refused(run):
    (run / load_state(run).checkpoint).unlink()
    with pytest.raises(RunError, match=r"checkpoint that .*state\.json names is gone"):
        load_state(run)


def test_state_without_a_checkpoint_is_refused(run):
    (run / "state.json").write_text(json.dumps({"checkpoint": None, "history": [], "best": -1.0}))
    with pytest.raises(RunError, match="is gone"):
        load_state(run)
