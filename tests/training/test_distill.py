"""Learning from a teacher."""

import keras
import numpy as np
import pytest

from cxr_core.card import ModelError
from cxr_core.models import build_classifier
from cxr_core.training.distill import PROBABILITIES, TEACHING, TeachingLoss, mean_output, teacher_model, with_kept_teaching, with_teacher
from cxr_core.training.frozen_prefix import split_at_frozen


@pytest.fixture(scope="module")
def films():
    return np.random.default_rng(0).random((4, 64, 64, 1), np.float32)


@pytest.fixture
def teacher(random_classifier):
    copy = build_classifier("MobileNetV2", 64)
    copy.set_weights(random_classifier("MobileNetV2", 64).get_weights())
    return copy


@pytest.fixture
def student(teacher):
    twin = build_classifier("MobileNetV2", 64)
    twin.set_weights(teacher.get_weights())
    return twin


def parts(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(3, 4)).astype(np.float32), rng.normal(size=(3, 2, 2, 8)).astype(np.float32)


def as_list(outputs):
    return outputs if isinstance(outputs, list) else [outputs]


def test_no_distance_to_itself():
    np.testing.assert_allclose(TeachingLoss()(*parts(0), *parts(0)), 0, atol=1e-5)


def test_distance_is_divergence_plus_cosine():
    (student_logits, student_map), (teacher_logits, teacher_map) = parts(0), parts(1)
    p, q = (np.exp(logits) / np.exp(logits).sum(1, keepdims=True) for logits in (teacher_logits, student_logits))
    norms = np.linalg.norm(student_map, axis=-1) * np.linalg.norm(teacher_map, axis=-1)
    cosine = (student_map * teacher_map).sum(-1) / norms
    expected = (p * np.log(p / q)).sum(1) + (1 - cosine).mean((1, 2))
    distance = TeachingLoss()(student_logits, student_map, teacher_logits, teacher_map)
    assert distance.shape == (3, 1)
    np.testing.assert_allclose(distance[:, 0], expected, rtol=1e-4)


def test_scale_of_the_maps_does_not_count():
    logits, features = parts(0)
    np.testing.assert_allclose(TeachingLoss()(logits, features, logits, 10 * features), 0, atol=1e-5)


def test_twin_of_the_teacher_has_nothing_to_learn(student, teacher, films):
    joint = with_teacher(student, teacher)
    hint = joint.get_layer("hint")
    hint.kernel.assign(np.eye(1280)[np.newaxis, np.newaxis])
    output = joint(films, training=False)
    np.testing.assert_allclose(output[TEACHING], 0, atol=1e-4)
    np.testing.assert_allclose(output[PROBABILITIES], teacher(films, training=False), atol=1e-5)
    student.get_layer("logits").bias.assign([3, 0, 0, 0])
    assert joint(films, training=False)[TEACHING].numpy().max() > 0.1


@pytest.mark.parametrize("trainable_layers", [0, 6])
def test_kept_teaching_is_that_of_a_teacher_that_runs_along(student, films, trainable_layers):
    teacher = build_classifier("MobileNetV2", 64)
    student.get_layer("logits").bias.assign([3, 0, 0, 0])
    prefix, _ = split_at_frozen(student, trainable_layers)
    shows = teacher_model(teacher, student)
    kept = with_kept_teaching(student, prefix, shows)([*as_list(prefix(films)), *shows(films)])
    beside = with_teacher(student, teacher)(films)
    assert beside[TEACHING].numpy().min() > 0.1
    for name, output in kept.items():
        np.testing.assert_allclose(output, beside[name], rtol=1e-4, atol=1e-5)


@pytest.mark.slow
def test_a_step_moves_the_student_and_not_the_teacher(student, teacher, films):
    student.get_layer("logits").bias.assign([3, 0, 0, 0])
    before = teacher.get_weights(), student.get_weights()
    joint = with_teacher(student, teacher)
    losses = {PROBABILITIES: "categorical_crossentropy", TEACHING: mean_output}
    joint.compile(keras.optimizers.SGD(0.1), losses, run_eagerly=True)
    joint.train_on_batch(films, {PROBABILITIES: np.eye(4, dtype=np.float32), TEACHING: np.zeros((4, 1), np.float32)})
    assert all(np.array_equal(old, new) for old, new in zip(before[0], teacher.get_weights(), strict=True))
    moved = [np.abs(old - new).max() > 0 for old, new in zip(before[1], student.get_weights(), strict=True)]
    assert np.mean(moved) > 0.9


def test_joint_model_trains_the_students_weights_and_the_hint(student, teacher):
    joint = with_teacher(student, teacher)
    ours = {id(weight) for weight in [*student.trainable_weights, *joint.get_layer("hint").trainable_weights]}
    assert {id(weight) for weight in joint.trainable_weights} == ours


def test_mismatched_maps_are_refused(random_classifier, teacher):
    with pytest.raises(ModelError, match="MobileNetV2 at 64 px cannot teach MobileNetV2 at 96 px"):
        with_teacher(random_classifier("MobileNetV2", 96), teacher)


def test_loss_of_a_loss_is_itself():
    np.testing.assert_array_equal(mean_output(np.zeros((3, 1)), np.array([[1.0], [2.0], [4.0]])), [1, 2, 4])
