"""Grad-CAM of all classes from one forward pass (Selvaraju et al. 2017, arXiv:1610.02391)."""

import logging
from typing import NamedTuple

import keras
import tensorflow as tf

from cxr_core.labels import CLASS_NAMES
from cxr_core.models import BACKBONES

EPSILON = 1e-7


class Explained(NamedTuple):
    """What one pass through the network gives of films.

    Attributes
    ----------
    logits : tf.Tensor
        float32, shape (n, 4), in the order of `CLASS_NAMES`; `cxr_core.calibration.calibrated` makes probabilities of them.
    features : tf.Tensor
        float32, shape (n, channels): the last activation of the backbone, averaged over its places.
    maps : tf.Tensor
        float32, shape (n, 4, h, w), each map stretched to [0, 1] on its own; all zero where there is no evidence for the class.
    """

    logits: tf.Tensor
    features: tf.Tensor
    maps: tf.Tensor


class GradCAM:
    """Logits, pooled features and the Grad-CAM of every class, as one compiled function.

    The head starts with global average pooling, so a class score's gradient is the same at every place of the last activation:
    it is the gradient with respect to the pooled features, divided by the number of places. One pass through the backbone and one
    small gradient through the head a class are all that is needed.

    The target is the backbone's last activation, which the head pools (for DenseNet121 the 1024-channel ``relu``). The score is
    the class's logit, as the paper has it: a softmax probability near 1 has no gradient left.

    Parameters
    ----------
    classifier : keras.Model
        From `build_classifier`.
    """

    def __init__(self, classifier: keras.Model) -> None:
        self.target = classifier.get_layer(BACKBONES[classifier.name].last_activation)
        pooled = classifier.get_layer("head_pooling").output
        self._features = keras.Model(classifier.input, self.target.output)
        self._head = keras.Model(pooled, classifier.get_layer("logits").output)
        self._signature = [tf.TensorSpec((None, *classifier.input_shape[1:]), tf.float32)]
        self._compiled = tf.function(self._explain, input_signature=self._signature, jit_compile=True)
        self._accelerated = True

    def explain(self, films: tf.Tensor) -> Explained:
        """Classify films and say where the evidence for each class lies.

        Parameters
        ----------
        films : numpy.ndarray or tf.Tensor
            float32, shape (n, size, size, 1), values in [0, 1]. Each new n is compiled for once, which takes seconds.

        Returns
        -------
        Explained
        """
        try:
            return self._compiled(films)
        except (tf.errors.InternalError, tf.errors.InvalidArgumentError, tf.errors.NotFoundError, tf.errors.UnimplementedError):
            if not self._accelerated:
                raise
            # Some platforms and devices have no XLA compiler; the same function runs without it, only slower.
            logging.getLogger(__name__).warning("XLA is not available here: reads will take about twice as long")
            self._compiled = tf.function(self._explain, input_signature=self._signature)
            self._accelerated = False
            return self._compiled(films)

    def _explain(self, films: tf.Tensor) -> Explained:
        features = self._features(films, training=False)
        pooled = tf.reduce_mean(features, axis=(1, 2))
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(pooled)
            logits = self._head(pooled, training=False)
            scores = [logits[:, code] for code in range(len(CLASS_NAMES))]
        places = tf.cast(tf.shape(features)[1] * tf.shape(features)[2], tf.float32)
        weights = tf.stack([tape.gradient(score, pooled) for score in scores], axis=1) / places
        maps = tf.nn.relu(tf.einsum("nhwk,nck->nchw", features, weights))
        low = tf.reduce_min(maps, axis=(2, 3), keepdims=True)
        high = tf.reduce_max(maps, axis=(2, 3), keepdims=True)
        return Explained(logits, pooled, (maps - low) / (high - low + EPSILON))
