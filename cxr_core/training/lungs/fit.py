"""Training the lung network from the masks of a data folder, and its card."""

import datetime
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from cxr_core.artifacts import LUNG_CARD_FILE, LungCard, LungFigures, file_sha256
from cxr_core.data import DataSetError, find_leaks, read_table, refuse
from cxr_core.files import replace_file
from cxr_core.imaging import ImageError
from cxr_core.labels import split_films
from cxr_core.lungs import LUNG_SIDE as SIDE
from cxr_core.lungs import LUNG_WEIGHTS, LungNetwork
from cxr_core.stats import resampled_counts
from cxr_core.training.lungs.augment import augment_pair
from cxr_core.training.lungs.masks import load_pair
from cxr_core.training.lungs.network import build_unet

BATCH = 32
LEARNING_RATE = 4e-3
WEIGHT_DECAY = 1e-3
DICE_WEIGHT = 0.5
"""Of the Dice loss beside cross-entropy."""

MOMENTUM = 0.98
"""Of the running statistics of batch normalisation: Keras' 0.99 trails a run this short."""

MASKS = "masks.csv"
ELSEWHERE = ("jsrt.csv",)
"""Tables of masked films that no training sees; measured where they are in the data folder."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class MaskedFilms:
    """Films and the masks of their lungs: uint8, shapes (n, SIDE, SIDE) and (n, SIDE, SIDE, 2)."""

    films: np.ndarray
    lungs: np.ndarray


def fit_lungs(
    data: Path, out: Path, *, epochs: int, seed: int, command: str, progress: Progress = lambda what, done, total: None
) -> LungCard:
    """Train the lung network on a folder's training masks, watch it on the validation masks, and measure it once on the test masks.

    `masks.csv` says which is which.

    Parameters
    ----------
    data : Path
        Holds `masks.csv` with columns path, split and lungs; `jsrt.csv` is measured where it is there too.
    out : Path
        The folder for weights and card.
    epochs, seed : int
        How long, and of all draws.
    command : str
        To be named in the card.
    progress : callable, optional
        Called with what is being done, how much is done, and how much there is.

    Returns
    -------
    LungCard
        As written.

    Raises
    ------
    DataSetError
        There are no masks, one of them or a film cannot be read, or a film stands in two splits.
    """
    if not (data / MASKS).is_file():
        raise DataSetError(f"There are no masks {data / MASKS}. Name a data folder that has them.")
    table = read_table(data / MASKS, ("path", "split", "lungs"))
    refuse(find_leaks(data, table.assign(label="", group=table["path"])))
    parts = {split: _load(data, table[table["split"] == split], split_films(split), progress) for split in ("train", "val", "test")}
    network = build_unet(seed)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = MOMENTUM
    steps = max(1, len(parts["train"].films) // BATCH)
    rate = keras.optimizers.schedules.CosineDecay(0.0, max(1, (epochs - 1) * steps), warmup_target=LEARNING_RATE, warmup_steps=steps)
    network.compile(keras.optimizers.AdamW(rate, weight_decay=WEIGHT_DECAY), lung_loss)
    history: list[float] = []

    def after_epoch(epoch: int, logs: dict[str, float]) -> None:
        history.append(float(_overlaps(network, parts["val"]).mean()))
        progress(f"epochs, Dice on the validation masks {history[-1]:.3f}", epoch + 1, epochs)

    network.fit(
        _batches(parts["train"], epochs, steps, seed),
        epochs=epochs,
        steps_per_epoch=steps,
        shuffle=False,
        verbose=0,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=after_epoch)],
    )
    figures = {"test": _figures(_overlaps(network, parts["test"]))}
    for name in ELSEWHERE:
        if (data / name).is_file():
            masked = read_table(data / name, ("path", "lungs"))
            figures[name.removesuffix(".csv")] = _figures(_overlaps(network, _load(data, masked, name, progress)))
    out.mkdir(parents=True, exist_ok=True)
    replace_file(out / LUNG_WEIGHTS, lambda path: _save(network, path))
    card = LungCard(
        sha256=file_sha256(out / LUNG_WEIGHTS),
        parameters=network.count_params(),
        written=datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        command=command,
        trained_on=f"Lung masks of {len(parts['train'].films):,} training films.",
        epochs=epochs,
        seed=seed,
        films={split: len(part.films) for split, part in parts.items()},
        val_dice=history,
        figures=figures,
    )
    replace_file(out / LUNG_CARD_FILE, lambda path: path.write_text(card.model_dump_json(indent=1) + "\n"))
    return card


def lung_loss(truth: tf.Tensor, found: tf.Tensor) -> tf.Tensor:
    """Cross-entropy and, for each lung of each film, one minus its soft Dice overlap (Milletari et al. 2016, arXiv:1606.04797)."""
    overlap = keras.ops.sum(truth * found, (1, 2))
    dice = 1 - (2 * overlap + 1) / (keras.ops.sum(truth + found, (1, 2)) + 1)
    return keras.ops.mean(keras.losses.binary_crossentropy(truth, found), (1, 2)) + DICE_WEIGHT * keras.ops.mean(dice, -1)


def dice(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Overlap of masks, bool (n, h, w): twice what two share over the sum of both (Dice 1945), shape (n,); 1 where both are empty."""
    total = one.sum((1, 2)) + other.sum((1, 2))
    return np.where(total > 0, 2 * (one & other).sum((1, 2)) / np.maximum(total, 1), 1.0)


