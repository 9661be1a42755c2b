"""Learning from a teacher: match its probabilities and its pooled features.

The teacher sees the very view that the student sees (Beyer et al. 2022, "Knowledge distillation: a good teacher is patient and
consistent", arXiv:2106.05237); the feature term follows FitNets (Romero et al. 2015, arXiv:1412.6550) with cosine distance.
"""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

PROBABILITIES = "probabilities"
TEACHING = "teaching"


@keras.saving.register_keras_serializable("second_look")
class TeachingLoss(keras.layers.Layer):
    """How far a student is from its teacher, a film: Kullback-Leibler divergence plus cosine distance of the pooled features."""

    def call(
        self,
        student_logits: keras.KerasTensor,
        student_features: keras.KerasTensor,
        teacher_logits: keras.KerasTensor,
        teacher_features: keras.KerasTensor,
    ) -> keras.KerasTensor:
        """Return the distance, shape (n, 1)."""
        teacher = ops.log_softmax(teacher_logits)
        divergence = ops.sum(ops.exp(teacher) * (teacher - ops.log_softmax(student_logits)), axis=-1)
        cosine = ops.sum(ops.normalize(student_features, axis=-1) * ops.normalize(teacher_features, axis=-1), axis=-1)
        return ops.expand_dims(divergence + 1 - cosine, -1)


def teaching_outputs(classifier: keras.Model) -> list[keras.KerasTensor]:
    """Return what a teacher shows and a student is to match: the logits, (n, 4), and the pooled features, (n, channels)."""
    return [classifier.get_layer(name).output for name in ("logits", "head_pooling")]


def teacher_model(teacher: keras.Model) -> keras.Model:
    """Freeze a teacher, from `build_classifier`; return what takes films and gives its logits and pooled features, in training as ever."""
    teacher.trainable = False  # its normalisations then go by their running statistics in training too
    teacher.get_layer("head_dropout").rate = 0.0  # Keras hands `training=True` on to it, whatever it is called with below
    return keras.Model(teacher.input, teaching_outputs(teacher), name="teacher")


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
    """
    shown = teacher_model(teacher)(student.input, training=False)
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
    suffix = keras.Model(prefix.outputs, [student.output, *teaching_outputs(student)])
    return _taught([*suffix.inputs, *shown], suffix.outputs[0], suffix.outputs[1:], shown)


def _taught(
    inputs: Any, probabilities: keras.KerasTensor, student: Sequence[keras.KerasTensor], teacher: Sequence[keras.KerasTensor]
) -> keras.Model:
    hint = keras.layers.Dense(teacher[1].shape[-1], name="hint")(student[1])
    distance = TeachingLoss(name=TEACHING)(student[0], hint, *teacher)
    return keras.Model(inputs, {PROBABILITIES: probabilities, TEACHING: distance}, name="student_with_teacher")


def mean_output(_: keras.KerasTensor, distance: keras.KerasTensor) -> keras.KerasTensor:
    """Loss of an output that already is a loss."""
    return distance[:, 0]
