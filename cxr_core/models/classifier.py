"""A shipped classifier, loaded and checked."""

from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from cxr_core.card import (
    SHIPPED_MODEL,
    Doubt,
    DoubtMissingError,
    ModelIdentity,
    WeightsDamagedError,
    WeightsMissingError,
    file_sha256,
    read_doubt,
    read_identity,
)
from cxr_core.doubt import calibrated
from cxr_core.models.architecture import build_classifier


class Classifier:
    """A network with the weights that its card describes.

    Attributes
    ----------
    network : keras.Model
        Flat classifier from `build_classifier`.
    identity : ModelIdentity
        Which weights these are.
    device : str
        Where it runs: ``"GPU"`` with its name, or ``"CPU"``.
    temperature : float
        What the logits are divided by before the softmax: that of its doubt, or 1 while there is none.
    """

    def __init__(self, network: keras.Model, identity: ModelIdentity, device: str, doubt: Doubt | None = None) -> None:
        self.network = network
        self.identity = identity
        self.device = device
        self.temperature = 1.0 if doubt is None else doubt.temperature
        self._doubt = doubt
        outputs = keras.Model(network.input, [network.get_layer("logits").output, network.get_layer("head_pooling").output])
        self._forward = tf.function(
            lambda films: outputs(films, training=False),
            input_signature=[tf.TensorSpec((None, identity.size, identity.size, 1), tf.float32)],
        )

    @property
    def doubt(self) -> Doubt:
        """What was fitted for these weights on val.

        Raises
        ------
        DoubtMissingError
            Nothing was: the evaluation is about to do it.
        """
        if self._doubt is None:
            raise DoubtMissingError(f"Nothing that states the doubt of {self.identity.version} was fitted yet. Run 'evaluate'.")
        return self._doubt

    @classmethod
    def load(cls, folder: Path = SHIPPED_MODEL) -> "Classifier":
        """Load the classifier of a model folder after checking its weights against the card's hash.

        Parameters
        ----------
        folder : Path
            Holds a model card, the weights file it names, and the file of its doubt.

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
        DoubtMissingError, DoubtDamagedError, DoubtOfOtherWeightsError
            There are no calibrated probabilities of these weights; 'evaluate' fits what they need.
        """
        identity = read_identity(folder)
        path = _checked_weights(folder, identity)
        return cls._built(path, identity, read_doubt(folder, identity))

    @classmethod
    def load_unfitted(cls, folder: Path) -> "Classifier":
        """Load a classifier whose doubt is about to be fitted: as `load`, but at temperature 1 and whether or not a doubt lies there."""
        identity = read_identity(folder)
        return cls._built(_checked_weights(folder, identity), identity, None)

    @classmethod
    def _built(cls, path: Path, identity: ModelIdentity, doubt: Doubt | None) -> "Classifier":
        device = choose_device()
        network = build_classifier(identity.backbone, identity.size)
        try:
            network.load_weights(path)
        except Exception as error:  # h5py and Keras raise several kinds; the hash was right, so the card is of another program
            raise WeightsDamagedError(f"The weights file {path} does not fit {identity.backbone}. Restore the folder.") from error
        return cls(network, identity, device, doubt)

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
        return calibrated(self.outputs(films)[0], self.temperature)

    def outputs(self, films: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return what the network makes of a batch of canonical films before it chooses.

        Parameters
        ----------
        films : numpy.ndarray
            As in `predict`.

        Returns
        -------
        logits : numpy.ndarray
            float32, shape (n, 4), in the order of `CLASS_NAMES`.
        features : numpy.ndarray
            float32, shape (n, channels): the last activation of the backbone, averaged over its places.
        """
        logits, features = self._forward(films)
        return logits.numpy(), features.numpy()


def _checked_weights(folder: Path, identity: ModelIdentity) -> Path:
    """Return the weights file of a model folder, which is the one that its card describes."""
    path = folder / identity.weights_file
    if not path.is_file():
        raise WeightsMissingError(f"The weights file {path} is missing. Restore it, or train a model with 'train' and 'evaluate'.")
    if file_sha256(path) != identity.sha256:
        raise WeightsDamagedError(
            f"The weights file {path} is not the one that its model card describes. Restore both, or run 'evaluate' anew."
        )
    return path


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