def _overlaps(network: keras.Model, masked: MaskedFilms) -> np.ndarray:
    """Return the Dice overlap of both lungs together, by film."""
    found = network.predict(masked.films[..., np.newaxis].astype(np.float32) / 255, batch_size=64, verbose=0)
    large = np.stack([cv2.resize(film, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR) for film in found])
    return dice(large.max(-1) > 0.5, masked.lungs.max(-1) > 127)


def _figures(overlaps: np.ndarray) -> LungFigures:
    counts = resampled_counts(np.arange(len(overlaps)))
    low, high = np.percentile(counts @ overlaps / counts.sum(1), (2.5, 97.5))
    return LungFigures(
        films=len(overlaps),
        mean=float(overlaps.mean()),
        low=float(low),
        high=float(high),
        fifth_percentile=float(np.percentile(overlaps, 5)),
    )


def _load(data: Path, rows: pd.DataFrame, what: str, progress: Progress) -> MaskedFilms:
    if rows.empty:
        raise DataSetError(f"{data} has no masks for {what}. It needs rows of the splits train, val and test.")

    def one(pair: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        try:
            return load_pair(data / pair[0], data / pair[1], SIDE)
        except ImageError as error:
            raise DataSetError(f"{pair[0]} or its mask {pair[1]}: {error}") from error

    found = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for pair in pool.map(one, rows[["path", "lungs"]].to_numpy()):
            found.append(pair)
            progress(what, len(found), len(rows))
    return MaskedFilms(np.stack([film for film, _ in found]), np.stack([lungs for _, lungs in found]))


def _batches(masked: MaskedFilms, epochs: int, steps: int, seed: int) -> tf.data.Dataset:
    """Stream batches as a function of the step alone."""
    half = SIDE // 2
    batch_size = min(BATCH, len(masked.films))

    def batch(step: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        epoch, number = divmod(int(step), steps)
        rows = np.random.default_rng((seed, epoch)).permutation(len(masked.films))[number * BATCH : (number + 1) * BATCH]
        rng = np.random.default_rng((seed, epoch, number + 1))
        pairs = [augment_pair(masked.films[row].astype(np.float32) / 255, masked.lungs[row].astype(np.float32) / 255, rng) for row in rows]
        lungs = [cv2.resize(lungs, (half, half), interpolation=cv2.INTER_AREA) for _, lungs in pairs]
        return np.stack([film for film, _ in pairs])[..., np.newaxis], np.stack(lungs)

    def load(step: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        films, lungs = tf.numpy_function(batch, [step], [tf.float32] * 2)
        films.set_shape((batch_size, SIDE, SIDE, 1))
        lungs.set_shape((batch_size, half, half, 2))
        return films, lungs

    return tf.data.Dataset.range(epochs * steps).map(load, num_parallel_calls=2, deterministic=True).prefetch(4)


def _save(network: keras.Model, path: Path) -> None:
    arrays = {f"{layer.name}|{number}": weight for layer in network.layers for number, weight in enumerate(layer.get_weights())}
    LungNetwork(arrays)  # refuses what could not be read again
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
