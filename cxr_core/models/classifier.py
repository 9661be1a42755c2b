"""A shipped classifier, loaded and checked."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from cxr_core.artifacts import (
    SHIPPED_MODEL,
    Calibration,
    CalibrationMissingError,
    ModelIdentity,
    WeightsDamagedError,
    WeightsMissingError,
    file_sha256,
    read_calibration,
    read_identity,
)
from cxr_core.calibration import calibrated
from cxr_core.labels import CLASS_NAMES
from cxr_core.models.architecture import build_classifier, load_weights


class NetworkOutputs(NamedTuple):
    """What n films come to before a class is chosen.

    Attributes
    ----------
    logits : numpy.ndarray
        float32, shape (n, 4), in the order of `CLASS_NAMES`: averaged over the networks.
    features : numpy.ndarray
        float32, shape (n, channels): the last activation of the classifier's own backbone, averaged over its places.
    alone : numpy.ndarray
        float32, shape (n, networks, 4): the logits of each network alone, in the order of `ModelIdentity.networks`.
    """

    logits: np.ndarray
    features: np.ndarray
    alone: np.ndarray


class Classifier:
    """A network with the weights that its card describes, and the companion that it is averaged with, where there is one.

    Attributes
    ----------
    network : keras.Model
        Flat classifier from `build_classifier`: the one that is explained.
    identity : ModelIdentity
        Which weights these are.
    device : str
        Where it runs: ``"GPU"`` with its name, or ``"CPU"``.
    temperature : float
        What the logits are divided by before the softmax: that of its calibration, or 1 while there is none.
    """

    def __init__(
        self,
        network: keras.Model,
        identity: ModelIdentity,
        device: str,
        calibration: Calibration | None = None,
        companion: keras.Model | None = None,
    ) -> None:
        self.network = network
        self.identity = identity
        self.device = device
        self.temperature = 1.0 if calibration is None else calibration.temperature
        self._calibration = calibration
        share = 0.0 if identity.companion is None else identity.companion.share
        self._shares = np.array([1 - share, share], np.float32)[: len(identity.networks)]
        self._shift = np.array(identity.companion.shift if identity.companion else (0.0,) * len(CLASS_NAMES), np.float32)
        self._companion = companion

    @property
    def calibration(self) -> Calibration:
        """What was fitted for these weights on the validation films.

        Raises
        ------
        CalibrationMissingError
            Nothing was: the evaluation is about to do it.
        """
        if self._calibration is None:
            raise CalibrationMissingError(f"{self.identity.version} has no calibration yet. Run 'evaluate'.")
        return self._calibration

    # A reader of single films needs the second alone; each takes seconds to make.

    @cached_property
    def _first(self) -> Callable[[tf.Tensor], list[tf.Tensor]]:
        return _frozen(self.network, "logits", "head_pooling")

    @cached_property
    def _second(self) -> Callable[[tf.Tensor], list[tf.Tensor]]:
        return _frozen(self._companion, "logits")

    @classmethod
    def load(cls, folder: Path = SHIPPED_MODEL) -> "Classifier":
        """Load the classifier of a model folder after checking its weights against the card's hash.

        Parameters
        ----------
        folder : Path
            Holds a model card, the weights file it names, and the file of its calibration.

        Returns
        -------
        Classifier
            On the GPU where TensorFlow sees one, else on the CPU.

        Raises
        ------
        WeightsMissingError
            The card or the weights file is not there.
        WeightsDamagedError
            The weights file is not the one that the card describes.
        CalibrationMissingError, CalibrationDamagedError, CalibrationOfOtherWeightsError
            There are no calibrated probabilities of these weights; 'evaluate' fits what they need.
        """
        identity = read_identity(folder)
        _check_weights(folder, identity)
        return cls._built(folder, identity, read_calibration(folder, identity))

    @classmethod
    def load_unfitted(cls, folder: Path) -> "Classifier":
        """Load a classifier whose calibration is about to be fitted: as `load`, but at temperature 1 and whether or not one lies there."""
        identity = read_identity(folder)
        _check_weights(folder, identity)
        return cls._built(folder, identity, None)

    @classmethod
    def _built(cls, folder: Path, identity: ModelIdentity, calibration: Calibration | None) -> "Classifier":
        device = choose_device()
        networks = [build_classifier(identity.backbone, identity.size, dilated=identity.dilated)]
        if identity.companion is not None:
            networks.append(build_classifier(identity.companion.backbone, identity.size, dilated=identity.companion.dilated))
        for network, path in zip(networks, identity.weights_paths(folder), strict=True):
            # The hash was right: where this fails, the card is of another program.
            load_weights(network, path, f"The weights file {path} does not fit {network.name}. Restore the folder.")
        return cls(networks[0], identity, device, calibration, *networks[1:])

    def predict(self, films: np.ndarray) -> np.ndarray:
        """Classify a batch of canonical films.

        Parameters
        ----------
        films : numpy.ndarray
            float32, shape (n, size, size, 1), values in [0, 1], from `model_input`.

        Returns
        -------
        numpy.ndarray
            float32, shape (n, 4), calibrated, rows summing to 1, in the order of `CLASS_NAMES`.
        """
        return calibrated(self.outputs(films).logits, self.temperature)

    def outputs(self, films: np.ndarray) -> NetworkOutputs:
        """Return what the networks make of a batch of canonical films, shaped as in `predict`, before a class is chosen."""
        logits, features = self._first(tf.constant(films))
        alone = self.alone(logits.numpy(), films)
        return NetworkOutputs(self.averaged(alone), features.numpy(), alone)

    def features(self, films: np.ndarray) -> np.ndarray:
        """Return what `outputs` has as `features` alone, float32 (n, channels), without asking the companion."""
        features: np.ndarray = self._first(tf.constant(films))[1].numpy()
        return features

    def alone(self, own: np.ndarray, films: np.ndarray) -> np.ndarray:
        """Put the companion's logits of films beside those of the classifier's own network, shape (n, 4): float32 (n, networks, 4)."""
        if self.identity.companion is None:
            return own[:, np.newaxis]
        return np.stack([own, self._second(tf.constant(films))[0].numpy()], 1)

    def average_by(self, share: float, shift: tuple[float, ...]) -> None:
        """Average from now on by another share of the companion and another shift of the classes, as `Companion` has them."""
        assert self.identity.companion is not None
        companion = self.identity.companion.model_copy(update={"share": share, "shift": shift})
        self.identity = self.identity.model_copy(update={"companion": companion})
        self._shares, self._shift = np.array([1 - share, share], np.float32), np.array(shift, np.float32)

    def averaged(self, alone: np.ndarray) -> np.ndarray:
        """Average the logits of the networks, shape (n, networks, 4), by their shares, and shift them: float32 (n, 4)."""
        return np.einsum("nkc,k->nc", alone, self._shares) + self._shift


def _frozen(network: keras.Model, *layers: str) -> Callable[[tf.Tensor], list[tf.Tensor]]:
    """Return what gives some layers' outputs for films, with its present weights as constants.

    TensorFlow then folds each batch normalisation into the convolution before it, which takes a third to a half off a pass. Its public
    names reach this only by way of a file.
    """
    outputs = keras.Model(network.input, [network.get_layer(name).output for name in layers])
    signature = tf.TensorSpec((None, *network.input_shape[1:]), tf.float32)
    function = tf.function(lambda films: outputs(films, training=False)).get_concrete_function(signature)
    return convert_variables_to_constants_v2(function)


def _check_weights(folder: Path, identity: ModelIdentity) -> None:
    """Refuse a model folder whose weights files are not those that its card describes."""
    paths = identity.weights_paths(folder)
    for path in paths:
        if not path.is_file():
            raise WeightsMissingError(f"The weights file {path} is missing. Restore it, or train a model with 'train' and 'evaluate'.")
    if file_sha256(*paths) != identity.sha256:
        named = " and ".join(map(str, paths))
        raise WeightsDamagedError(
            f"The weights file {named} is not the one that its model card describes. Restore both, or run 'evaluate' anew."
            if len(paths) == 1
            else f"The weights files {named} are not those that their model card describes. Restore all, or run 'evaluate' anew."
        )


def choose_device() -> str:
    """Say where TensorFlow will run, and let it take a GPU's memory only as it needs it."""
    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return "CPU"
    for gpu in gpus:
        try:
            tf.config.experimental.set_memory_growth(gpu, True)
        except RuntimeError:
            break  # TensorFlow was already running in this process; its setting then stays as it is
    return f"GPU {tf.config.experimental.get_device_details(gpus[0]).get('device_name', '')}".strip()
