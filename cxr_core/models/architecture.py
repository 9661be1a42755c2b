"""The classifiers: a backbone under the report's head, built flat so that Grad-CAM can reach inside (report, section 5.3)."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras

from cxr_core.artifacts import ModelError, WeightsDamagedError, WeightsMissingError
from cxr_core.labels import CLASS_NAMES

HEAD_UNITS = 256
DROPOUT = 0.3
L2 = 1e-4


@dataclass(frozen=True)
class Backbone:
    """A convolutional network without its top.

    Attributes
    ----------
    constructor : callable
        The function in `keras.applications`.
    scale, offset : list of float
        What its own preprocessing does to a grey level in [0, 1], a channel: ``level * scale + offset``.
    last_activation : str
        Name of the layer whose output the head pools; saliency maps are drawn on it.
    min_size : int
        Smallest input side in pixels.
    last_pooling, last_stage : str
        For a dilated network: the name of the pooling whose stride goes, and what the names of the 3 x 3 convolutions behind it begin
        and end with, in the form ``"beginning*ending"``; "" where the backbone cannot be dilated.
    """

    constructor: Callable[..., keras.Model]
    scale: tuple[float, float, float]
    offset: tuple[float, float, float]
    last_activation: str
    min_size: int
    last_pooling: str = ""
    last_stage: str = ""


_IMAGENET_MEAN = (0.485, 0.456, 0.406)
_IMAGENET_STD = (0.229, 0.224, 0.225)
_TO_PLUS_MINUS_ONE: dict[str, Any] = {"scale": (2.0, 2.0, 2.0), "offset": (-1.0, -1.0, -1.0)}

BACKBONES: dict[str, Backbone] = {
    "DenseNet121": Backbone(
        keras.applications.DenseNet121,
        scale=tuple(1 / std for std in _IMAGENET_STD),  # type: ignore[arg-type]
        offset=tuple(-mean / std for mean, std in zip(_IMAGENET_MEAN, _IMAGENET_STD, strict=True)),  # type: ignore[arg-type]
        last_activation="relu",
        min_size=32,
        last_pooling="pool4_pool",
        last_stage="conv5_*_2_conv",
    ),
    "InceptionV3": Backbone(keras.applications.InceptionV3, last_activation="mixed10", min_size=75, **_TO_PLUS_MINUS_ONE),
    "MobileNetV2": Backbone(keras.applications.MobileNetV2, last_activation="out_relu", min_size=32, **_TO_PLUS_MINUS_ONE),
}


def check_size(backbone: str, size: int) -> None:
    """Refuse an input side that is too small for a backbone, a key of `BACKBONES`.

    Raises
    ------
    ModelError
        It is.
    """
    smallest = BACKBONES[backbone].min_size
    if size < smallest:
        raise ModelError(f"{backbone} needs films of at least {smallest} pixels; {size} were asked for.")


def build_classifier(backbone: str, size: int, *, dropout: float = DROPOUT, l2: float = L2, dilated: bool = False) -> keras.Model:
    """Build a classifier with random weights.

    Backbone without top -> global average pooling -> batch normalisation -> dense 256, ReLU, L2 -> dropout -> dense 4, softmax,
    as in the report, section 5.3. The backbone's own preprocessing is inside, so every classifier takes the same input.

    Parameters
    ----------
    backbone : str
        A key of `BACKBONES`.
    size : int
        Side of the input in pixels.
    dropout : float
        Share of the dense layer's outputs dropped in training, in [0, 1).
    l2 : float
        Weight of the L2 penalty on the dense layer's kernel.
    dilated : bool
        Whether the last stage is dilated instead of strided (Yu et al. 2017, "Dilated residual networks", arXiv:1705.09914): twice the
        places a side in the last activation, so that a map can point more finely, with the same weights.

    Returns
    -------
    keras.Model
        Takes float32 (n, size, size, 1) in [0, 1]; gives float32 (n, 4), each row summing to 1, in the order of `CLASS_NAMES`.

    Raises
    ------
    ModelError
        The backbone is unknown, cannot be dilated, or the size is too small for it.
    """
    if backbone not in BACKBONES:
        raise ModelError(f"There is no backbone {backbone!r}. Choose one of {', '.join(BACKBONES)}.")
    parts = BACKBONES[backbone]
    check_size(backbone, size)
    film = keras.Input((size, size, 1), name="film")
    x = keras.layers.Concatenate(name="grey_to_rgb")([film, film, film])
    x = keras.layers.Rescaling(list(parts.scale), list(parts.offset), name="preprocessing")(x)
    body = keras.Model(film, parts.constructor(include_top=False, weights=None, input_tensor=x).output)
    if dilated:
        body = _dilated(body, parts, backbone)
    x = keras.layers.GlobalAveragePooling2D(name="head_pooling")(body.output)
    x = keras.layers.BatchNormalization(name="head_normalisation")(x)
    x = keras.layers.Dense(HEAD_UNITS, "relu", kernel_regularizer=keras.regularizers.L2(l2), name="head_dense")(x)
    x = keras.layers.Dropout(dropout, name="head_dropout")(x)
    x = keras.layers.Dense(len(CLASS_NAMES), name="logits")(x)
    probabilities = keras.layers.Softmax(name="probabilities")(x)
    return keras.Model(body.input, probabilities, name=backbone)


def _dilated(body: keras.Model, parts: Backbone, name: str) -> keras.Model:
    """Return a backbone, with what stands before it, whose last stage is dilated instead of strided."""
    if not parts.last_pooling:
        raise ModelError(f"{name} cannot be dilated. Choose DenseNet121, or leave the stride.")
    first, last = parts.last_stage.split("*")

    def changed(layer: keras.layers.Layer) -> keras.layers.Layer:
        config = layer.get_config()
        if layer.name == parts.last_pooling:
            config |= {"strides": (1, 1), "padding": "same"}
        elif layer.name.startswith(first) and layer.name.endswith(last):
            config |= {"dilation_rate": (2, 2)}
        return layer.__class__.from_config(config)

    return keras.models.clone_model(body, clone_function=changed)


def backbone_layers(classifier: keras.Model) -> list[keras.layers.Layer]:
    """Return the backbone's layers of a flat classifier, from input to last activation, in the order Keras built them."""
    names = [layer.name for layer in classifier.layers]
    return classifier.layers[names.index("preprocessing") + 1 : names.index("head_pooling")]


