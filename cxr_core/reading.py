"""Reading one film: probabilities and maps, with where they came from."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cxr_core.card import SHIPPED_MODEL
from cxr_core.imaging import Film, Placement, model_input, placement
from cxr_core.labels import CLASS_NAMES
from cxr_core.models import Classifier
from cxr_core.saliency import GradCAM


@dataclass(frozen=True, eq=False)
class Read:
    """The result for one film.

    Attributes
    ----------
    probabilities : dict of str to float
        By class name; they sum to 1.
    maps : dict of str to numpy.ndarray
        Grad-CAM by class name, float32 (h, w) in [0, 1], over the square model input.
    place : Placement
        Where the film lies in that square.
    model : str
        Version of the classifier, such as ``densenet121 3f2a9c``.
    device : str
        Where it ran.
    seconds : float
        Time from film to result.
    """

    probabilities: dict[str, float]
    maps: dict[str, np.ndarray]
    place: Placement
    model: str
    device: str
    seconds: float

    @property
    def top_class(self) -> str:
        """The class with the highest probability."""
        return max(self.probabilities, key=self.probabilities.__getitem__)


class Reader:
    """A loaded classifier that reads one film at a time and explains each read.

    Parameters
    ----------
    classifier : Classifier
        From `Classifier.load`.
    """

    def __init__(self, classifier: Classifier) -> None:
        self.classifier = classifier
        self._gradcam = GradCAM(classifier.network)

    @classmethod
    def load(cls, folder: Path = SHIPPED_MODEL) -> "Reader":
        """Load a model folder and compile, so that the first film is read as fast as the next.

        Raises
        ------
        ModelError
            As `Classifier.load`.
        """
        reader = cls(Classifier.load(folder))
        size = reader.classifier.identity.size
        reader._gradcam.explain(np.zeros((1, size, size, 1), np.float32))
        return reader

    def read(self, film: Film) -> Read:
        """Classify a film and draw the saliency map of every class, in one pass through the network."""
        started = time.perf_counter()
        size = self.classifier.identity.size
        probabilities, maps = self._gradcam.explain(model_input(film, size)[np.newaxis])
        return Read(
            probabilities=dict(zip(CLASS_NAMES, map(float, probabilities[0].numpy()), strict=True)),
            maps=dict(zip(CLASS_NAMES, maps[0].numpy(), strict=True)),
            place=placement(film.height, film.width, size),
            model=self.classifier.identity.version,
            device=self.classifier.device,
            seconds=time.perf_counter() - started,
        )
