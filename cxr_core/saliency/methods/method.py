"""What every saliency method is to its caller, and what those that run through tf-keras-vis share."""

from typing import Any, Protocol

import keras
import numpy as np
import tensorflow as tf

from cxr_core.saliency.progress import OnStep


class SaliencyMethod(Protocol):
    """One way to say where a network looked.

    Attributes
    ----------
    name : str
        As written on screen and in `METHODS`.
    steps : int
        How many steps of about equal length a map takes, each at most about a second on a CPU.
    """

    name: str
    steps: int

    def explain(self, film: np.ndarray, code: int, on_step: OnStep) -> np.ndarray:
        """Draw the saliency map of one class on one film. May be called by several threads at once.

        Parameters
        ----------
        film : numpy.ndarray
            float32, shape (1, size, size, 1), values in [0, 1], from `model_input`.
        code : int
            The class, by its place in `CLASS_NAMES`.
        on_step : callable
            See `OnStep`. What it raises ends the method and comes out of it.

        Returns
        -------
        numpy.ndarray
            float32, shape (h, w), values in [0, 1], over the whole square input; all zero where there is no evidence for the class.

        Raises
        ------
        Cancelled
            If `on_step` raised it.
        """
        ...


def logits_of(network: keras.Model) -> keras.Model:
    """Return a classifier without its softmax: a probability near 1 has hardly any gradient, and what is left of it is of the others."""
    return keras.Model(network.input, network.get_layer("logits").output)


class CompiledNetwork:
    """A network as tf-keras-vis uses one, with a compiled forward pass, which takes a fraction of the time.

    Parameters
    ----------
    network : keras.Model
        With one input and one output.
    """

    def __init__(self, network: keras.Model) -> None:
        self.network = network
        self.inputs = network.inputs
        self.outputs = network.outputs
        self.layers = network.layers
        self.forward = tf.function(
            lambda films: network(films, training=False), input_signature=[tf.TensorSpec((None, *network.input_shape[1:]), tf.float32)]
        )

    def __call__(self, inputs: Any, training: bool = False) -> tf.Tensor:
        """Pass one input, or a list of that one, through the network as it reads films; `training` is tf-keras-vis's, and never true."""
        return self.forward(inputs[0] if isinstance(inputs, list) else inputs)
