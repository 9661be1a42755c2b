"""The network's insides on the tiny network: what it computes, and what the lecture says that it does."""

import keras
import numpy as np
import pytest

from cxr_core.imaging import model_input
from cxr_core.labels import CLASS_NAMES
from cxr_core.lecture import convolve, evidence_map, relu, stretched
from cxr_core.lecture.insides import MOST_DEPTHS, Insides, _blocks, _depth_names
from cxr_core.lecture.structure import Block
from cxr_core.lungs import prepare
from cxr_core.models import backbone_layers
from cxr_core.saliency.methods import GradCAM
from tests.conftest import distinct_phantom
from tests.tiny import CHANNELS

pytestmark = pytest.mark.slow  # networks are compiled


@pytest.fixture(scope="module")
def network(random_classifier, tiny):
    return random_classifier(tiny, 64)


@pytest.fixture(scope="module")
def insides(network):
    return Insides(network)


@pytest.fixture(scope="module")
def film():
    return model_input(distinct_phantom(5, opacity=1), 64)


@pytest.fixture(scope="module")
def seen(insides, film):
    return insides.see(film)


def test_the_sum_makes_grad_cam(network, seen, film):
    logits, features, maps = (part.numpy()[0] for part in GradCAM(network).explain(film[np.newaxis]))
    ours = [stretched(evidence_map(seen.last, weights)) for weights in seen.weights]
    np.testing.assert_allclose(ours, maps, atol=1e-4)
    assert max(part.std() for part in ours) > 0.05
    np.testing.assert_allclose(seen.logits, logits, atol=1e-4)
    np.testing.assert_allclose(seen.last.mean((0, 1)), features, atol=1e-4)


def test_weights_are_what_a_channel_adds_at_one_place(network, seen):
    head = keras.Model(network.get_layer("head_pooling").output, network.get_layer("logits").output)
    step, channel = 1e-3, int(np.abs(seen.weights[0]).argmax())
    raised = seen.last.copy()
    raised[1, 2, channel] += step
    more, less = (head(part.mean((0, 1))[np.newaxis], training=False).numpy()[0] for part in (raised, seen.last))
    np.testing.assert_allclose((more - less) / step, seen.weights[:, channel], atol=2e-3)


def test_depths_run_from_the_first_activation_to_the_last(network, seen, film):
    assert [depth.layer for depth in seen.depths] == ["stem_relu", "last_relu"]
    names = [layer.name for layer in backbone_layers(network)]
    for depth in seen.depths:
        assert names[depth.number - 1] == depth.layer
        of_layer = keras.Model(network.input, network.get_layer(depth.layer).output)(film[np.newaxis], training=False)
        np.testing.assert_allclose(depth.activation, of_layer[0], atol=1e-5)


def test_first_kernel_gives_what_the_network_computes(insides, seen, film):
    first = seen.depths[0].activation
    assert insides.first_layer == "stem_conv"
    assert insides.first_channels == first.shape[2]
    for channel in range(insides.first_channels):
        ours = relu(convolve(film[..., 0], insides.first_kernel(channel)))
        np.testing.assert_allclose(ours, first[: len(ours), : len(ours), channel], atol=1e-4)
    assert first.std() > 0.01


def test_structure_counts_all_weights_that_can_be_trained(network, insides):
    structure = insides.structure
    assert structure.weights == sum(int(np.prod(weight.shape)) for weight in network.trainable_weights)
    assert len(structure.layers) == len(backbone_layers(network))
    assert structure.blocks == (Block(8, (CHANNELS - 8,)),)


def test_a_runs_of_concatenations_is_one_block():
    x = film = keras.Input((4, 4, 6))
    for _ in range(3):
        x = keras.layers.Concatenate()([x, keras.layers.Conv2D(2, 1)(x)])
    x = keras.layers.Conv2D(5, 1)(x)
    x = keras.layers.Concatenate()([x, keras.layers.Conv2D(3, 1)(x)])
    assert _blocks(keras.Model(film, x).layers) == (Block(6, (2, 2, 2)), Block(5, (3,)))


def test_depths_of_many_stages_stand_before_their_poolings():
    x = film = keras.Input((64, 64, 1))
    for stage in range(4):
        for number in range(2):
            x = keras.layers.ReLU(name=f"relu_{stage}_{number}")(x)
        x = keras.layers.Conv2D(1, 1)(x)
        x = keras.layers.AveragePooling2D(2)(x)
    x = keras.layers.ReLU(name="last")(x)
    layers = keras.Model(film, x).layers
    assert _depth_names(layers, "last") == [*(f"relu_{stage}_1" for stage in range(4)), "last"]


def test_the_shipped_network_has_the_depths_and_blocks_that_the_lecture_tells_of_and_its_sum_is_the_reads_map(shipped):
    film, identity = distinct_phantom(5, opacity=1), shipped.classifier.identity
    insides = Insides(shipped.classifier.network)
    seen = insides.see(prepare(film, identity.size, identity.crop).canonical)
    assert len(seen.depths) == MOST_DEPTHS == 5
    assert [len(block.added) for block in insides.structure.blocks] == [6, 12, 24, 16]  # DenseNet121's
    read = shipped.read(film)
    ours = [stretched(evidence_map(seen.last, weights)) for weights in seen.weights]
    np.testing.assert_allclose(ours, [read.maps[name] for name in CLASS_NAMES], atol=1e-4)
