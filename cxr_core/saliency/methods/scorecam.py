"""Score-CAM (Wang et al. 2020, arXiv:1910.01279), by tf-keras-vis."""

from typing import Any

import keras
import numpy as np
from tf_keras_vis.scorecam import Scorecam
from tf_keras_vis.utils.scores import CategoricalScore

from cxr_core.models import BACKBONES
from cxr_core.saliency.methods.method import CompiledNetwork, logits_of
from cxr_core.saliency.progress import OnStep

CHANNELS = 64
"""Channels of the last activation that are tried, those that vary most over the film. All of them would take a minute and more on a CPU."""

BATCH = 4


class ScoreCAM:
    """Weighs each channel of the last activation by the probability that is left when the film shows only where the channel is active.

    It needs no gradient. The `CHANNELS` channels that vary most are tried, as Faster Score-CAM does, or all where there are fewer.

    Parameters
    ----------
    network : keras.Model
        From `build_classifier`.
    """

    name = "Score-CAM"
    steps = CHANNELS // BATCH

    def __init__(self, network: keras.Model) -> None:
        # The library takes the softmax of what the network gives, so this must be the logits.
        self._network = CompiledNetwork(logits_of(network))
        self._layer = BACKBONES[network.name].last_activation
        self._channels = min(CHANNELS, network.get_layer(self._layer).output.shape[-1])
        self.steps = -(-self._channels // BATCH)

    def explain(self, film: np.ndarray, code: int, on_step: OnStep) -> np.ndarray:
        """See `SaliencyMethod.explain`; the map has the size of the last activation."""
        on_step(0, self.steps)
        maps = Scorecam(_Reporting(self._network, on_step, self.steps))(
            CategoricalScore(code),
            film,
            penultimate_layer=self._layer,
            seek_penultimate_conv_layer=False,
            max_N=self._channels,
            expand_cam=False,
        )
        return np.asarray(maps[0], np.float32)


class _Reporting:
    """A network that says how far it is in the one long prediction that Score-CAM asks of it."""

    def __init__(self, compiled: CompiledNetwork, on_step: OnStep, steps: int) -> None:
        self.inputs, self.outputs, self.layers = compiled.inputs, compiled.outputs, compiled.layers
        self._forward, self._on_step, self._steps = compiled.forward, on_step, steps

    def predict(self, films: Any, batch_size: int) -> np.ndarray:
        """Predict in batches of our own size; the library's are too long to wait for."""
        (films,) = films
        parts = []
        for done, start in enumerate(range(0, len(films), BATCH), start=1):
            parts.append(self._forward(films[start : start + BATCH].astype(np.float32)).numpy())
            self._on_step(done, self._steps)
        return np.concatenate(parts)
