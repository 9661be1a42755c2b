"""Supervision of the saliency map: what raises a class must lie in the lungs and, where it is outlined, in the infection.

Grad-CAM's weights follow from the head alone (Selvaraju et al. 2017, arXiv:1610.02391), so the map of the true class is part of the graph
and its share outside a mask is a loss like any other. After Ross et al. (2017, "Right for the right reasons", arXiv:1703.03717).

The loss looks at the map before Grad-CAM cuts off what is below zero. A network that is only held to the map that is left of it soon has
one that is zero everywhere: nothing of it lies outside, and nothing of it tells the reader anything.
"""

from typing import Any

import keras
from keras import ops

from cxr_core.models import BACKBONES

OUTSIDE = "outside"
SHARPNESS = 2.0
"""What a place counts grows with e to this power when the map rises there by as much as it is large on the whole."""
REACH = 9
"""The lungs count as widened by this many pixels of a 160-pixel film on all sides together: an opacity may reach over their outline."""


@keras.saving.register_keras_serializable("second_look")
class MapOutside(keras.layers.Layer):
    """How much of the Grad-CAM map of one class lies outside the lungs and outside an outlined infection, and whether it has a peak at all.

    Places count by the softmax of the map, whose root mean square is brought to 1. A map whose highest place is lower than that counts as
    flat, by the difference.

    Parameters
    ----------
    classifier : keras.Model
        From `build_classifier`; its head's weights are read and trained with it.
    """

    def __init__(self, classifier: keras.Model, **settings: Any) -> None:
        super().__init__(**settings)
        self._normalisation, self._dense, self._logits = (
            classifier.get_layer(name) for name in ("head_normalisation", "head_dense", "logits")
        )

    def call(
        self, activation: keras.KerasTensor, hidden: keras.KerasTensor, lungs: keras.KerasTensor, classes: keras.KerasTensor
    ) -> keras.KerasTensor:
        """Return the loss, shape (n, 1).

        Parameters
        ----------
        activation : keras.KerasTensor
            Shape (n, h, w, channels): what the head pools.
        hidden : keras.KerasTensor
            Shape (n, units): output of the dense layer before dropout.
        lungs : keras.KerasTensor
            Shape (n, size, size, 2) in [0, 1]: lungs, and infection; where none is outlined, the second is 1 everywhere.
        classes : keras.KerasTensor
            Shape (n, 4): the true class, one-hot.
        """
        # The gradient of the class's logit by the pooled features, through the dense layers and the normalisation.
        by_hidden = ops.matmul(classes, ops.transpose(self._logits.kernel)) * ops.cast(hidden > 0, hidden.dtype)
        norm = self._normalisation
        scale = norm.gamma / ops.sqrt(norm.moving_variance + norm.epsilon)
        weights = ops.matmul(by_hidden, ops.transpose(self._dense.kernel)) * scale
        cam = ops.einsum("nhwc,nc->nhw", activation, weights)
        cam = cam / ops.sqrt(ops.mean(ops.square(cam), (1, 2), keepdims=True) + 1e-6)
        places, size = activation.shape[1], lungs.shape[1]
        counts = ops.softmax(SHARPNESS * ops.reshape(cam, (-1, places * places)))
        widened = ops.max_pool(lungs[..., :1], max(1, REACH * size // 160), 1, "same")
        inside = ops.image.resize(
            ops.concatenate([widened, lungs[..., 1:]], -1), (places, places), interpolation="bilinear", antialias=True
        )
        outside = ops.sum(ops.reshape(counts, (-1, places, places, 1)) * (1 - inside), (1, 2, 3))
        flat = ops.relu(1 - ops.max(cam, (1, 2)))
        return ops.expand_dims(outside + flat, -1)


def with_map_supervision(network: keras.Model, classifier: keras.Model) -> keras.Model:
    """Add what is wrong with the map to what a network gives in training.

    Parameters
    ----------
    network : keras.Model
        The classifier, or `with_teacher` of it.
    classifier : keras.Model
        From `build_classifier`.

    Returns
    -------
    keras.Model
        Takes films, lungs (n, size, size, 2) and one-hot classes; gives a dict of `network`'s outputs and ``outside`` (n, 1).
    """
    size = classifier.input_shape[1]
    lungs, classes = keras.Input((size, size, 2), name="lungs"), keras.Input(classifier.output_shape[1:], name="classes")
    activation = classifier.get_layer(BACKBONES[classifier.name].last_activation).output
    hidden = classifier.get_layer("head_dense").output
    loss = MapOutside(classifier, name=OUTSIDE)(activation, hidden, lungs, classes)
    outputs = network.output if isinstance(network.output, dict) else {"probabilities": network.output}
    return keras.Model([classifier.input, lungs, classes], {**outputs, OUTSIDE: loss}, name="supervised")
