"""Batches as a function of the step alone, so that a resumed run sees what an uninterrupted one would have seen."""

from collections.abc import Callable, Sequence

import numpy as np
import tensorflow as tf

from cxr_core.labels import CLASS_NAMES
from cxr_core.training.augment import Augmentation, augment


def class_weights(codes: np.ndarray, power: float) -> np.ndarray:
    """Weight of each class, shape (4,): (films of the largest class / films of this class) ** `power`."""
    counts = np.bincount(codes, minlength=len(CLASS_NAMES)).clip(1)
    return (counts.max() / counts) ** power


def training_batches(
    films: np.ndarray,
    *,
    codes: np.ndarray,
    batch_size: int,
    first_epoch: int,
    epochs: int,
    seed: int,
    augmentation: Augmentation | None,
    weights: np.ndarray,
) -> tuple[tf.data.Dataset, int]:
    """Stream shuffled, augmented batches from `first_epoch` to the last.

    Parameters
    ----------
    films : numpy.ndarray
        uint8, shape (n, size, size); may be memory-mapped, only a batch at a time is read.
    codes : numpy.ndarray
        int, shape (n,): the class of each film.
    batch_size, first_epoch, epochs, seed : int
        The order and every draw depend on (`seed`, epoch, batch) alone.
    augmentation : Augmentation or None
        How films are changed.
    weights : numpy.ndarray
        float, shape (4,): weight of each class in the loss.

    Returns
    -------
    tf.data.Dataset
        Of (film (b, size, size, 1), one-hot class (b, 4), weight (b,)), all float32.
    int
        Batches an epoch; the last, incomplete one is dropped.
    """
    steps = max(1, len(films) // batch_size)

    def batch(step: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        epoch, number = divmod(int(step), steps)
        rows = _rows(len(films), batch_size, seed, epoch, number)
        rng = np.random.default_rng((seed, epoch, number + 1))
        chosen = [films[row].astype(np.float32) / 255 for row in rows]
        if augmentation is not None:
            chosen = [augment(film, augmentation, rng) for film in chosen]
        return np.stack(chosen)[..., np.newaxis], *_targets(codes[rows], weights)

    stream = tf.data.Dataset.range(first_epoch * steps, epochs * steps)
    return _stream(stream, batch, [(films.shape[1], films.shape[1], 1)]).map(_single_input), steps


def feature_batches(
    views: Sequence[Sequence[np.ndarray]],
    *,
    codes: np.ndarray,
    batch_size: int,
    first_epoch: int,
    epochs: int,
    seed: int,
    weights: np.ndarray,
) -> tuple[tf.data.Dataset, int]:
    """Stream features of frozen layers in the very order in which `training_batches` streams the films.

    Parameters
    ----------
    views : sequence of sequence of numpy.ndarray
        A view after another of all films; each a list of float16 arrays (n, ...), one for each input. An epoch takes the next view.
    codes : numpy.ndarray
        int, shape (n,): the class of each film.
    batch_size, first_epoch, epochs, seed, weights
        As in `training_batches`.

    Returns
    -------
    tf.data.Dataset
        Of (tuple of features, one-hot class (b, 4), weight (b,)), all float32.
    int
        Batches an epoch; the last, incomplete one is dropped.
    """
    steps = max(1, len(codes) // batch_size)

    def batch(step: np.ndarray) -> tuple[np.ndarray, ...]:
        epoch, number = divmod(int(step), steps)
        rows = _rows(len(codes), batch_size, seed, epoch, number)
        return *(array[rows].astype(np.float32) for array in views[epoch % len(views)]), *_targets(codes[rows], weights)

    stream = tf.data.Dataset.range(first_epoch * steps, epochs * steps)
    return _stream(stream, batch, [array.shape[1:] for array in views[0]]), steps


def feature_evaluation_batches(features: Sequence[np.ndarray], batch_size: int) -> tf.data.Dataset:
    """Stream features of frozen layers in the films' order: tuples of float32 arrays (b, ...), as the only element of a tuple."""
    count = len(features[0])

    def load(step: tf.Tensor) -> tuple[tuple[tf.Tensor, ...]]:
        def rows(step: np.ndarray) -> list[np.ndarray]:
            chosen = slice(int(step) * batch_size, (int(step) + 1) * batch_size)
            return [array[chosen].astype(np.float32) for array in features]

        parts = tf.numpy_function(rows, [step], [tf.float32] * len(features))
        for part, array in zip(parts, features, strict=True):
            part.set_shape((None, *array.shape[1:]))
        return (tuple(parts),)

    return tf.data.Dataset.range(-(-count // batch_size)).map(load).prefetch(2)


def evaluation_batches(films: np.ndarray, codes: np.ndarray, batch_size: int) -> tf.data.Dataset:
    """Stream films in their order, unchanged and equally weighted; shapes and dtypes as in `training_batches`."""

    def batch(step: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        rows = slice(int(step) * batch_size, (int(step) + 1) * batch_size)
        chosen = films[rows].astype(np.float32)[..., np.newaxis] / 255
        return chosen, *_targets(codes[rows], np.ones(len(CLASS_NAMES)))

    stream = tf.data.Dataset.range(-(-len(films) // batch_size))
    return _stream(stream, batch, [(films.shape[1], films.shape[1], 1)]).map(_single_input)


def _targets(codes: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.eye(len(CLASS_NAMES), dtype=np.float32)[codes], weights[codes].astype(np.float32)


def _rows(count: int, batch_size: int, seed: int, epoch: int, number: int) -> np.ndarray:
    return np.random.default_rng((seed, epoch)).permutation(count)[number * batch_size : (number + 1) * batch_size]


def _single_input(x: tuple[tf.Tensor], y: tf.Tensor, weight: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    return x[0], y, weight


def _stream(steps: tf.data.Dataset, batch: Callable[..., tuple[np.ndarray, ...]], shapes: Sequence[tuple[int, ...]]) -> tf.data.Dataset:
    """Stream (inputs of these shapes, one-hot class, weight) batches, each made from its step."""

    def load(step: tf.Tensor) -> tuple[tuple[tf.Tensor, ...], tf.Tensor, tf.Tensor]:
        *inputs, y, weight = tf.numpy_function(batch, [step], [tf.float32] * (len(shapes) + 2))
        for x, shape in zip(inputs, shapes, strict=True):
            x.set_shape((None, *shape))
        y.set_shape((None, len(CLASS_NAMES)))
        weight.set_shape((None,))
        return tuple(inputs), y, weight

    return steps.map(load, num_parallel_calls=2, deterministic=True).prefetch(4)
