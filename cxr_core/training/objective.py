"""What a network is trained for: losses and their weights, metrics, optimizer and learning rate of a recipe."""

from typing import Any

import keras

from cxr_core.labels import COVID
from cxr_core.training.distill import PROBABILITIES, TEACHING, mean_output
from cxr_core.training.map_supervision import OUTSIDE
from cxr_core.training.recipe import Recipe

NORMALISATION_MOMENTUM = 0.98
"""Of the running statistics of batch normalisation in training. keras.applications gives MobileNetV2 0.999, which trails a
network that is being trained by thousands of steps, more than whole runs here have."""


def compile_for(recipe: Recipe, network: keras.Model, steps: int) -> None:
    """Give a network the loss, the metrics and the optimizer of a recipe; `steps` is the number of batches an epoch."""
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = NORMALISATION_MOMENTUM
    loss: Any = keras.losses.CategoricalCrossentropy(label_smoothing=recipe.label_smoothing)
    metrics: Any = ["accuracy", keras.metrics.Recall(top_k=1, class_id=COVID, name="covid_recall")]
    loss_weights = None
    beside = _beside(recipe)
    if beside:
        loss = {PROBABILITIES: loss, **dict.fromkeys(beside, mean_output)}
        metrics = {PROBABILITIES: metrics}
        loss_weights = {PROBABILITIES: recipe.hard_weight if recipe.teacher else 1.0, **beside}
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


def _beside(recipe: Recipe) -> dict[str, float]:
    """Return what a network gives in training beside its probabilities, with the weight of each in the loss."""
    beside = {TEACHING: 1.0} if recipe.teacher is not None else {}
    return beside | ({OUTSIDE: recipe.map_weight} if recipe.map_weight else {})


def side_targets(recipe: Recipe, x: Any, y: Any, weight: Any) -> tuple[Any, Any, Any]:
    """Add targets and weights for what a network gives beside its probabilities to a batch."""
    # What stands beside the probabilities is a loss itself, weighted by class as the labels' is; its target is not used.
    beside = _beside(recipe)
    return x, {PROBABILITIES: y, **dict.fromkeys(beside, weight)}, dict.fromkeys((PROBABILITIES, *beside), weight)
