"""Learning from a teacher: match its probabilities and, place by place, its last feature map.

The teacher sees the very view that the student sees (Beyer et al. 2022, "Knowledge distillation: a good teacher is patient and
consistent", arXiv:2106.05237); the feature term follows FitNets (Romero et al. 2015, arXiv:1412.6550) with cosine distance.
"""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from cxr_core.card import ModelError
from cxr_core.models import BACKBONES

PROBABILITIES = "probabilities"
TEACHING = "teaching"


@keras.saving.register_keras_serializable("second_look")
class TeachingLoss(keras.layers.Layer):
    """How far a student is from its teacher, a film: Kullback-Leibler divergence plus mean cosine distance of the feature maps."""

    def call(
        self,
        student_logits: keras.KerasTensor,
        student_map: keras.KerasTensor,
        teacher_logits: keras.KerasTensor,
        teacher_map: keras.KerasTensor,
    ) -> keras.KerasTensor:
        """Return the distance, shape (n, 1)."""
        teacher = ops.log_softmax(teacher_logits)
        divergence = ops.sum(ops.exp(teacher) * (teacher - ops.log_softmax(student_logits)), axis=-1)
        cosine = ops.sum(ops.normalize(student_map, axis=-1) * ops.normalize(teacher_map, axis=-1), axis=-1)
        return ops.expand_dims(divergence + ops.mean(1 - cosine, axis=(1, 2)), -1)


def teaching_outputs(classifier: keras.Model) -> list[keras.KerasTensor]:
    """Return what a teacher shows and a student is to match: the logits, (n, 4), and the last feature map, (n, side, side, channels)."""
    return [classifier.get_layer(name).output for name in ("logits", BACKBONES[classifier.name].last_activation)]


def teacher_model(teacher: keras.Model, student: keras.Model) -> keras.Model:
    """Return a frozen teacher that takes films and gives its logits and its last feature map.

    Parameters
    ----------
    teacher, student : keras.Model
        From `build_classifier`, of the same input size.

    Returns
    -------
    keras.Model
        Takes films, (n, size, size, 1); gives logits, (n, 4), and feature map, (n, side, side, channels).

    Raises
    ------
    ModelError
        The feature maps of the two differ in extent and cannot be matched place by place.
    """
    teacher.trainable = False
    logits, features = teaching_outputs(teacher)
    if features.shape[1:3] != teaching_outputs(student)[1].shape[1:3]:
        raise ModelError(f"{teacher.name} at {teacher.input_shape[1]} px cannot teach {student.name} at {student.input_shape[1]} px.")
    return keras.Model(teacher.input, [logits, features], name="teacher")


def with_teacher(student: keras.Model, teacher: keras.Model) -> keras.Model:
    """Join a student and its frozen teacher into one model to be trained, which shows every film to both.

    Parameters
    ----------
    student, teacher : keras.Model
        From `build_classifier`, of the same input size.

    Returns
    -------
    keras.Model
        Takes films; gives a dict of ``probabilities`` (n, 4) and ``teaching`` (n, 1), the distance to the teacher. Shares the
        student's weights; the teacher's do not train.

    Raises
    ------
    ModelError
        As `teacher_model`.
    """
    shown = teacher_model(teacher, student)(student.input, training=False)
    return _taught(student.input, student.output, teaching_outputs(student), shown)


def with_kept_teaching(student: keras.Model, prefix: keras.Model, teacher: keras.Model) -> keras.Model:
    """Join the last layers of a student with what its teacher shows of the same views, which was computed before.

    Parameters
    ----------
    student : keras.Model
        From `build_classifier`.
    prefix : keras.Model
        From `split_at_frozen` of `student`.
    teacher : keras.Model
        From `teacher_model`.

    Returns
    -------
    keras.Model
        Takes what the prefix gives and, behind it, what the teacher gives; gives what `with_teacher` gives.
    """
    shown = [keras.Input(output.shape[1:], name=f"teacher_{number}") for number, output in enumerate(teacher.outputs)]
    logits, features = teaching_outputs(student)
    crossing = [output is features for output in prefix.outputs]  # the last feature map itself, where only the head trains
    suffix = keras.Model(prefix.outputs, [student.output, logits, *([] if any(crossing) else [features])])
    matched = suffix.inputs[crossing.index(True)] if any(crossing) else suffix.outputs[2]
    return _taught([*suffix.inputs, *shown], suffix.outputs[0], [suffix.outputs[1], matched], shown)


def _taught(
    inputs: Any, probabilities: keras.KerasTensor, student: Sequence[keras.KerasTensor], teacher: Sequence[keras.KerasTensor]
) -> keras.Model:
    hint = keras.layers.Conv2D(teacher[1].shape[-1], 1, name="hint")(student[1])
    distance = TeachingLoss(name=TEACHING)(student[0], hint, *teacher)
    return keras.Model(inputs, {PROBABILITIES: probabilities, TEACHING: distance}, name="student_with_teacher")


def mean_output(_: keras.KerasTensor, distance: keras.KerasTensor) -> keras.KerasTensor:
    """Loss of an output that already is a loss."""
    return distance[:, 0]
