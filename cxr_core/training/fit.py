"""Fitting a classifier by a recipe, resumable at every epoch."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pandas as pd

from cxr_core.card import WEIGHTS_FILE, WeightsDamagedError, WeightsMissingError
from cxr_core.labels import COVID
from cxr_core.models import backbone_layers, build_classifier, load_backbone_weights
from cxr_core.training.augment import AUGMENTATIONS
from cxr_core.training.batches import class_weights, evaluation_batches, training_batches
from cxr_core.training.distill import PROBABILITIES, TEACHING, mean_output, with_teacher
from cxr_core.training.errors import DataSetError, RunError
from cxr_core.training.film_cache import canonical_films
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
    on_film: Callable[[int], None] | None = None,
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
    on_film : callable, optional
        Called with the number of films prepared since the last call.
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
    steps = max(1, int((index["split"] == "train").sum()) // recipe.batch_size)
    trained = _compiled(recipe, classifier, steps)
    if state.checkpoint is not None:
        trained.optimizer.build(trained.trainable_variables)  # else Keras silently drops the optimizer's half of the file
        trained.load_weights(out / state.checkpoint)
        if recipe.dropout > 0:  # Keras does not store how many draws were made either: one a step
            draws = classifier.get_layer("head_dropout").seed_generator.state
            draws.assign_add(np.array([0, state.epochs_done * steps], draws.dtype))
    else:
        load_initial_weights(classifier, recipe.init)

    films = {}
    for split in ("train", "val"):
        rows = index[index["split"] == split]
        if rows.empty:
            raise DataSetError(f"The data set has no films in its {split} split.")
        films[split] = (canonical_films(data, list(rows["path"]), recipe.size, cache, on_film), class_codes(rows))
    batches, steps = training_batches(
        *films["train"],
        batch_size=recipe.batch_size,
        first_epoch=state.epochs_done,
        epochs=recipe.epochs,
        seed=recipe.seed,
        augmentation=AUGMENTATIONS[recipe.augmentation],
        weights=class_weights(films["train"][1], recipe.class_weight_power),
    )
    if recipe.teacher is not None:
        batches = batches.map(_teaching_targets)
    trained.fit(
        batches,
        initial_epoch=state.epochs_done,
        epochs=recipe.epochs,
        steps_per_epoch=steps,
        shuffle=False,
        verbose=0,
        callbacks=[EpochEnd(out, state, classifier, films["val"]), *(callbacks or [])],
    )
    return state


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
    """After each epoch: measure on val, and store the epoch."""

    def __init__(self, out: Path, state: RunState, classifier: keras.Model, val: tuple[np.ndarray, np.ndarray]) -> None:
        super().__init__()
        self.out, self.state, self.classifier = out, state, classifier
        self.val_films, self.val_codes = val

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Start the epoch's clock."""
        self.started = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Add the validation figures to the epoch's log and write the epoch to disk."""
        logs = {} if logs is None else logs
        probabilities = self.classifier.predict(
            evaluation_batches(self.val_films, self.val_codes, EVALUATION_BATCH).map(lambda x, y, weight: x), verbose=0
        )
        top = probabilities.argmax(1)
        truth = np.clip(probabilities[np.arange(len(top)), self.val_codes], 1e-7, 1)
        logs["val_loss"] = float(-np.log(truth).mean())
        logs["val_accuracy"] = float((top == self.val_codes).mean())
        logs["val_covid_recall"] = float((top[self.val_codes == COVID] == COVID).mean())
        row = {"epoch": epoch + 1, "seconds": round(time.monotonic() - self.started, 1)}
        row |= {name.removeprefix(f"{PROBABILITIES}_"): float(value) for name, value in logs.items()}
        bare = keras.Model(self.classifier.inputs, self.classifier.outputs)  # without the optimizer, which would treble the file
        save_epoch(self.out, self.state, row, self.model.save_weights, bare.save_weights)


def _has_head(path: Path) -> bool:
    try:
        with h5py.File(path) as file:
            return "dense" in file["layers"]
    except (OSError, KeyError):
        return False


def _compiled(recipe: Recipe, classifier: keras.Model, steps: int) -> keras.Model:
    if recipe.trainable_layers is not None:
        layers = backbone_layers(classifier)
        for layer in layers[: len(layers) - recipe.trainable_layers]:
            layer.trainable = False
    for layer in classifier.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = NORMALISATION_MOMENTUM
    loss: Any = keras.losses.CategoricalCrossentropy(label_smoothing=recipe.label_smoothing)
    metrics: Any = ["accuracy", keras.metrics.Recall(top_k=1, class_id=COVID, name="covid_recall")]
    model, loss_weights = classifier, None
    if recipe.teacher is not None:
        model = with_teacher(classifier, load_trained(Path(recipe.teacher), recipe.size))
        loss = {PROBABILITIES: loss, TEACHING: mean_output}
        metrics = {PROBABILITIES: metrics}
        loss_weights = {PROBABILITIES: recipe.hard_weight, TEACHING: 1.0}
    model.compile(_optimizer(recipe, model, steps), loss, metrics=metrics, loss_weights=loss_weights)
    return model


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
