"""Reading one film: what the input gate says of it, probabilities with their doubt, and maps, with where they came from."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cxr_core.card import SHIPPED_MODEL
from cxr_core.doubt import VIEWS, calibrated, changed_views, prediction_set, spread
from cxr_core.gate import GateOutcome, InputGate
from cxr_core.imaging import Film, Placement, lung_fields, model_input, placement
from cxr_core.labels import CLASS_NAMES
from cxr_core.models import Classifier
from cxr_core.saliency import METHODS, GradCAM, OnStep, SaliencyMethod


@dataclass(frozen=True, eq=False)
class Read:
    """The result for one film.

    Attributes
    ----------
    probabilities : dict of str to float
        By class name: calibrated; they sum to 1.
    low, high : dict of str to float
        By class name: range of the probability over the film and two slightly changed views of it.
    prediction_set : tuple of str
        The classes that fit the film, in their order; empty where none does.
    gate : GateOutcome
        What the input gate says. A film that it refuses has all the rest as well; whether that is shown is up to the caller.
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
    low: dict[str, float]
    high: dict[str, float]
    prediction_set: tuple[str, ...]
    gate: GateOutcome
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
    gate : InputGate
        Of the same weights.

    Raises
    ------
    DoubtMissingError
        Nothing was fitted that states its doubt.
    """

    def __init__(self, classifier: Classifier, gate: InputGate) -> None:
        self.classifier = classifier
        self.gate = gate
        self._doubt = classifier.doubt
        self._gradcam = GradCAM(classifier.network)
        self._methods: dict[str, SaliencyMethod] = {}
        self._building = threading.Lock()

    @classmethod
    def load(cls, folder: Path = SHIPPED_MODEL) -> "Reader":
        """Load a model folder and compile, so that the first film is read as fast as the next.

        Raises
        ------
        ModelError
            As `Classifier.load`.
        GateMissingError, GateDamagedError
            As `InputGate.load`.
        """
        gate = InputGate.load(folder)
        reader = cls(Classifier.load(folder), gate)
        size = reader.classifier.identity.size
        reader._gradcam.explain(np.zeros((1 + VIEWS, size, size, 1), np.float32))
        return reader

    def read(self, film: Film) -> Read:
        """Judge a film, classify it and its changed views, and draw the saliency map of every class, in one pass through the network."""
        started = time.perf_counter()
        size = self.classifier.identity.size
        canonical = model_input(film, size)
        logits, features, maps = self._gradcam.explain(np.concatenate([canonical[np.newaxis], changed_views(canonical)]))
        probabilities = calibrated(logits.numpy(), self._doubt.temperature)
        low, high = spread(probabilities)
        return Read(
            probabilities=_by_class(probabilities[0]),
            low=_by_class(low),
            high=_by_class(high),
            prediction_set=prediction_set(probabilities[0], self._doubt.set_thresholds),
            gate=self.gate.judge(film, canonical, features[0].numpy()),
            maps=dict(zip(CLASS_NAMES, maps[0].numpy(), strict=True)),
            place=placement(film.height, film.width, size),
            model=self.classifier.identity.version,
            device=self.classifier.device,
            seconds=time.perf_counter() - started,
        )

    def explain(self, film: Film, method: str, class_name: str, on_step: OnStep) -> np.ndarray:
        """Draw one class's saliency map by a method of `cxr_core.saliency.METHODS`. May be called by several threads at once.

        Parameters
        ----------
        film : Film
            The film.
        method : str
            Name of the method. It is built when it is first asked for.
        class_name : str
            One of `CLASS_NAMES`.
        on_step : callable
            See `cxr_core.saliency.OnStep`.

        Returns
        -------
        numpy.ndarray
            float32, shape (h, w), in [0, 1], over the square model input.

        Raises
        ------
        Cancelled
            If `on_step` raised it.
        """
        with self._building:
            if method not in self._methods:
                self._methods[method] = METHODS[method].build(self.classifier.network, self._gradcam)
        canonical = model_input(film, self.classifier.identity.size)
        return self._methods[method].explain(canonical[np.newaxis], CLASS_NAMES.index(class_name), on_step)

    def lungs(self, film: Film) -> np.ndarray:
        """Outline the lungs over the square model input: bool, shape (size, size); see `cxr_core.imaging.lung_fields`."""
        return lung_fields(model_input(film, self.classifier.identity.size))


def _by_class(values: np.ndarray) -> dict[str, float]:
    return dict(zip(CLASS_NAMES, map(float, values), strict=True))