def load_backbone_weights(classifier: keras.Model, source: str | Path) -> None:
    """Fill the backbone of a classifier from a weights file of the bare `keras.applications` network.

    Parameters
    ----------
    classifier : keras.Model
        From `build_classifier`; its name says which backbone it has.
    source : str or Path
        ``"none"`` leaves the random weights, ``"imagenet"`` lets Keras download its own, a path names a Keras weights file of
        the backbone without top.

    Raises
    ------
    WeightsMissingError
        The file is not there, or the download failed.
    WeightsDamagedError
        The file does not fit the backbone.
    """
    if source == "none":
        return
    size = classifier.input_shape[1]
    if source != "imagenet" and not Path(source).is_file():
        raise WeightsMissingError(f"There is no weights file {source}. Name one with --init, or use --init none.")
    try:
        plain: Any = BACKBONES[classifier.name].constructor(include_top=False, weights=str(source), input_shape=(size, size, 3))
    except Exception as error:  # urllib, OSError, h5py and Keras each raise their own
        if source == "imagenet":
            raise WeightsMissingError(
                f"The ImageNet weights of {classifier.name} could not be downloaded. Connect to a network once, or use --init with a "
                "weights file, or --init none."
            ) from error
        raise WeightsDamagedError(f"{source} is not a weights file of {classifier.name} without top.") from error
    targets = [weight for layer in backbone_layers(classifier) for weight in layer.weights]
    for target, value in zip(targets, plain.weights, strict=True):
        target.assign(value)


def load_weights(network: keras.Model, path: Path, otherwise: str) -> None:
    """Fill a network from a Keras weights file.

    Parameters
    ----------
    network : keras.Model
    path : Path
    otherwise : str
        What to say where the file does not fit.

    Raises
    ------
    WeightsDamagedError
        It is damaged, or of another network.
    """
    try:
        network.load_weights(path)
    except Exception as error:  # h5py and Keras each raise their own
        raise WeightsDamagedError(otherwise) from error
