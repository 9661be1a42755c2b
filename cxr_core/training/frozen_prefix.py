"""A classifier cut in two: the layers that stay frozen, whose outputs never change, and the rest, which trains."""

import keras

from cxr_core.models import backbone_layers


def freeze(classifier: keras.Model, trainable_layers: int) -> None:
    """Freeze all but the last `trainable_layers` of the backbone; the head stays trainable. Frozen normalisations stop adapting too."""
    layers = backbone_layers(classifier)
    for layer in layers[: max(0, len(layers) - trainable_layers)]:
        layer.trainable = False


def split_at_frozen(classifier: keras.Model, trainable_layers: int) -> tuple[keras.Model, keras.Model]:
    """Cut a classifier behind its frozen layers.

    Parameters
    ----------
    classifier : keras.Model
        From `build_classifier`. Its first layers are frozen by this.
    trainable_layers : int
        How many of the backbone's last layers are trained.

    Returns
    -------
    prefix : keras.Model
        Takes films, (n, size, size, 1); gives a list of the feature maps that cross the cut. Dense blocks and parallel branches
        reach over it with more than one.
    suffix : keras.Model
        Takes that list; gives probabilities, (n, 4). Both share the classifier's weights.
    """
    freeze(classifier, trainable_layers)
    names = [layer.name for layer in classifier.layers]
    # Keras lists layers by depth, so none of those before the cut hangs on one behind it.
    first_trained = names.index("head_pooling") - min(trainable_layers, len(backbone_layers(classifier)))
    before = {id(layer.output): layer for layer in classifier.layers[:first_trained]}
    crossing = {}
    for layer in classifier.layers[first_trained:]:
        for tensor in layer.input if isinstance(layer.input, list) else [layer.input]:
            if id(tensor) in before:
                crossing[id(tensor)] = tensor
    cut = list(crossing.values())
    return keras.Model(classifier.input, cut, name="prefix"), keras.Model(cut, classifier.output, name=classifier.name)
