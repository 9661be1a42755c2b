"""Supervision of the saliency map."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy.special import softmax

from cxr_core.models import build_classifier
from cxr_core.training.distill import PROBABILITIES, TEACHING, with_teacher
from cxr_core.training.map_supervision import OUTSIDE, SHARPNESS, MapOutside, with_map_supervision
from tests.tiny import CHANNELS

CLASSES = np.eye(4, dtype=np.float32)[[0, 1, 2, 3, 2, 1]]


@pytest.fixture(scope="module")
def films():
    return np.random.default_rng(0).random((6, 64, 64, 1), np.float32)


@pytest.fixture
def classifier(random_classifier, tiny):
    """A network of its own, whose normalisation of the features does something."""
    copy = build_classifier(tiny, 64)
    copy.set_weights(random_classifier(tiny, 64).get_weights())
    normalisation = copy.get_layer("head_normalisation")
    normalisation.gamma.assign(np.random.default_rng(1).uniform(0.2, 2, CHANNELS))
    normalisation.beta.assign(np.random.default_rng(2).normal(0, 0.5, CHANNELS))
    return copy


def masks_of(lungs, infection=None):
    infection = np.ones_like(lungs) if infection is None else infection
    return np.stack([lungs, infection], -1).astype(np.float32)


def halves(number=6):
    upper = np.zeros((number, 64, 64), np.float32)
    upper[:, :32] = 1
    return upper


def outside(classifier, films, masks):
    joint = with_map_supervision(classifier, classifier)
    return joint([films, masks, CLASSES], training=False)[OUTSIDE].numpy()


def maps_by_autodiff(classifier, films):
    """Grad-CAM of the true class as Selvaraju et al. define it, before what is below zero is cut off; each map's root mean square is 1."""
    activation = classifier.get_layer("head_pooling").input
    features = keras.Model(classifier.input, activation)(films, training=False)
    tail = keras.Model(activation, classifier.get_layer("logits").output)
    with tf.GradientTape() as tape:
        tape.watch(features)
        score = tf.reduce_sum(tail(features, training=False) * CLASSES)
    weights = tf.reduce_mean(tape.gradient(score, features), (1, 2), keepdims=True)
    maps = tf.reduce_sum(weights * features, -1).numpy()
    return maps / np.sqrt(np.square(maps).mean((1, 2), keepdims=True))


def flatness(classifier, films):
    """How far each map's peak is below 1."""
    return np.maximum(0, 1 - maps_by_autodiff(classifier, films).max((1, 2)))


def test_weights_of_the_map_are_those_of_automatic_differentiation(classifier, films):
    infection = np.random.default_rng(3).random((6, 64, 64), np.float32)
    maps = maps_by_autodiff(classifier, films)
    inside = keras.ops.image.resize(infection[..., np.newaxis], maps.shape[1:], interpolation="bilinear", antialias=True)
    counts = softmax(SHARPNESS * maps, axis=(1, 2))
    expected = (counts * (1 - inside.numpy()[..., 0])).sum((1, 2)) + flatness(classifier, films)
    found = outside(classifier, films, masks_of(np.ones_like(infection), infection))
    assert found.shape == (6, 1)
    np.testing.assert_allclose(found[:, 0], expected, rtol=1e-3)
    assert np.ptp(expected) > 0.01


def test_share_outside_is_none_or_all(classifier, films):
    everywhere, nowhere, flat = np.ones((6, 64, 64)), np.zeros((6, 64, 64)), flatness(classifier, films)[:, np.newaxis]
    np.testing.assert_allclose(outside(classifier, films, masks_of(everywhere)), flat, atol=1e-3)
    np.testing.assert_allclose(outside(classifier, films, masks_of(nowhere)), 1 + flat, atol=1e-3)
    np.testing.assert_allclose(outside(classifier, films, masks_of(nowhere, nowhere)), 2 + flat, atol=1e-3)


