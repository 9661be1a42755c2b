"""Batches as a function of the step alone."""

import numpy as np
import pytest

from cxr_core.training.augment import AUGMENTATIONS
from cxr_core.training.batches import class_weights, evaluation_batches, training_batches

FILMS, BATCH = 11, 4
CODES = np.array([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2])
WEIGHTS = np.array([1.0, 2.0, 3.0, 4.0])


@pytest.fixture(scope="module")
def films():
    # Each film is of one grey, which is its own and says which film it is.
    return np.repeat(np.arange(FILMS, dtype=np.uint8) * 20, 32 * 32).reshape(FILMS, 32, 32)


def read(films, *, first_epoch=0, epochs=3, augmentation="none", seed=7):
    stream, steps = training_batches(
        films,
        codes=CODES,
        batch_size=BATCH,
        first_epoch=first_epoch,
        epochs=epochs,
        seed=seed,
        augmentation=AUGMENTATIONS[augmentation],
        weights=WEIGHTS,
    )
    return [[part.numpy() for part in batch] for batch in stream], steps


def which(x):
    return np.rint(x[:, 0, 0, 0] * 255 / 20).astype(int)


def test_shapes_and_dtypes(films):
    batches, steps = read(films)
    assert steps == FILMS // BATCH
    assert len(batches) == 3 * steps
    for x, y, weight in batches:
        assert (x.shape, y.shape, weight.shape) == ((BATCH, 32, 32, 1), (BATCH, 4), (BATCH,))
        assert {x.dtype, y.dtype, weight.dtype} == {np.dtype("float32")}


@pytest.mark.parametrize("augmentation", ["none", "mild", "strong"])
@pytest.mark.parametrize("first_epoch", [1, 2])
def test_stream_from_a_later_epoch_is_the_tail_of_the_whole(films, augmentation, first_epoch):
    whole, steps = read(films, augmentation=augmentation)
    tail, _ = read(films, augmentation=augmentation, first_epoch=first_epoch)
    assert len(tail) == (3 - first_epoch) * steps
    for expected, actual in zip(whole[first_epoch * steps :], tail, strict=True):
        for one, other in zip(expected, actual, strict=True):
            np.testing.assert_array_equal(one, other)


def test_no_film_comes_twice_in_an_epoch(films):
    batches, steps = read(films)
    for epoch in range(3):
        seen = np.concatenate([which(x) for x, _, _ in batches[epoch * steps : (epoch + 1) * steps]])
        assert len(np.unique(seen)) == steps * BATCH


def test_order_changes_with_epoch_and_seed(films):
    batches, steps = read(films)
    first, second = (np.concatenate([which(x) for x, _, _ in part]) for part in (batches[:steps], batches[steps : 2 * steps]))
    other = np.concatenate([which(x) for x, _, _ in read(films, seed=8)[0][:steps]])
    assert first.tolist() != second.tolist()
    assert first.tolist() != other.tolist()


def test_augmentation_differs_between_epochs(films):
    textured = films + np.random.default_rng(0).integers(0, 40, films.shape).astype(np.uint8)
    batches, steps = read(textured, augmentation="mild")
    means = [sorted(np.concatenate([x.mean((1, 2, 3)) for x, _, _ in part])) for part in (batches[:steps], batches[steps : 2 * steps])]
    assert np.abs(np.subtract(*means)).max() > 1e-3


def test_class_and_weight_belong_to_the_film(films):
    for x, y, weight in read(films)[0]:
        codes = CODES[which(x)]
        np.testing.assert_array_equal(y, np.eye(4)[codes])
        np.testing.assert_array_equal(weight, WEIGHTS[codes])


def test_fewer_films_than_a_batch_make_one_batch(films):
    stream, steps = training_batches(
        films[:3], codes=CODES[:3], batch_size=BATCH, first_epoch=0, epochs=1, seed=0, augmentation=None, weights=WEIGHTS
    )
    assert steps == 1
    assert [sorted(which(x.numpy())) for x, _, _ in stream] == [[0, 1, 2]]


@pytest.mark.parametrize(("power", "expected"), [(0, [1, 1, 1, 1]), (0.5, [2, 1, 2, 4]), (1, [4, 1, 4, 16])])
def test_class_weights(power, expected):
    codes = np.repeat([0, 1, 2, 3], [4, 16, 4, 1])
    np.testing.assert_allclose(class_weights(codes, power), expected)


def test_absent_class_has_a_finite_weight():
    assert np.isfinite(class_weights(np.array([0, 0, 1, 2]), 1)).all()


def test_evaluation_batches_keep_the_order_and_the_short_last_one(films):
    batches = [[part.numpy() for part in batch] for batch in evaluation_batches(films, CODES, BATCH)]
    assert [len(x) for x, _, _ in batches] == [4, 4, 3]
    np.testing.assert_array_equal(np.concatenate([x for x, _, _ in batches]), films[..., np.newaxis].astype(np.float32) / 255)
    np.testing.assert_array_equal(np.concatenate([y for _, y, _ in batches]), np.eye(4)[CODES])
    np.testing.assert_array_equal(np.concatenate([weight for _, _, weight in batches]), np.ones(FILMS))
