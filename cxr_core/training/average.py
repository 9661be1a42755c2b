"""Averaging a classifier's weights over the last epochs of its run.

Epochs of one run lie around a minimum that their mean comes nearer to than any of them (Izmailov et al. 2018, "Averaging weights
leads to wider optima and better generalization", arXiv:1803.05407). Running statistics of batch normalisation are averaged too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile

import keras
import numpy as np

from cxr_core.files import replace_file
from cxr_core.training.errors import RunError


def mean_of_last(weights: list[np.ndarray], folder: Path, epoch: int, span: int) -> list[np.ndarray]:
    """Average the weights after an epoch with those of the epochs before it, and keep them for the epochs to come.

    Parameters
    ----------
    weights : list of numpy.ndarray
        After `epoch`, from `keras.Model.get_weights`.
    folder : Path
        The run's folder, in which the weights of `span` epochs are kept.
    epoch : int
        Epochs done, from 1. Where they are fewer than `span`, the mean is over those.
    span : int
        Epochs to average, from 1; 1 gives `weights` back and keeps nothing.

    Returns
    -------
    list of numpy.ndarray
        As `weights`.

    Raises
    ------
    RunError
        The kept weights of an earlier epoch are gone or damaged.
    """
    if span == 1:
        return weights
    replace_file(_kept(folder, epoch), lambda path: np.savez(path, *weights))
    earlier = [_load(_kept(folder, number)) for number in range(max(1, epoch - span + 1), epoch)]
    _kept(folder, epoch - span).unlink(missing_ok=True)
    return [np.mean(arrays, axis=0) for arrays in zip(weights, *earlier, strict=True)]


@contextmanager
def holding(classifier: keras.Model, weights: list[np.ndarray]) -> Iterator[None]:
    """Give a classifier these weights for as long as the context lasts."""
    own = classifier.get_weights()
    classifier.set_weights(weights)
    try:
        yield
    finally:
        classifier.set_weights(own)


def _kept(folder: Path, epoch: int) -> Path:
    return folder / f"epoch-{epoch:03d}.npz"


def _load(path: Path) -> list[np.ndarray]:
    try:
        with np.load(path) as arrays:
            return [arrays[name] for name in arrays.files]
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        raise RunError(f"The weights that {path} should hold are gone or damaged. Start the run again in a new folder.") from error
