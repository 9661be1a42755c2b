"""Learning from a teacher."""

import keras
import numpy as np
import pytest

from cxr_core.models import build_classifier
from cxr_core.training import split_at_frozen
from cxr_core.training.distill import PROBABILITIES, TEACHING, TeachingLoss, mean_output, teacher_model, with_kept_teaching, with_teacher
from tests.tiny import CHANNELS


@pytest.fixture(scope="module")
def films():
    return np.random.default_rng(0).random((4, 64, 64, 1), np.float32)


@pytest.fixture
def teacher(random_classifier, tiny):
    copy = build_classifier(tiny, 64)
    copy.set_weights(random_classifier(tiny, 64).get_weights())
    return copy


@pytest.fixture
def student(teacher, tiny):
    twin = build_classifier(tiny, 64)
    twin.set_weights(teacher.get_weights())
    return twin


def parts(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(3, 4)).astype(np.float32), rng.normal(size=(3, 8)).astype(np.float32)


def as_list(outputs):
    return outputs if isinstance(outputs, list) else [outputs]


def test_no_distance_to_itself():
    np.testing.assert_allclose(TeachingLoss()(*parts(0), *parts(0)), 0, atol=1e-5)


def test_distance_is_divergence_plus_cosine():
    (student_logits, student_features), (teacher_logits, teacher_features) = parts(0), parts(1)
    p, q = (np.exp(logits) / np.exp(logits).sum(1, keepdims=True) for logits in (teacher_logits, student_logits))
    norms = np.linalg.norm(student_features, axis=-1) * np.linalg.norm(teacher_features, axis=-1)
    cosine = (student_features * teacher_features).sum(-1) / norms
    distance = TeachingLoss()(student_logits, student_features, teacher_logits, teacher_features)
    assert distance.shape == (3, 1)
    np.testing.assert_allclose(distance[:, 0], (p * np.log(p / q)).sum(1) + 1 - cosine, rtol=1e-4)


def test_scale_of_the_features_does_not_count():
    logits, features = parts(0)
    np.testing.assert_allclose(TeachingLoss()(logits, features, logits, 10 * features), 0, atol=1e-5)


def test_twin_of_the_teacher_has_nothing_to_learn(student, teacher, films):
    joint = with_teacher(student, teacher)
    joint.get_layer("hint").kernel.assign(np.eye(CHANNELS))
    output = joint(films, training=False)
    np.testing.assert_allclose(output[TEACHING], 0, atol=1e-4)
    np.testing.assert_allclose(output[PROBABILITIES], teacher(films, training=False), atol=1e-5)
    student.get_layer("logits").bias.assign([-4, 0, 4, 0])
    assert joint(films, training=False)[TEACHING].numpy().max() > 0.1


@pytest.mark.parametrize("trainable_layers", [0, 3, 4])
def test_kept_teaching_is_that_of_a_teacher_that_runs_along(student, teacher, films, trainable_layers):
    student.get_layer("logits").bias.assign([-4, 0, 4, 0])
    prefix, _ = split_at_frozen(student, trainable_layers)
    shows = teacher_model(teacher)
    keras.utils.set_random_seed(4)  # the hint is random
    kept = with_kept_teaching(student, prefix, shows)([*as_list(prefix(films)), *shows(films)])
    keras.utils.set_random_seed(4)
    beside = with_teacher(student, teacher)(films)
    assert beside[TEACHING].numpy().min() > 0.1
    for name, output in kept.items():
        np.testing.assert_allclose(output, beside[name], rtol=1e-4, atol=1e-5)


def test_a_step_moves_the_student_and_not_the_teacher(student, teacher, films):
    student.get_layer("logits").bias.assign([-4, 0, 4, 0])
    before = teacher.get_weights(), student.get_weights()
    joint = with_teacher(student, teacher)
    losses = {PROBABILITIES: "categorical_crossentropy", TEACHING: mean_output}
    joint.compile(keras.optimizers.SGD(0.1), losses, run_eagerly=True)
    joint.train_on_batch(films, {PROBABILITIES: np.eye(4, dtype=np.float32), TEACHING: np.zeros((4, 1), np.float32)})
    assert all(np.array_equal(old, new) for old, new in zip(before[0], teacher.get_weights(), strict=True))
    moved = [np.abs(old - new).max() > 0 for old, new in zip(before[1], student.get_weights(), strict=True)]
    assert np.mean(moved) > 0.9


def test_a_teacher_drops_nothing_out_while_its_student_trains(teacher, films):
    shows = teacher_model(teacher)
    for still, training in zip(shows(films, training=False), shows(films, training=True), strict=True):
        np.testing.assert_array_equal(still, training)


def test_joint_model_trains_the_students_weights_and_the_hint(student, teacher):
    joint = with_teacher(student, teacher)
    ours = {id(weight) for weight in [*student.trainable_weights, *joint.get_layer("hint").trainable_weights]}
    assert {id(weight) for weight in joint.trainable_weights} == ours


def test_a_teacher_may_look_more_finely_than_its_student(student, films, tiny):
    """What is matched are pooled features: how many places a map has does not count."""
    dilated = build_classifier(tiny, 64, dilated=True)
    dilated.set_weights(student.get_weights())
    joint = with_teacher(student, dilated)
    assert joint(films, training=False)[TEACHING].shape == (4, 1)


def test_loss_of_a_loss_is_itself():
    np.testing.assert_array_equal(mean_output(np.zeros((3, 1)), np.array([[1.0], [2.0], [4.0]])), [1, 2, 4])
