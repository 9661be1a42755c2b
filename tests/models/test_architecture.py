"""Backbones under the report's head, flat, with their own preprocessing inside."""

import dataclasses

import keras
import numpy as np
import pytest

from cxr_core.card import ModelError, WeightsDamagedError, WeightsMissingError
from cxr_core.imaging import model_input
from cxr_core.models import BACKBONES, backbone_layers, build_classifier, load_backbone_weights
from tests.conftest import distinct_phantom, settle

PREPROCESSING = {
    "DenseNet121": keras.applications.densenet.preprocess_input,
    "InceptionV3": keras.applications.inception_v3.preprocess_input,
    "MobileNetV2": keras.applications.mobilenet_v2.preprocess_input,
}
each_backbone = pytest.mark.parametrize("backbone", list(BACKBONES))


@pytest.fixture(scope="module")
def films():
    return np.stack([model_input(distinct_phantom(seed), 96) for seed in range(8)])


@pytest.fixture(scope="module")
def mobilenet_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("bare") / "mobilenet.weights.h5"
    keras.applications.MobileNetV2(include_top=False, weights=None, input_shape=(64, 64, 3)).save_weights(path)
    return path


def test_all_three_backbones_of_the_report_are_there():
    assert list(BACKBONES) == list(PREPROCESSING)


@each_backbone
def test_is_flat(random_classifier, backbone):
    assert not [layer.name for layer in random_classifier(backbone, 96).layers if isinstance(layer, keras.Model)]


@each_backbone
def test_head_is_that_of_the_report(random_classifier, backbone):
    classifier = random_classifier(backbone, 96)
    layers = classifier.layers[[layer.name for layer in classifier.layers].index("head_pooling") :]
    kinds = ["GlobalAveragePooling2D", "BatchNormalization", "Dense", "Dropout", "Dense", "Softmax"]
    assert [type(layer).__name__ for layer in layers] == kinds
    pooling, _, dense, dropout, logits, _ = layers
    assert pooling.input is classifier.get_layer(BACKBONES[backbone].last_activation).output
    assert dense.units == 256
    assert dense.activation is keras.activations.relu
    assert isinstance(dense.kernel_regularizer, keras.regularizers.L2)
    assert dense.kernel_regularizer.l2 > 0
    assert dropout.rate == pytest.approx(0.3)
    assert logits.units == 4
    assert logits.activation is keras.activations.linear


@each_backbone
def test_takes_grey_films_and_gives_probabilities(random_classifier, films, backbone):
    classifier = random_classifier(backbone, 96)
    probabilities = classifier(films, training=False).numpy()
    assert classifier.input_shape == (None, 96, 96, 1)
    assert probabilities.shape == (8, 4)
    assert probabilities.dtype == np.float32
    assert probabilities.min() >= 0
    np.testing.assert_allclose(probabilities.sum(1), 1, atol=1e-5)
    assert probabilities.std(0).max() > 1e-3


@each_backbone
def test_backbone_layers_run_from_first_to_last_activation(random_classifier, backbone):
    layers = backbone_layers(random_classifier(backbone, 96))
    bare = BACKBONES[backbone].constructor(include_top=False, weights=None, input_shape=(96, 96, 3))
    assert layers[-1].name == BACKBONES[backbone].last_activation
    assert sum(layer.count_params() for layer in layers) == bare.count_params()


@pytest.mark.slow
@each_backbone
def test_preprocessing_inside_is_the_backbones_own(tmp_path, films, backbone):
    bare = BACKBONES[backbone].constructor(include_top=False, weights=None, input_shape=(96, 96, 3))
    prepared = PREPROCESSING[backbone](np.repeat(films * 255, 3, axis=-1))
    settle(bare, prepared)
    bare.save_weights(tmp_path / "bare.weights.h5")
    expected = bare(prepared, training=False).numpy()
    classifier = build_classifier(backbone, 96)
    load_backbone_weights(classifier, tmp_path / "bare.weights.h5")
    layers = [classifier.get_layer(name) for name in ("preprocessing", BACKBONES[backbone].last_activation)]
    inside, actual = keras.Model(classifier.input, [layer.output for layer in layers])(films, training=False)
    np.testing.assert_allclose(inside, prepared, atol=1e-5)
    assert expected.std() > 0.1
    assert np.linalg.norm(actual - expected) < 0.01 * np.linalg.norm(expected)


def test_unknown_backbone_names_the_known():
    with pytest.raises(ModelError, match=r"no backbone 'ResNet'.*DenseNet121, InceptionV3, MobileNetV2"):
        build_classifier("ResNet", 96)


@each_backbone
def test_smallest_size_builds_and_one_less_is_refused(backbone):
    smallest = BACKBONES[backbone].min_size
    assert build_classifier(backbone, smallest).input_shape == (None, smallest, smallest, 1)
    with pytest.raises(ModelError, match=f"at least {smallest} pixels"):
        build_classifier(backbone, smallest - 1)


def test_none_leaves_the_random_weights(random_classifier):
    classifier = random_classifier("MobileNetV2", 64)
    before = classifier.get_weights()
    load_backbone_weights(classifier, "none")
    assert all(np.array_equal(old, new) for old, new in zip(before, classifier.get_weights(), strict=True))


def test_backbone_weights_leave_the_head_alone(mobilenet_file):
    classifier = build_classifier("MobileNetV2", 64)
    before = classifier.get_layer("head_dense").kernel.numpy()
    first = backbone_layers(classifier)[0].kernel.numpy()
    load_backbone_weights(classifier, mobilenet_file)
    np.testing.assert_array_equal(classifier.get_layer("head_dense").kernel, before)
    assert np.abs(backbone_layers(classifier)[0].kernel.numpy() - first).max() > 1e-3


def test_missing_weights_file_is_named(random_classifier, tmp_path):
    with pytest.raises(WeightsMissingError, match=r"absent\.weights\.h5"):
        load_backbone_weights(random_classifier("MobileNetV2", 64), tmp_path / "absent.weights.h5")


def refused_file(tmp_path, kind, good):
    path = tmp_path / "refused.weights.h5"
    if kind == "of another width":
        keras.applications.MobileNetV2(include_top=False, weights=None, input_shape=(64, 64, 3), alpha=0.35).save_weights(path)
    else:
        whole = good.read_bytes()
        path.write_bytes({"cut short": whole[: len(whole) // 2], "text": b"not weights", "empty": b""}[kind])
    return path


@pytest.mark.filterwarnings("ignore:Skipping nested container")
@pytest.mark.parametrize("kind", ["cut short", "text", "empty", "of another width"])
def test_unfit_weights_file_is_refused_and_changes_nothing(random_classifier, mobilenet_file, tmp_path, kind):
    classifier = random_classifier("MobileNetV2", 64)
    before = classifier.get_weights()
    with pytest.raises(WeightsDamagedError, match=r"is not a weights file of MobileNetV2"):
        load_backbone_weights(classifier, refused_file(tmp_path, kind, mobilenet_file))
    assert all(np.array_equal(old, new) for old, new in zip(before, classifier.get_weights(), strict=True))


def test_imagenet_without_a_network_says_what_to_do(random_classifier, monkeypatch):
    def unreachable(**_):
        raise OSError("URL fetch failure")

    classifier = random_classifier("MobileNetV2", 64)
    monkeypatch.setitem(BACKBONES, "MobileNetV2", dataclasses.replace(BACKBONES["MobileNetV2"], constructor=unreachable))
    with pytest.raises(WeightsMissingError, match=r"could not be downloaded\. Connect to a network once, or use --init"):
        load_backbone_weights(classifier, "imagenet")
