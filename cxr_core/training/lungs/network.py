"""The U-Net that finds the lungs, in Keras: built for training alone. Reading runs the same weights in NumPy (`cxr_core.lungs`)."""

import zlib
from functools import partial

import keras

from cxr_core.lungs import LUNG_LAYOUT


def build_unet(seed: int = 0) -> keras.Model:
    """Build the network with random weights.

    After Ronneberger et al. (2015, arXiv:1505.04597), with a strided first convolution, batch normalisation and few channels: about 0.2
    million parameters, so that a read is hardly slower for it.

    Parameters
    ----------
    seed : int, optional
        Of the weights, whatever else draws random numbers in this process meanwhile.

    Returns
    -------
    keras.Model
        Takes float32 (n, side, side, 1) in [0, 1]; gives float32 (n, SIDE // 2, SIDE // 2, 2): how likely each place belongs to the
        patient's right and left lung, each in [0, 1].
    """
    block = partial(_block, seed=seed)
    film = keras.Input((LUNG_LAYOUT.side, LUNG_LAYOUT.side, 1), name="film")
    x = block(film, LUNG_LAYOUT.widths[0], "down0_0", strides=2)
    x = block(x, LUNG_LAYOUT.widths[0], "down0_1")
    kept = []
    for level, width in enumerate(LUNG_LAYOUT.widths[1:], start=1):
        kept.append(x)
        x = keras.layers.MaxPooling2D(2, name=f"pool{level}")(x)
        x = block(x, width, f"down{level}_0")
        x = block(x, width, f"down{level}_1")
    for level in range(len(LUNG_LAYOUT.widths) - 2, -1, -1):
        x = keras.layers.UpSampling2D(2, interpolation="nearest", name=f"up{level}")(x)
        x = keras.layers.Concatenate(name=f"join{level}")([kept[level], x])
        x = block(x, LUNG_LAYOUT.widths[level], f"up{level}_0")
        x = block(x, LUNG_LAYOUT.widths[level], f"up{level}_1")
    lungs = keras.layers.Conv2D(len(LUNG_LAYOUT.outputs), 1, activation="sigmoid", kernel_initializer=_drawn("lungs", seed), name="lungs")(
        x
    )
    return keras.Model(film, lungs, name="lungs")


def _block(x: keras.KerasTensor, width: int, name: str, strides: int = 1, *, seed: int) -> keras.KerasTensor:
    kernel = _drawn(name, seed)
    x = keras.layers.Conv2D(width, 3, strides, padding="same", use_bias=False, kernel_initializer=kernel, name=f"{name}_conv")(x)
    x = keras.layers.BatchNormalization(epsilon=LUNG_LAYOUT.epsilon, name=f"{name}_bn")(x)
    return keras.layers.ReLU(name=f"{name}_relu")(x)


def _drawn(name: str, seed: int) -> keras.Initializer:
    return keras.initializers.GlorotUniform(zlib.crc32(f"{name} {seed}".encode()) % 2**31)
