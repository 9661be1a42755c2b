"""The loaded network asked for its insides: first kernels, activations, what the head makes of them. Loads TensorFlow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import keras
import numpy as np
import tensorflow as tf

from cxr_core.labels import CLASS_NAMES
from cxr_core.lecture.convolution import Kernel
from cxr_core.lecture.structure import Block, Structure
from cxr_core.models import BACKBONES, backbone_layers

MOST_DEPTHS: Final = 5

_POOLINGS = (keras.layers.MaxPooling2D, keras.layers.AveragePooling2D)


@dataclass(frozen=True, eq=False)
class Depth:
    """What one layer makes of a film.

    Attributes
    ----------
    layer : str
        Its name in the network.
    number : int
        Its place among the layers of the backbone, from 1.
    activation : numpy.ndarray
        float32, shape (h, w, channels).
    """

    layer: str
    number: int
    activation: np.ndarray


@dataclass(frozen=True, eq=False)
class Seen:
    """A film on its way through the network.

    Attributes
    ----------
    depths : tuple of Depth
        From the film to the last activation.
    logits : numpy.ndarray
        float32, shape (4,): of this network alone.
    weights : numpy.ndarray
        float32, shape (4, channels): what one more of each channel of the last activation, at one place, adds to the logit of each class.
    """

    depths: tuple[Depth, ...]
    logits: np.ndarray
    weights: np.ndarray

    @property
    def last(self) -> np.ndarray:
        """The last activation, shape (h, w, channels), which the head pools and maps are drawn on."""
        return self.depths[-1].activation


class Insides:
    """A classifier's network, to be looked into.

    Parameters
    ----------
    network : keras.Model
        From `cxr_core.models.build_classifier`.
    """

    def __init__(self, network: keras.Model) -> None:
        self._backbone = BACKBONES[network.name]
        self._layers = backbone_layers(network)
        names = [layer.name for layer in self._layers]
        self._at = [names.index(name) for name in _depth_names(self._layers, self._backbone.last_activation)]
        self._looks = keras.Model(network.input, [self._layers[at].output for at in self._at])
        self._head = keras.Model(network.get_layer("head_pooling").output, network.get_layer("logits").output)
        of_head = network.layers[network.layers.index(network.get_layer("head_pooling")) :]
        self.structure = Structure(tuple(map(_trainable, self._layers)), sum(map(_trainable, of_head)), _blocks(self._layers))
        self._first, self._normalisation = _first_convolution(self._layers)

    @property
    def first_layer(self) -> str:
        """Name of the first convolution."""
        return str(self._first.name)

    @property
    def first_channels(self) -> int:
        """How many kernels it has."""
        return int(self._first.kernel.shape[-1])

    def first_kernel(self, channel: int) -> Kernel:
        """Return a kernel of the first convolution as one over grey levels in [0, 1].

        The network's own preprocessing stands before it and its normalisation behind it. Both are linear, so they are put into the weights
        and the bias: wherever a window lies wholly on the film, `convolve` gives what the network computes there before ReLU.
        """
        weights = self._first.kernel.numpy()[..., channel].astype(float)
        bias = float(self._first.bias.numpy()[channel]) if self._first.use_bias else 0.0
        bias += float(weights.sum((0, 1)) @ np.asarray(self._backbone.offset))
        grey = weights @ np.asarray(self._backbone.scale)
        layer = self._normalisation
        if layer is not None:
            factor = 1 / np.sqrt(float(layer.moving_variance.numpy()[channel]) + layer.epsilon)
            factor *= float(layer.gamma.numpy()[channel]) if layer.scale else 1.0
            shift = float(layer.beta.numpy()[channel]) if layer.center else 0.0
            grey, bias = grey * factor, (bias - float(layer.moving_mean.numpy()[channel])) * factor + shift
        return Kernel(f"Learned, channel {channel}", grey, bias, int(self._first.strides[0]))

    def see(self, canonical: np.ndarray) -> Seen:
        """Send one film through.

        Parameters
        ----------
        canonical : numpy.ndarray
            float32, shape (size, size, 1), in [0, 1].

        Returns
        -------
        Seen
        """
        found = self._looks(canonical[np.newaxis], training=False)
        # Of a single output Keras gives no list.
        activations = [part.numpy()[0] for part in (found if isinstance(found, (list, tuple)) else [found])]
        last = activations[-1]
        pooled = tf.constant(last.mean((0, 1))[np.newaxis])
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(pooled)
            logits = self._head(pooled, training=False)
            scores = [logits[0, code] for code in range(len(CLASS_NAMES))]
        # Pooling is a mean, so each place has its share of the gradient.
        weights = np.stack([tape.gradient(score, pooled).numpy()[0] for score in scores]) / (last.shape[0] * last.shape[1])
        depths = [Depth(self._layers[at].name, at + 1, values) for at, values in zip(self._at, activations, strict=True)]
        return Seen(tuple(depths), logits.numpy()[0], weights)


def _depth_names(layers: Sequence[keras.layers.Layer], last: str) -> list[str]:
    """Choose the layers to look at: the last activation before each pooling and the last of all, or evenly spaced ones."""
    ends, activations, newest = [], [], ""
    for layer in layers:
        if isinstance(layer, (keras.layers.Activation, keras.layers.ReLU)):
            newest = layer.name
            activations.append(newest)
        elif isinstance(layer, _POOLINGS) and newest:
            ends.append(newest)
    ends, activations = ([*(name for name in dict.fromkeys(names) if name != last), last] for names in (ends, activations))
    names = ends if len(ends) >= MOST_DEPTHS else activations
    places = np.linspace(0, len(names) - 1, min(MOST_DEPTHS, len(names))).round().astype(int)
    return [names[place] for place in places]


def _trainable(layer: keras.layers.Layer) -> int:
    return sum(int(np.prod(weight.shape)) for weight in layer.trainable_weights)


def _blocks(layers: Sequence[keras.layers.Layer]) -> tuple[Block, ...]:
    """Find runs of concatenations of which each takes the one before it and one thing more."""
    found: list[tuple[int, list[int]]] = []
    before = None
    for layer in layers:
        if not isinstance(layer, keras.layers.Concatenate):
            continue
        inputs = layer.input if isinstance(layer.input, (list, tuple)) else [layer.input]
        if len(inputs) != 2:
            continue
        if before is None or inputs[0] is not before:
            found.append((int(inputs[0].shape[-1]), []))
        found[-1][1].append(int(inputs[1].shape[-1]))
        before = layer.output
    return tuple(Block(channels, tuple(added)) for channels, added in found)


def _first_convolution(layers: Sequence[keras.layers.Layer]) -> tuple[keras.layers.Layer, keras.layers.Layer | None]:
    """Find the first convolution, and the normalisation behind it, if there is one."""
    at = next(number for number, layer in enumerate(layers) if type(layer) is keras.layers.Conv2D)
    behind = layers[at + 1]
    return layers[at], behind if isinstance(behind, keras.layers.BatchNormalization) else None
