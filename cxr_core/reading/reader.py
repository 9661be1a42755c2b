"""Reading one film: what the input gate says of it, calibrated probabilities, and maps, with where they came from."""

import threading
import time
from pathlib import Path

import numpy as np

from cxr_core.artifacts import SHIPPED_MODEL
from cxr_core.calibration import TTA_VIEWS, calibrated, prediction_set, spread, tta_views
from cxr_core.gate import InputGate
from cxr_core.imaging import Film
from cxr_core.labels import CLASS_NAMES
from cxr_core.lungs import LungNetwork, prepare
from cxr_core.models import Classifier
from cxr_core.reading.read import Read, by_class, tops
from cxr_core.saliency import OnStep
from cxr_core.saliency.methods import METHODS, GradCAM, SaliencyMethod


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
    CalibrationMissingError
        Nothing was fitted that calibrates it.
    """

    def __init__(self, classifier: Classifier, gate: InputGate) -> None:
        self.classifier = classifier
        self.gate = gate
        self._calibration = classifier.calibration
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
        LungNetworkMissingError, LungNetworkDamagedError
            As `LungNetwork.load`.
        """
        LungNetwork.load()
        gate = InputGate.load(folder)
        reader = cls(Classifier.load(folder), gate)
        size = reader.classifier.identity.size
        blank = np.zeros((1 + TTA_VIEWS, size, size, 1), np.float32)
        reader.classifier.alone(reader._gradcam.explain(blank).logits.numpy(), blank)
        return reader

    def read(self, film: Film) -> Read:
        """Judge a film, classify it with its test-time augmentations, and draw every class's saliency map, in one pass."""
        started = time.perf_counter()
        identity = self.classifier.identity
        prepared = prepare(film, identity.size, identity.crop)
        canonical = prepared.canonical
        views = np.concatenate([canonical[np.newaxis], tta_views(canonical)])
        logits, features, maps = self._gradcam.explain(views)
        alone = self.classifier.alone(logits.numpy(), views)
        probabilities = calibrated(self.classifier.averaged(alone), self._calibration.temperature)
        low, high = spread(probabilities)
        return Read(
            probabilities=by_class(probabilities[0]),
            prediction_set=prediction_set(probabilities[0], self._calibration.set_thresholds),
            gate=self.gate.judge(film, prepared, features[0].numpy()),
            lungs=prepared.lungs,
            box=prepared.box,
            model=identity.version,
            model_sha256=identity.sha256,
            device=self.classifier.device,
            tops=tops(identity.networks, alone[0]),
            low=by_class(low),
            high=by_class(high),
            views=probabilities[1:],
            features=features[0].numpy(),
            maps=dict(zip(CLASS_NAMES, maps[0].numpy(), strict=True)),
            seconds=time.perf_counter() - started,
        )

    def explain(self, film: Film, method: str, class_name: str, on_step: OnStep) -> np.ndarray:
        """Draw one class's saliency map by a method of `cxr_core.saliency.methods.METHODS`. May be called by several threads at once.

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
        canonical = prepare(film, self.classifier.identity.size, self.classifier.identity.crop).canonical
        return self._methods[method].explain(canonical[np.newaxis], CLASS_NAMES.index(class_name), on_step)
