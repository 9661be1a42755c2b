"""A whole read (decode, probabilities, whiskers, prediction set, four maps) against one bare forward pass and tf-keras-vis Grad-CAM."""

from common import film_png, interleaved_medians, report  # isort: skip

import keras
import numpy as np
import tensorflow as tf
from tf_keras_vis.gradcam import Gradcam
from tf_keras_vis.utils.scores import CategoricalScore

from cxr_core.imaging import decode_film, model_input
from cxr_core.models import BACKBONES
from cxr_core.reading import Reader

REPEATS = 30


def main() -> None:
    reader = Reader.load()
    network = reader.classifier.network
    data = film_png()
    film = model_input(decode_film(data), reader.classifier.identity.size)[np.newaxis]
    # The baseline is the fastest bare pass that we know: compiled as the read is, on a tensor that is already there.
    forward = tf.function(lambda x: network(x, training=False), jit_compile=True)
    tensor = tf.constant(film)
    vis = Gradcam(keras.Model(network.input, network.get_layer("logits").output), clone=False)
    layer = BACKBONES[network.name].last_activation

    medians = interleaved_medians(
        {
            "read": lambda: reader.read(decode_film(data)),
            "forward": lambda: forward(tensor).numpy(),
            "vis": lambda: vis(CategoricalScore(0), film, penultimate_layer=layer, seek_penultimate_conv_layer=False),
        },
        REPEATS,
    )
    ratio, speedup = medians["read"] / medians["forward"], medians["vis"] / medians["read"]
    report(
        f"One 1024 x 1024 PNG, {reader.classifier.identity.version} on {reader.classifier.device}, medians of {REPEATS}",
        {
            "decode + probabilities + whiskers + set + four maps": f"{medians['read'] * 1000:.0f} ms",
            "bare forward pass, compiled": f"{medians['forward'] * 1000:.0f} ms",
            "tf-keras-vis Grad-CAM, one class": f"{medians['vis'] * 1000:.0f} ms",
            "read / forward": f"{ratio:.2f} (must be at most 3)",
            "tf-keras-vis / read": f"{speedup:.1f} (must be at least 5)",
        },
        {"ratio_to_forward": ratio, "speedup_over_tf_keras_vis": speedup},
    )


if __name__ == "__main__":
    main()
