"""Grad-CAM++ (Chattopadhay et al. 2018, arXiv:1710.11063), by tf-keras-vis."""

import keras
import numpy as np
from tf_keras_vis.gradcam_plus_plus import GradcamPlusPlus as Library
from tf_keras_vis.utils.scores import CategoricalScore

from cxr_core.models import BACKBONES
from cxr_core.saliency.methods.method import logits_of
from cxr_core.saliency.progress import OnStep


class GradCAMPlusPlus:
    """Weighs each channel of the last activation by its positive gradients alone.

    Under a head that begins with global average pooling a channel's gradient is the same at every place. The paper's weights then
    come down to the positive part of Grad-CAM's: the two differ by the channels that speak against the class, which are left out here.

    Parameters
    ----------
    network : keras.Model
        From `build_classifier`.
    """

    name = "Grad-CAM++"
    steps = 1

    def __init__(self, network: keras.Model) -> None:
        self._library = Library(logits_of(network), clone=False)
        # By itself the library would seek the last convolution, which for DenseNet121 is a slice of 32 channels: a wrong map.
        self._layer = BACKBONES[network.name].last_activation

    def explain(self, film: np.ndarray, code: int, on_step: OnStep) -> np.ndarray:
        """See `SaliencyMethod.explain`; the map has the size of the last activation."""
        on_step(0, self.steps)
        maps = self._library(
            CategoricalScore(code), film, penultimate_layer=self._layer, seek_penultimate_conv_layer=False, expand_cam=False
        )
        on_step(self.steps, self.steps)
        return np.asarray(maps[0], np.float32)
