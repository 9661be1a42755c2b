"""A backbone of two convolutions: what holds for every backbone is tested with it, in a fraction of a real one's time."""

import keras

from cxr_core.models import BACKBONES
from cxr_core.models.architecture import Backbone

TINY = "Tiny"
CHANNELS = 16
"""Of its last activation, which has an eighth of the film's side, or a fourth where it is dilated."""


def tiny_backbone(*, include_top, weights, input_tensor=None, input_shape=None):
    """Build it as the functions of `keras.applications` do; it too has a connection that reaches past a layer."""
    assert not include_top
    film = keras.Input(input_shape) if input_tensor is None else input_tensor
    x = keras.layers.Conv2D(8, 3, strides=4, padding="same", use_bias=False, name="stem_conv")(film)
    x = keras.layers.BatchNormalization(name="stem_bn")(x)
    x = keras.layers.ReLU(name="stem_relu")(x)
    x = keras.layers.AveragePooling2D(2, name="tiny_pool")(x)
    y = keras.layers.Conv2D(CHANNELS - 8, 3, padding="same", use_bias=False, name="tail_conv")(x)
    x = keras.layers.Concatenate(name="tail_concat")([x, y])
    x = keras.layers.BatchNormalization(name="last_bn")(x)
    x = keras.layers.ReLU(name="last_relu")(x)
    network = keras.Model(keras.utils.get_source_inputs(x), x)
    if weights is not None:
        network.load_weights(weights)
    return network


def register(*names):
    """Add it to the backbones as `TINY`, and put it in the place of those that are named."""
    for name in (TINY, *names):
        BACKBONES[name] = Backbone(
            tiny_backbone,
            scale=(2.0, 2.0, 2.0),
            offset=(-1.0, -1.0, -1.0),
            last_activation="last_relu",
            min_size=32,
            last_pooling="tiny_pool",
            last_stage="tail*_conv",
        )
