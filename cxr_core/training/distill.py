"""Learning from a teacher: match its probabilities and, place by place, its last feature map.

The teacher sees the very view that the student sees (Beyer et al. 2022, "Knowledge distillation: a good teacher is patient and
consistent", arXiv:2106.05237); the feature term follows FitNets (Romero et al. 2015, arXiv:1412.6550) with cosine distance.
"""

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


def with_teacher(student: keras.Model, teacher: keras.Model) -> keras.Model:
    """Join a student and its frozen teacher into one model to be trained.

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
        The feature maps differ in extent and cannot be matched place by place.
    """
    teacher.trainable = False
    maps, logits = [], []
    for model in (student, teacher):
        layers = [model.get_layer(BACKBONES[model.name].last_activation), model.get_layer("logits")]
        maps.append(layers[0].output)
        logits.append(layers[1].output)
    if maps[0].shape[1:3] != maps[1].shape[1:3]:
        raise ModelError(f"{teacher.name} at {teacher.input_shape[1]} px cannot teach {student.name} at {student.input_shape[1]} px.")
    teacher_logits, teacher_map = keras.Model(teacher.input, [logits[1], maps[1]], name="teacher")(student.input, training=False)
    student_map = keras.layers.Conv2D(maps[1].shape[-1], 1, name="hint")(maps[0])
    distance = TeachingLoss(name=TEACHING)(logits[0], student_map, teacher_logits, teacher_map)
    return keras.Model(student.input, {PROBABILITIES: student.output, TEACHING: distance}, name="student_with_teacher")


def mean_output(_: keras.KerasTensor, distance: keras.KerasTensor) -> keras.KerasTensor:
    """Loss of an output that already is a loss."""
    return distance[:, 0]
