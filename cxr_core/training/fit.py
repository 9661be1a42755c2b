"""Fitting a classifier by a recipe, resumable at every epoch."""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from cxr_core.card import WEIGHTS_FILE, WeightsDamagedError, WeightsMissingError
from cxr_core.labels import COVID
from cxr_core.models import build_classifier, load_backbone_weights
from cxr_core.training.augment import AUGMENTATIONS, augment, augmentation_code
from cxr_core.training.average import holding, mean_of_last
from cxr_core.training.batches import class_weights, evaluation_batches, feature_batches, feature_evaluation_batches, training_batches
from cxr_core.training.distill import PROBABILITIES, TEACHING, mean_output, teacher_model, with_kept_teaching, with_teacher
from cxr_core.training.errors import DataSetError, RunError
from cxr_core.training.feature_cache import Progress, frozen_features
from cxr_core.training.film_cache import canonical_films
from cxr_core.training.frozen_prefix import freeze, split_at_frozen
from cxr_core.training.index import class_codes
from cxr_core.training.recipe import Recipe
from cxr_core.training.run import BEST_WEIGHTS, RunState, load_state, save_epoch

EVALUATION_BATCH = 64

NORMALISATION_MOMENTUM = 0.98
"""Of the running statistics of batch normalisation in training. keras.applications gives MobileNetV2 0.999, which trails a
network that is being trained by thousands of steps, more than whole runs here have."""


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
    """Train a classifier on the train split, watched on the val split; test is never looked at.

    Parameters
    ----------
    recipe : Recipe
        What to do.
    index : pandas.DataFrame
        From `read_index`.
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
    classifier = build_classifier(recipe.backbone, recipe.size, dropout=recipe.dropout)
    if state.checkpoint is None or recipe.cached:  # frozen layers that do not run are in no checkpoint
        load_initial_weights(classifier, recipe.init)

    films = {}
    for split in ("train", "val"):
        rows = index[index["split"] == split]
        if rows.empty:
            raise DataSetError(f"The data set has no films in its {split} split.")
        done = itertools.count(1)
        report = partial(_report_film, progress, f"{split} films", done, len(rows))
        films[split] = (canonical_films(data, list(rows["path"]), recipe.size, cache, report, announce), class_codes(rows))
    work = _suffix(recipe, classifier, films, cache, progress, announce) if recipe.cached else _whole(recipe, classifier, films)
    codes = films["train"][1]
    batches, steps = work.batches(
        codes=codes,
        batch_size=recipe.batch_size,
        first_epoch=state.epochs_done,
        epochs=recipe.epochs,
        seed=recipe.seed,
        weights=class_weights(codes, recipe.class_weight_power),
    )
    _compile(recipe, work.network, steps)
    if state.checkpoint is not None:
        work.network.optimizer.build(work.network.trainable_variables)  # else Keras silently drops the optimizer's half of the file
        work.network.load_weights(out / state.checkpoint)
        if recipe.dropout > 0:  # Keras does not store how many draws were made either: one a step
            draws = classifier.get_layer("head_dropout").seed_generator.state
            draws.assign_add(np.array([0, state.epochs_done * steps], draws.dtype))
    work.network.fit(
        batches if recipe.teacher is None else batches.map(_teaching_targets),
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
    """What is trained: the network, its batches, and how it is asked for the probabilities of the val films."""

    network: keras.Model
    batches: Callable[..., tuple[tf.data.Dataset, int]]
    predict_val: Callable[[], np.ndarray]


def _whole(recipe: Recipe, classifier: keras.Model, films: dict[str, Any]) -> _Work:
    """Run the whole network, on films augmented anew in every epoch; its first layers may be frozen."""
    if recipe.trainable_layers is not None:
        freeze(classifier, recipe.trainable_layers)
    network = classifier
    if recipe.teacher is not None:
        network = with_teacher(classifier, load_trained(Path(recipe.teacher), recipe.size))

    def predict_val() -> np.ndarray:
        val, codes = films["val"]
        return classifier.predict(evaluation_batches(val, codes, EVALUATION_BATCH).map(lambda x, y, weight: x), verbose=0)

    return _Work(network, partial(training_batches, films["train"][0], augmentation=AUGMENTATIONS[recipe.augmentation]), predict_val)


def _suffix(
    recipe: Recipe, classifier: keras.Model, films: dict[str, Any], cache: Path, progress: Progress, announce: Callable[[str], None]
) -> _Work:
    """Only the last layers train, on what the frozen ones, and a teacher, give for some fixed views of each film."""
    prefix, suffix = split_at_frozen(classifier, int(recipe.trainable_layers or 0))
    teacher = None if recipe.teacher is None else teacher_model(load_trained(Path(recipe.teacher), recipe.size), classifier)

    def features(frozen: keras.Model, what: str, split: str, view: int | None) -> list[np.ndarray]:
        pixels = films[split][0]
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

    return _Work(network, partial(feature_batches, train), predict_val)


def _view(recipe: Recipe, pixels: np.ndarray, row: int, view: int | None) -> np.ndarray:
    film = pixels.astype(np.float32) / 255
    ranges = AUGMENTATIONS[recipe.augmentation]
    return film if view is None or ranges is None else augment(film, ranges, np.random.default_rng((recipe.seed, view, row)))


def _report_film(progress: Progress, what: str, done: "itertools.count[int]", total: int, _: int) -> None:
    progress(what, next(done), total)


def load_initial_weights(classifier: keras.Model, source: str) -> None:
    """Fill a classifier from `source`: as `load_backbone_weights`, or from a file that holds a whole classifier."""
    if source not in ("none", "imagenet") and Path(source).is_file() and _has_head(Path(source)):
        try:
            classifier.load_weights(source)
        except Exception as error:  # h5py and Keras each raise their own
            raise WeightsDamagedError(f"{source} holds another classifier than {classifier.name}.") from error
    else:
        load_backbone_weights(classifier, source)


def load_trained(folder: Path, size: int | None = None) -> keras.Model:
    """Build the classifier of a run's or a model's folder, with its best weights, for films of its own size or of another."""
    weights = next((folder / name for name in (BEST_WEIGHTS, WEIGHTS_FILE) if (folder / name).is_file()), None)
    if weights is None:
        raise WeightsMissingError(f"{folder} holds neither a finished epoch of a training run nor a model.")
    recipe = Recipe.load(folder)
    classifier = build_classifier(recipe.backbone, size or recipe.size)
    classifier.load_weights(weights)
    return classifier


class EpochEnd(keras.callbacks.Callback):
    """After each epoch: measure the mean of the last epochs' weights on val, and store the epoch."""

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


