"""Batches as a function of the step alone, so that a resumed run sees what an uninterrupted one would have seen."""

from collections.abc import Callable

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
    codes: np.ndarray,
    *,
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
        order = np.random.default_rng((seed, epoch)).permutation(len(films))
        rows = order[number * batch_size : (number + 1) * batch_size]
        rng = np.random.default_rng((seed, epoch, number + 1))
        chosen = [films[row].astype(np.float32) / 255 for row in rows]
        if augmentation is not None:
            chosen = [augment(film, augmentation, rng) for film in chosen]
        return np.stack(chosen)[..., np.newaxis], *_targets(codes[rows], weights)

    stream = tf.data.Dataset.range(first_epoch * steps, epochs * steps)
    return _stream(stream, batch, films.shape[1]), steps


def evaluation_batches(films: np.ndarray, codes: np.ndarray, batch_size: int) -> tf.data.Dataset:
    """Stream films in their order, unchanged and equally weighted; shapes and dtypes as in `training_batches`."""

    def batch(step: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        rows = slice(int(step) * batch_size, (int(step) + 1) * batch_size)
        chosen = films[rows].astype(np.float32)[..., np.newaxis] / 255
        return chosen, *_targets(codes[rows], np.ones(len(CLASS_NAMES)))

    return _stream(tf.data.Dataset.range(-(-len(films) // batch_size)), batch, films.shape[1])


def _targets(codes: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.eye(len(CLASS_NAMES), dtype=np.float32)[codes], weights[codes].astype(np.float32)


def _stream(steps: tf.data.Dataset, batch: Callable[..., tuple[np.ndarray, ...]], size: int) -> tf.data.Dataset:
    def load(step: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        x, y, weight = tf.numpy_function(batch, [step], [tf.float32] * 3)
        x.set_shape((None, size, size, 1))
        y.set_shape((None, len(CLASS_NAMES)))
        weight.set_shape((None,))
        return x, y, weight

    return steps.map(load, num_parallel_calls=2, deterministic=True).prefetch(4)
