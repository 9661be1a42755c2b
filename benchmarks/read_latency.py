"""Reading one film against one bare forward pass of the same networks, and against tf-keras-vis Grad-CAM.

Measured are decoding with probabilities and the four maps, the whole read of the app (with input gate, whiskers and prediction set), and
finding the lungs alone.
"""

from common import film_png, interleaved_medians, report  # isort: skip

import keras
import numpy as np
import tensorflow as tf
from tf_keras_vis.gradcam import Gradcam
from tf_keras_vis.utils.scores import CategoricalScore

from cxr_core.calibration import calibrated
from cxr_core.imaging import decode_film, model_input
from cxr_core.lungs import find_lungs
from cxr_core.models import BACKBONES
from cxr_core.reading import Reader

REPEATS = 30


def main() -> None:
    reader = Reader.load()
    classifier = reader.classifier
    network = classifier.network
    data = film_png()
    film = model_input(decode_film(data), classifier.identity.size)[np.newaxis]
    # The baseline is the fastest bare pass that we know through the networks of the model: that which is explained compiled as the read is,
    # on a tensor that is already there, and the companion's, where there is one, as the read runs it.
    first = tf.function(lambda x: network(x, training=False), jit_compile=True)
    tensor = tf.constant(film)

    def forward() -> None:
        classifier.alone(first(tensor).numpy(), film)

    vis = Gradcam(keras.Model(network.input, network.get_layer("logits").output), clone=False)
    layer = BACKBONES[network.name].last_activation

    gradcam, temperature, size = reader._gradcam, classifier.calibration.temperature, classifier.identity.size

    def probabilities_and_maps() -> None:
        canonical = model_input(decode_film(data), size)[np.newaxis]
        explained = gradcam.explain(canonical)
        calibrated(classifier.averaged(classifier.alone(explained.logits.numpy(), canonical)), temperature)
        explained.maps.numpy()

    decoded = decode_film(data)

    medians = interleaved_medians(
        {
            "maps": probabilities_and_maps,
            "read": lambda: reader.read(decode_film(data)),
            "lungs": lambda: find_lungs(decoded).box(),
            "forward": forward,
            "first": lambda: first(tensor).numpy(),
            "vis": lambda: vis(CategoricalScore(0), film, penultimate_layer=layer, seek_penultimate_conv_layer=False),
        },
        REPEATS,
    )
    ratio, speedup = medians["maps"] / medians["forward"], medians["vis"] / medians["maps"]
    whole, lungs = medians["read"] / medians["forward"], medians["lungs"] / medians["forward"]
    report(
        f"One 1024 x 1024 PNG, {classifier.identity.version} on {classifier.device}, medians of {REPEATS}",
        {
            "decode + probabilities + four maps": f"{medians['maps'] * 1000:.0f} ms",
            "the same with gate + whiskers + prediction set": f"{medians['read'] * 1000:.0f} ms",
            "bare forward pass, compiled": f"{medians['forward'] * 1000:.0f} ms",
            "that of the network alone that is explained": f"{medians['first'] * 1000:.0f} ms",
            "tf-keras-vis Grad-CAM, one class": f"{medians['vis'] * 1000:.0f} ms",
            "probabilities and maps / forward": f"{ratio:.2f} (must be at most 1.5)",
            "whole read / forward": f"{whole:.2f} (must be at most 3)",
            "lung fields / forward": f"{lungs:.2f} (must be at most 0.15)",
            "tf-keras-vis / probabilities and maps": f"{speedup:.1f} (must be at least 5)",
        },
        {
            "ratio_to_forward": ratio,
            "whole_read_ratio_to_forward": whole,
            "lungs_ratio_to_forward": lungs,
            "speedup_over_tf_keras_vis": speedup,
        },
        most={"ratio_to_forward": 1.5, "whole_read_ratio_to_forward": 3, "lungs_ratio_to_forward": 0.15},
        least={"speedup_over_tf_keras_vis": 5},
    )


if __name__ == "__main__":
    main()
