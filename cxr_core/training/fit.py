"""Fitting a classifier by a recipe, resumable at every epoch."""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from cxr_core.data import DataSetError, canonical_films, class_codes
from cxr_core.labels import COVID, split_films
from cxr_core.models import build_classifier, load_weights
from cxr_core.training.augment import AUGMENTATIONS, augment, augmentation_code, augmentation_of
from cxr_core.training.average import holding, mean_of_last
from cxr_core.training.batches import (
    TrainFilms,
    class_weights,
    drawn_oftener,
    evaluation_batches,
    feature_batches,
    feature_evaluation_batches,
    sampling_chances,
    training_batches,
)
from cxr_core.training.distill import PROBABILITIES, teacher_model, with_kept_teaching, with_teacher
from cxr_core.training.errors import RunError
from cxr_core.training.feature_cache import Progress, frozen_features
from cxr_core.training.frozen_prefix import freeze, split_at_frozen
from cxr_core.training.infections import outlined_infections
from cxr_core.training.map_supervision import with_map_supervision
from cxr_core.training.objective import compile_for, side_targets
from cxr_core.training.recipe import Recipe
from cxr_core.training.run import RunState, load_state, save_epoch
from cxr_core.training.starting import load_initial_weights, load_trained

EVALUATION_BATCH = 64


def train(
    recipe: Recipe,
    index: pd.DataFrame,
    data: Path,
    out: Path,
    *,
    cache: Path,
    resume: bool = False,
    progress: Progress = lambda what, done, total: None,
    announce: Callable[[str], None] = lambda sentence: None,
    callbacks: list[keras.callbacks.Callback] | None = None,
) -> RunState:
    """Train a classifier on the training films, watched on the validation films; the test films are never looked at.

    Parameters
    ----------
    recipe : Recipe
        What to do.
    index : pandas.DataFrame
        From `open_collections`.
    data : Path
        The folder that the index's paths are relative to.
    out : Path
        The run's folder.
    cache : Path
        Where canonical films are kept between runs.
    resume : bool
        Go on from the last whole epoch in `out`. Without it, a folder that holds a run is refused.
    progress : callable, optional
        Called with what is being prepared, how much of it is done, and how much there is.
    announce : callable, optional
        Called with a sentence before much disk is taken.
    callbacks : list of keras.callbacks.Callback, optional
        Added to the run, for progress displays.

    Returns
    -------
    RunState
        With the history of all epochs, those before a resume included.

    Raises
    ------
    RunError
        `out` holds a run and `resume` is not set, or holds another recipe's run, or a damaged one.
    DataSetError
        A split is empty or a film cannot be read.
    WeightsMissingError, ModelError
        There is no teacher, or it cannot teach this backbone at this size.
    """
    out.mkdir(parents=True, exist_ok=True)
    state = load_state(out)
    recipe = recipe.pinned(index)
    if state.epochs_done and not resume:
        raise RunError(f"{out} holds a run of {state.epochs_done} epochs. Go on with --resume, or name another folder.")
    if state.epochs_done and not recipe.same_work(Recipe.load(out)):
        raise RunError(f"{out} holds a run of another recipe or data set. Give the same options, or name another folder.")
    recipe.save(out)
    keras.utils.set_random_seed(recipe.seed)
    classifier = build_classifier(recipe.backbone, recipe.size, dropout=recipe.dropout, dilated=recipe.dilated)
    if state.checkpoint is None or recipe.cached:  # frozen layers that do not run are in no checkpoint
        load_initial_weights(classifier, recipe.init)

    films = {}
    for split in ("train", "val"):
        rows = index[index["split"] == split]
        if rows.empty:
            raise DataSetError(f"The data set has no {split_films(split)}. Give some of its rows the split {split!r}.")
        done = itertools.count(1)
        report = partial(_report_film, progress, split_films(split), done, len(rows))
        found = canonical_films(data, list(rows["path"]), recipe.size, cache, report, announce, recipe.crop)
        films[split] = (found, class_codes(rows))
    if recipe.cached:
        work = _suffix(recipe, classifier, films, cache, progress, announce)
    else:
        wanted = recipe.map_weight or recipe.outlined_draws != 1
        infections = outlined_infections(data, index[index["split"] == "train"], recipe) if wanted else {}
        work = _whole(recipe, classifier, films, index[index["split"] == "train"], infections)
    codes = films["train"][1]
    batches, steps = work.batches(
        batch_size=recipe.batch_size,
        first_epoch=state.epochs_done,
        epochs=recipe.epochs,
        seed=recipe.seed,
        weights=class_weights(codes, recipe.class_weight_power),
    )
    compile_for(recipe, work.network, steps)
    if state.checkpoint is not None:
        work.network.optimizer.build(work.network.trainable_variables)  # else Keras silently drops the optimizer's half of the file
        checkpoint = out / state.checkpoint
        load_weights(work.network, checkpoint, f"The checkpoint {checkpoint} is damaged. Start the run again in a new folder.")
        if recipe.dropout > 0:  # Keras does not store how many draws were made either: one a step
            draws = classifier.get_layer("head_dropout").seed_generator.state
            draws.assign_add(np.array([0, state.epochs_done * steps], draws.dtype))
    work.network.fit(
        batches.map(partial(side_targets, recipe)) if recipe.teacher or recipe.map_weight else batches,
        initial_epoch=state.epochs_done,
        epochs=recipe.epochs,
        steps_per_epoch=steps,
        shuffle=False,
        verbose=0,
        callbacks=[
            EpochEnd(out, state, classifier, work.predict_val, films["val"][1], recipe.average_epochs),
            keras.callbacks.TensorBoard(str(out / "tensorboard"), write_graph=False),
            *(callbacks or []),
        ],
    )
    return state


