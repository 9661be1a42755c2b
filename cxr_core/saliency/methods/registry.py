"""The saliency methods that can be chosen."""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import keras
import numpy as np

from cxr_core.saliency.methods.gradcam import GradCAM
from cxr_core.saliency.methods.gradcam_plus_plus import GradCAMPlusPlus
from cxr_core.saliency.methods.method import SaliencyMethod
from cxr_core.saliency.methods.scorecam import CHANNELS, ScoreCAM
from cxr_core.saliency.methods.smoothgrad import SAMPLES, SmoothGrad
from cxr_core.saliency.progress import OnStep


class OneGradCAM:
    """Grad-CAM of one class, from the compiled function that gives all of them.

    Parameters
    ----------
    gradcam : GradCAM
    """

    name = "Grad-CAM"
    steps = 1

    def __init__(self, gradcam: GradCAM) -> None:
        self._gradcam = gradcam

    def explain(self, film: np.ndarray, code: int, on_step: OnStep) -> np.ndarray:
        """See `SaliencyMethod.explain`; the map has the size of the last activation."""
        on_step(0, self.steps)
        saliency = all_maps(self._gradcam, film)[0, code]
        on_step(self.steps, self.steps)
        return saliency


def all_maps(gradcam: GradCAM, films: np.ndarray) -> np.ndarray:
    """Return the Grad-CAM of every class, float32 (n, 4, h, w) in [0, 1], and nothing else of what that function gives."""
    *_, maps = gradcam.explain(films)
    return maps.numpy()


@dataclass(frozen=True)
class Method:
    """A saliency method as it is offered.

    Attributes
    ----------
    name : str
    description : str
        What it does, in one line.
    paper : str
        Where it comes from.
    build : callable
        Makes the method from a network of `build_classifier` and that network's `GradCAM`, which is compiled already.
    """

    name: str
    description: str
    paper: str
    build: Callable[[keras.Model, GradCAM], SaliencyMethod]


METHODS = MappingProxyType(
    {
        method.name: method
        for method in (
            Method(
                OneGradCAM.name,
                "Which regions of the last activation raise the class's score, by its gradient.",
                "Selvaraju et al. 2017, arXiv:1610.02391",
                lambda network, gradcam: OneGradCAM(gradcam),
            ),
            Method(
                GradCAMPlusPlus.name,
                "The same without the channels that speak against the class.",
                "Chattopadhay et al. 2018, arXiv:1710.11063",
                lambda network, gradcam: GradCAMPlusPlus(network),
            ),
            Method(
                SmoothGrad.name,
                f"Which pixels the score is sensitive to: its gradient, averaged over {SAMPLES} noisy copies of the film.",
                "Smilkov et al. 2017, arXiv:1706.03825",
                lambda network, gradcam: SmoothGrad(network),
            ),
            Method(
                ScoreCAM.name,
                f"How probable the class stays when only what a channel sees is shown: {CHANNELS} channels, no gradient.",
                "Wang et al. 2020, arXiv:1910.01279",
                lambda network, gradcam: ScoreCAM(network),
            ),
        )
    }
)
"""By name, the default first."""
