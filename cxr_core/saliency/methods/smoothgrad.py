"""SmoothGrad (Smilkov et al. 2017, arXiv:1706.03825), by tf-keras-vis a noisy copy at a time."""

import keras
import numpy as np
from tf_keras_vis.saliency import Saliency
from tf_keras_vis.utils.scores import CategoricalScore

from cxr_core.saliency.methods.method import CompiledNetwork, logits_of
from cxr_core.saliency.progress import OnStep

SAMPLES = 24
"""Noisy copies of the film. The paper finds little gain beyond 50; half of that takes seconds on a CPU."""

NOISE = 0.15
"""Standard deviation of the noise, in shares of the film's range of greys: the middle of the 10 to 20% that the paper recommends."""

CAP = 99.0
"""Percentile at which the map is cut off before it is stretched, so that single pixels do not darken all others (paper, section 3)."""


class SmoothGrad:
    """Averages the gradient of the class's logit with respect to the film over noisy copies of it, and takes its size.

    Parameters
    ----------
    network : keras.Model
        From `build_classifier`.
    """

    name = "SmoothGrad"
    steps = SAMPLES

    def __init__(self, network: keras.Model) -> None:
        self._library = Saliency(CompiledNetwork(logits_of(network)))

    def explain(self, film: np.ndarray, code: int, on_step: OnStep) -> np.ndarray:
        """See `SaliencyMethod.explain`; the map has the film's size, and is the same whenever the film is."""
        on_step(0, self.steps)
        noise = np.random.default_rng(0)
        spread = NOISE * (film.max() - film.min())
        total = np.zeros(film.shape[1:3], np.float32)
        for done in range(1, self.steps + 1):
            noisy = film + noise.normal(0, spread, film.shape).astype(np.float32)
            (gradient,) = self._library(CategoricalScore(code), noisy, keepdims=True, gradient_modifier=None, normalize_map=False)
            total += np.asarray(gradient)[..., 0]
            on_step(done, self.steps)
        size = np.abs(total)
        top = np.percentile(size, CAP)
        return np.clip(size / top, 0, 1) if top > 0 else np.zeros_like(size)
