"""What a network is trained for."""

import keras
import numpy as np
import pytest

from cxr_core.training import Recipe
from cxr_core.training.distill import PROBABILITIES, TEACHING
from cxr_core.training.map_supervision import OUTSIDE
from cxr_core.training.objective import NORMALISATION_MOMENTUM, compile_for, side_targets

TRUTH = np.eye(4, dtype=np.float32)[[0, 2, 1]]
WEIGHTS = np.array([1.0, 3.0, 2.0], np.float32)
FILMS = np.random.default_rng(0).random((3, 5)).astype(np.float32)


def network(*beside):
    """Probabilities of five inputs, and beside them what is a loss already."""
    keras.utils.set_random_seed(1)
    x = keras.Input((5,))
    normal = keras.layers.BatchNormalization(name="normal")(x)
    probabilities = keras.layers.Dense(4, "softmax", name="dense")(normal)
    sides = {name: keras.layers.Dense(1, "sigmoid", name=name)(normal) for name in beside}
    return keras.Model(x, {PROBABILITIES: probabilities, **sides} if sides else probabilities)


def recipe(**settings):
    return Recipe(init="none", label_smoothing=0.0, **settings)


@pytest.mark.parametrize(
    ("settings", "beside", "expected"),
    [
        ({}, (), {PROBABILITIES: 1.0}),
        ({"teacher": "T", "hard_weight": 0.3}, (TEACHING,), {PROBABILITIES: 0.3, TEACHING: 1.0}),
        ({"map_weight": 0.7}, (OUTSIDE,), {PROBABILITIES: 1.0, OUTSIDE: 0.7}),
        ({"teacher": "T", "map_weight": 0.2}, (TEACHING, OUTSIDE), {PROBABILITIES: 0.5, TEACHING: 1.0, OUTSIDE: 0.2}),
    ],
    ids=["labels", "teacher", "maps", "both"],
)
def test_loss_is_the_weighted_sum_of_its_parts(settings, beside, expected):
    model = network(*beside)
    compile_for(recipe(**settings), model, 1)
    found = model(FILMS, training=False)
    found = found if beside else {PROBABILITIES: found}
    parts = {PROBABILITIES: -np.log((found[PROBABILITIES] * TRUTH).numpy().sum(1))} | {name: found[name].numpy()[:, 0] for name in beside}
    loss = sum(expected[name] * (part * WEIGHTS).mean() for name, part in parts.items())
    batch = (FILMS, TRUTH, WEIGHTS)
    batch = side_targets(recipe(**settings), *batch) if beside else batch
    assert model.test_on_batch(*batch, return_dict=True)["loss"] == pytest.approx(loss, rel=1e-5)


def test_figures_are_of_the_probabilities():
    alone, taught = network(), network(TEACHING)
    compile_for(recipe(), alone, 1)
    compile_for(recipe(teacher="T"), taught, 1)
    assert {"accuracy", "covid_recall"} <= set(alone.test_on_batch(FILMS, TRUTH, WEIGHTS, return_dict=True))
    figures = taught.test_on_batch(*side_targets(recipe(teacher="T"), FILMS, TRUTH, WEIGHTS), return_dict=True)
    assert {f"{PROBABILITIES}_accuracy", f"{PROBABILITIES}_covid_recall"} <= set(figures)


def test_labels_are_smoothed():
    plain, smoothed = network(), network()
    compile_for(recipe(), plain, 1)
    compile_for(Recipe(init="none", label_smoothing=0.4), smoothed, 1)
    one, other = (model.test_on_batch(FILMS, TRUTH, return_dict=True)["loss"] for model in (plain, smoothed))
    assert one != pytest.approx(other)


def test_running_statistics_do_not_trail():
    model = network()
    compile_for(recipe(), model, 1)
    assert model.get_layer("normal").momentum == NORMALISATION_MOMENTUM


def test_cosine_warms_up_and_ends_at_zero():
    model = network()
    compile_for(recipe(epochs=4, warmup_epochs=1, learning_rate=0.02), model, 10)
    rate = model.optimizer._learning_rate
    assert [float(rate(step)) for step in (0, 5, 10, 25, 40)] == pytest.approx([0, 0.01, 0.02, 0.01, 0], abs=1e-6)


def test_constant_rate_is_constant():
    model = network()
    compile_for(recipe(schedule="constant", optimizer="adamax", learning_rate=0.02), model, 10)
    assert isinstance(model.optimizer, keras.optimizers.Adamax)
    assert float(model.optimizer.learning_rate) == pytest.approx(0.02)


def test_weight_decay_is_for_kernels():
    model = network()
    compile_for(recipe(weight_decay=0.5), model, 1)
    decayed = {variable.path for variable in model.trainable_variables if model.optimizer._use_weight_decay(variable)}
    assert decayed == {"dense/kernel"}
    assert model.optimizer.weight_decay == 0.5


def test_targets_beside_the_labels_are_weighted_alike():
    x, targets, weights = side_targets(recipe(teacher="T", map_weight=1.0), FILMS, TRUTH, WEIGHTS)
    assert x is FILMS
    assert targets[PROBABILITIES] is TRUTH
    assert set(targets) == set(weights) == {PROBABILITIES, TEACHING, OUTSIDE}
    assert all(weight is WEIGHTS for weight in weights.values())