def _has_head(path: Path) -> bool:
    try:
        with h5py.File(path) as file:
            return "dense" in file["layers"]
    except (OSError, KeyError):
        return False


def _compile(recipe: Recipe, network: keras.Model, steps: int) -> None:
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = NORMALISATION_MOMENTUM
    loss: Any = keras.losses.CategoricalCrossentropy(label_smoothing=recipe.label_smoothing)
    metrics: Any = ["accuracy", keras.metrics.Recall(top_k=1, class_id=COVID, name="covid_recall")]
    loss_weights = None
    if recipe.teacher is not None:
        loss = {PROBABILITIES: loss, TEACHING: mean_output}
        metrics = {PROBABILITIES: metrics}
        loss_weights = {PROBABILITIES: recipe.hard_weight, TEACHING: 1.0}
    network.compile(_optimizer(recipe, network, steps), loss, metrics=metrics, loss_weights=loss_weights)


def _optimizer(recipe: Recipe, model: keras.Model, steps: int) -> keras.optimizers.Optimizer:
    rate: Any = recipe.learning_rate
    if recipe.schedule == "cosine":
        warmup = max(1, round(recipe.warmup_epochs * steps))
        rate = keras.optimizers.schedules.CosineDecay(
            0.0, max(1, recipe.epochs * steps - warmup), warmup_target=recipe.learning_rate, warmup_steps=warmup
        )
    if recipe.optimizer == "adamax":
        return keras.optimizers.Adamax(rate)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=recipe.weight_decay, clipnorm=None, global_clipnorm=2.0)
    # Weight decay is for matrices and kernels; it would only pull normalisation scales and biases off their course.
    optimizer.exclude_from_weight_decay(var_list=[variable for variable in model.trainable_variables if len(variable.shape) < 2])
    return optimizer


def _teaching_targets(x: Any, y: Any, weight: Any) -> tuple[Any, Any, Any]:
    # The teacher's loss is weighted by class as the labels' is; its target is not used.
    return x, {PROBABILITIES: y, TEACHING: weight}, {PROBABILITIES: weight, TEACHING: weight}