@dataclass(frozen=True)
class _Work:
    """What is trained: the network, its batches, and how it is asked for the probabilities of the validation films."""

    network: keras.Model
    batches: Callable[..., tuple[tf.data.Dataset, int]]
    predict_val: Callable[[], np.ndarray]


def _whole(recipe: Recipe, classifier: keras.Model, films: dict[str, Any], rows: pd.DataFrame, infections: dict[int, np.ndarray]) -> _Work:
    """Run the whole network, on films augmented anew in every epoch; its first layers may be frozen."""
    if recipe.trainable_layers is not None:
        freeze(classifier, recipe.trainable_layers)
    network = classifier
    if recipe.teacher is not None:
        network = with_teacher(classifier, load_trained(Path(recipe.teacher), recipe.size))
    if recipe.map_weight:
        network = with_map_supervision(network, classifier)

    def predict_val() -> np.ndarray:
        val, codes = films["val"]
        return classifier.predict(evaluation_batches(val.films, codes, EVALUATION_BATCH).map(lambda x, y, weight: x), verbose=0)

    train, codes = films["train"]
    sources = rows["source"].fillna("").to_numpy() if "source" in rows else np.full(len(rows), "")
    chances = sampling_chances(codes, sources, recipe.class_balance, recipe.source_balance, recipe.draws)
    chances = drawn_oftener(chances, codes, infections, recipe.outlined_draws)
    batches = partial(
        training_batches,
        TrainFilms(train.films, train.lungs, codes, chances, infections),
        epoch_films=recipe.epoch_films or len(codes),
        augmentation=augmentation_of(recipe.augmentation, recipe.appearance),
        amplitudes=recipe.amplitudes,
        surroundings=recipe.surroundings,
        masks=recipe.map_weight > 0,
    )
    return _Work(network, batches, predict_val)


def _suffix(
    recipe: Recipe, classifier: keras.Model, films: dict[str, Any], cache: Path, progress: Progress, announce: Callable[[str], None]
) -> _Work:
    """Only the last layers train, on what the frozen ones, and a teacher, give for some fixed views of each film."""
    prefix, suffix = split_at_frozen(classifier, int(recipe.trainable_layers or 0))
    teacher = None if recipe.teacher is None else teacher_model(load_trained(Path(recipe.teacher), recipe.size))

    def features(frozen: keras.Model, what: str, split: str, view: int | None) -> list[np.ndarray]:
        pixels = films[split][0].films
        name = "as is" if view is None else f"{recipe.augmentation} {view} of seed {recipe.seed}, {augmentation_code(recipe.augmentation)}"
        return frozen_features(
            frozen, pixels, lambda row: _view(recipe, pixels[row], row, view), name, cache, what=what, progress=progress, announce=announce
        )

    views = [None] if recipe.augmentation == "none" else list(range(recipe.views))
    train = [features(prefix, "frozen layers", "train", view) for view in views]
    val = features(prefix, "frozen layers", "val", None)
    network = suffix
    if teacher is not None:
        train = [kept + features(teacher, "teacher", "train", view) for kept, view in zip(train, views, strict=True)]
        network = with_kept_teaching(classifier, prefix, teacher)

    def predict_val() -> np.ndarray:
        return suffix.predict(feature_evaluation_batches(val, EVALUATION_BATCH), verbose=0)

    return _Work(network, partial(feature_batches, train, codes=films["train"][1]), predict_val)


def _view(recipe: Recipe, pixels: np.ndarray, row: int, view: int | None) -> np.ndarray:
    film = pixels.astype(np.float32) / 255
    ranges = AUGMENTATIONS[recipe.augmentation]
    return film if view is None or ranges is None else augment(film, ranges, np.random.default_rng((recipe.seed, view, row)))


def _report_film(progress: Progress, what: str, done: "itertools.count[int]", total: int, _: int) -> None:
    progress(what, next(done), total)


class EpochEnd(keras.callbacks.Callback):
    """After each epoch: measure the mean of the last epochs' weights on the validation films, and store the epoch."""

    def __init__(
        self,
        out: Path,
        state: RunState,
        classifier: keras.Model,
        predict_val: Callable[[], np.ndarray],
        val_codes: np.ndarray,
        average_epochs: int,
    ) -> None:
        super().__init__()
        self.out, self.state, self.classifier = out, state, classifier
        self.predict_val, self.val_codes = predict_val, val_codes
        self.average_epochs = average_epochs

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Start the epoch's clock."""
        self.started = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Add the validation figures to the epoch's log and write the epoch to disk."""
        logs = {} if logs is None else logs
        mean = mean_of_last(self.classifier.get_weights(), self.out, epoch + 1, self.average_epochs)
        with holding(self.classifier, mean):
            probabilities = self.predict_val()
        top = probabilities.argmax(1)
        truth = np.clip(probabilities[np.arange(len(top)), self.val_codes], 1e-7, 1)
        logs["val_loss"] = float(-np.log(truth).mean())
        logs["val_accuracy"] = float((top == self.val_codes).mean())
        if (self.val_codes == COVID).any():
            logs["val_covid_recall"] = float((top[self.val_codes == COVID] == COVID).mean())
        row = {"epoch": epoch + 1, "seconds": round(time.monotonic() - self.started, 1)}
        # Without a loss that ran away: JSON, which the run's and the study's files are, has no number for it.
        row |= {name.removeprefix(f"{PROBABILITIES}_"): float(value) for name, value in logs.items() if np.isfinite(value)}
        bare = keras.Model(self.classifier.inputs, self.classifier.outputs)  # without the optimizer, which would treble the file

        def save_mean(path: Path) -> None:
            with holding(self.classifier, mean):
                bare.save_weights(path)

        save_epoch(self.out, self.state, row, self.model.save_weights, save_mean)