def test_map_that_is_below_zero_everywhere_is_no_way_out(classifier, films):
    """Its activations are positive; with weights below zero nothing raises the class, and Grad-CAM shows nothing."""
    classifier.get_layer("logits").kernel.assign(-np.abs(classifier.get_layer("logits").kernel.numpy()))
    classifier.get_layer("head_dense").kernel.assign(np.abs(classifier.get_layer("head_dense").kernel.numpy()))
    assert maps_by_autodiff(classifier, films).max() < 0
    assert outside(classifier, films, masks_of(np.ones((6, 64, 64)))).min() > 1


def test_shares_outside_two_halves_add_up_to_the_whole(classifier, films):
    everywhere, upper = np.ones((6, 64, 64)), halves()
    flat = flatness(classifier, films)[:, np.newaxis]
    one, other = (outside(classifier, films, masks_of(everywhere, mask)) - flat for mask in (upper, 1 - upper))
    np.testing.assert_allclose(one + other, 1, atol=2e-3)
    assert 0.05 < one.mean() < 0.95


def test_lungs_count_as_wider_than_they_are_and_infections_do_not(classifier, films):
    everywhere, upper = np.ones((6, 64, 64)), halves()
    as_lungs, as_infection = outside(classifier, films, masks_of(upper)), outside(classifier, films, masks_of(everywhere, upper))
    assert (as_lungs < as_infection).all()


def test_classes_are_each_others(classifier, films):
    """The map is the true class's: another class has another share."""
    joint = with_map_supervision(classifier, classifier)
    masks = masks_of(np.ones((6, 64, 64)), halves())
    shares = [joint([films, masks, np.roll(CLASSES, turn, 1)], training=False)[OUTSIDE].numpy() for turn in range(4)]
    assert np.ptp(np.stack(shares), axis=0).min() > 1e-3


def test_probabilities_stay_and_a_teachers_distance_too(classifier, random_classifier, tiny, films):
    masks = masks_of(halves())
    alone = with_map_supervision(classifier, classifier)([films, masks, CLASSES], training=False)
    assert set(alone) == {PROBABILITIES, OUTSIDE}
    np.testing.assert_allclose(alone[PROBABILITIES], classifier(films, training=False), atol=1e-6)
    taught = with_teacher(classifier, random_classifier(tiny, 64))
    both = with_map_supervision(taught, classifier)([films, masks, CLASSES], training=False)
    assert set(both) == {PROBABILITIES, TEACHING, OUTSIDE}
    np.testing.assert_allclose(both[TEACHING], taught(films, training=False)[TEACHING], atol=1e-5)
    np.testing.assert_allclose(both[OUTSIDE], alone[OUTSIDE], atol=1e-6)


def test_descent_brings_the_map_into_the_lungs(classifier, films):
    joint = with_map_supervision(classifier, classifier)
    masks, optimizer = masks_of(np.ones((6, 64, 64)), halves()), keras.optimizers.Adam(3e-3)
    before = outside(classifier, films, masks).mean()
    for _ in range(10):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(joint([films, masks, CLASSES], training=False)[OUTSIDE])
        gradients = tape.gradient(loss, [variable.value for variable in joint.trainable_variables])
        optimizer.apply(
            [0.0 * v.value if g is None else g for g, v in zip(gradients, joint.trainable_variables, strict=True)],
            joint.trainable_variables,
        )
    assert outside(classifier, films, masks).mean() < before - 0.05


def test_every_weight_that_makes_the_map_learns_from_it(classifier, films):
    joint = with_map_supervision(classifier, classifier)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(joint([films, masks_of(np.ones((6, 64, 64)), halves()), CLASSES], training=False)[OUTSIDE])
    moved = {
        variable.path
        for variable, gradient in zip(
            joint.trainable_variables, tape.gradient(loss, [v.value for v in joint.trainable_variables]), strict=True
        )
        if gradient is not None and np.abs(gradient).max() > 0
    }
    assert {"logits/kernel", "head_dense/kernel", "head_normalisation/gamma", "stem_conv/kernel", "tail_conv/kernel"} <= moved


def test_layer_is_named_for_what_it_gives(classifier):
    assert isinstance(with_map_supervision(classifier, classifier).get_layer(OUTSIDE), MapOutside)
