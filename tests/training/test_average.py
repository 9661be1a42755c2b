"""Averages of the weights of a run's epochs."""

import contextlib

import keras
import numpy as np
import pytest

from cxr_core.training import RunError
from cxr_core.training.average import holding, mean_of_last


def weights(value):
    return [np.full((2, 3), value, np.float32), np.full(4, 10 * value, np.float32)]


def value_of(mean):
    assert [array.shape for array in mean] == [(2, 3), (4,)]
    assert {array.dtype for array in mean} == {np.dtype(np.float32)}
    np.testing.assert_allclose(mean[1], 10 * mean[0].mean(), rtol=1e-6)
    return float(mean[0].mean())


def test_mean_is_over_the_last_epochs_as_far_as_there_are_any(tmp_path):
    means = [value_of(mean_of_last(weights(value), tmp_path, epoch, 3)) for epoch, value in enumerate([1, 2, 6, 4], start=1)]
    assert means == pytest.approx([1, 1.5, 3, 4])


def test_only_the_epochs_of_a_mean_are_kept(tmp_path):
    for epoch in range(1, 6):
        mean_of_last(weights(epoch), tmp_path, epoch, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["epoch-004.npz", "epoch-005.npz"]


def test_an_epoch_can_be_done_again(tmp_path):
    for epoch, value in [(1, 1), (2, 2), (3, 9), (3, 4)]:
        mean = mean_of_last(weights(value), tmp_path, epoch, 3)
    assert value_of(mean) == pytest.approx(7 / 3)


def test_a_span_of_one_keeps_nothing(tmp_path):
    mean_of_last(weights(1), tmp_path, 1, 1)
    assert value_of(mean_of_last(weights(3), tmp_path, 2, 1)) == 3
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("damage", ["gone", "cut"])
def test_lost_epoch_is_one_sentence(tmp_path, damage):
    mean_of_last(weights(1), tmp_path, 1, 2)
    path = tmp_path / "epoch-001.npz"
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(RunError, match=r"epoch-001\.npz should hold are gone or damaged\. Start the run again"):
        mean_of_last(weights(2), tmp_path, 2, 2)


def test_weights_are_held_for_a_while_and_whatever_happens():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    own = [array.copy() for array in model.get_weights()]
    with contextlib.suppress(ZeroDivisionError), holding(model, [array + 1 for array in own]):
        seen = model.get_weights()
        raise ZeroDivisionError
    for during, after, before in zip(seen, model.get_weights(), own, strict=True):
        np.testing.assert_array_equal(during, before + 1)
        np.testing.assert_array_equal(after, before)
