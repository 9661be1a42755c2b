"""Outputs of frozen layers on disk: computed once, memory-mapped in every epoch."""

import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from cxr_core.data import DataSetError, remove_partials_of_the_dead

BATCH = 64
FORMAT_VERSION = 1
_SUMS = "checksums.json"

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


def frozen_features(
    prefix: keras.Model,
    films: np.ndarray,
    view: Callable[[int], np.ndarray],
    view_name: str,
    cache: Path,
    *,
    what: str = "frozen layers",
    progress: Progress,
    announce: Callable[[str], None],
) -> list[np.ndarray]:
    """Return the feature maps of many films behind frozen layers, from the cache where it holds them whole.

    Parameters
    ----------
    prefix : keras.Model
        From `split_at_frozen`, or another network that does not train and takes films.
    films : numpy.ndarray
        uint8, shape (n, size, size).
    view : callable
        Gives the film of a row as the network takes it, float32 (size, size), augmented or not.
    view_name : str
        Says what `view` does to a film; another name is another cache.
    cache : Path
        Folder for the cache. A folder in it is keyed by the weights of the prefix, the films and the view, and is put in place as a
        whole; each file has a checksum, and a damaged one is computed anew.
    what : str
        What `prefix` is, to the user.
    progress : callable
        See `Progress`.
    announce : callable
        Called with a sentence before disk is taken.

    Returns
    -------
    list of numpy.ndarray
        float16, each (n, ...), memory-mapped read-only, one for each output of the prefix.

    Raises
    ------
    DataSetError
        The disk is too full for it, or the cache cannot be written.
    """
    target = cache / f"features-{_key(prefix, films, view_name)}"
    shapes = [(len(films), *output.shape[1:]) for output in prefix.outputs]
    found = _open_whole(target, shapes)
    if found is not None:
        return found
    try:
        cache.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(target, ignore_errors=True)
        needed = sum(int(np.prod(shape)) for shape in shapes) * 2
        if shutil.disk_usage(cache).free < needed:
            raise DataSetError(f"{cache} has no room for {needed / 2**20:,.0f} MB of features. Make room, or use --cache.")
        announce(f"The features of the {what} take {needed / 2**20:,.0f} MB in {cache} (view: {view_name}).")
        _write(target, prefix, len(films), shapes, view, f"{what}, {view_name}", progress)
    except OSError as error:
        raise DataSetError(f"The features cannot be kept in {cache}: {error.strerror or error}. Make room, or use --cache.") from error
    whole = _open_whole(target, shapes)
    if whole is None:
        raise DataSetError(f"The features in {target} do not read back as they were written. Check the disk, or use --cache.")
    return whole


def _key(prefix: keras.Model, films: np.ndarray, view_name: str) -> str:
    # Kinds of layers and not their names, which Keras numbers anew for every network that a process builds.
    # What is set and not learned counts where it is preprocessing; elsewhere the architecture fixes it.
    kinds = [
        f"{type(layer).__name__} {layer.scale} {layer.offset}" if isinstance(layer, keras.layers.Rescaling) else type(layer).__name__
        for layer in prefix.layers
    ]
    kept = [[layer.output is output for layer in prefix.layers].index(True) for output in prefix.outputs]
    digest = hashlib.sha256(json.dumps([FORMAT_VERSION, view_name, films.shape, kinds, kept]).encode())
    for weight in prefix.get_weights():
        digest.update(np.ascontiguousarray(weight).data)
    for start in range(0, len(films), 1024):
        digest.update(np.ascontiguousarray(films[start : start + 1024]).data)
    return digest.hexdigest()[:16]


def _write(
    target: Path,
    prefix: keras.Model,
    count: int,
    shapes: Sequence[tuple[int, ...]],
    view: Callable[[int], np.ndarray],
    what: str,
    progress: Progress,
) -> None:
    remove_partials_of_the_dead(target.parent)
    partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
    shutil.rmtree(partial, ignore_errors=True)  # of a dead run that had this number: in a container they begin anew
    partial.mkdir()
    signature = [tf.TensorSpec((None, *prefix.inputs[0].shape[1:]), tf.float32)]
    forward = tf.function(lambda batch: prefix(batch, training=False), input_signature=signature)
    try:
        files = [(partial / f"{number}.npy").open("wb") for number in range(len(shapes))]
        sums = [0] * len(shapes)
        try:
            for file, shape in zip(files, shapes, strict=True):
                np.lib.format.write_array_header_1_0(file, {"descr": "<f2", "fortran_order": False, "shape": shape})
            for start in range(0, count, BATCH):
                rows = range(start, min(start + BATCH, count))
                outputs = forward(np.stack([view(row) for row in rows])[..., np.newaxis])
                for number, output in enumerate(outputs if isinstance(outputs, (list, tuple)) else [outputs]):
                    # What float16 cannot hold is held at its largest number rather than at infinity.
                    values = np.clip(output.numpy(), -65504, 65504).astype("<f2").tobytes()
                    files[number].write(values)
                    sums[number] = zlib.crc32(values, sums[number])
                progress(what, rows.stop, count)
            for file in files:
                file.flush()
                os.fsync(file.fileno())
        finally:
            for file in files:
                file.close()
        (partial / _SUMS).write_text(json.dumps(sums))
        try:
            os.replace(partial, target)
        except OSError:
            if not target.is_dir():  # else another run has put the same features there meanwhile
                raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _open_whole(folder: Path, shapes: Sequence[tuple[int, ...]]) -> list[np.ndarray] | None:
    """Map the features of a folder, or return None where any of them is missing, of another shape, or damaged."""
    try:
        sums = json.loads((folder / _SUMS).read_text())
        arrays = [np.load(folder / f"{number}.npy", mmap_mode="r") for number in range(len(shapes))]
    except (OSError, ValueError, EOFError):
        return None
    if not isinstance(sums, list) or len(sums) != len(arrays):
        return None
    for array, shape, expected in zip(arrays, shapes, sums, strict=True):
        if array.shape != shape or array.dtype != np.dtype("<f2"):
            return None
        found = 0
        for start in range(0, len(array), BATCH):
            found = zlib.crc32(np.ascontiguousarray(array[start : start + BATCH]).data, found)
        if found != expected:
            return None
    return arrays
