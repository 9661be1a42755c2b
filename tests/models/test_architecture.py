"""Backbones under the report's head, flat, with their own preprocessing inside."""

import dataclasses

import keras
import numpy as np
import pytest

from cxr_core.artifacts import ModelError, WeightsDamagedError, WeightsMissingError
from cxr_core.imaging import model_input
from cxr_core.models import BACKBONES, backbone_layers, build_classifier, check_size, load_backbone_weights
from tests.conftest import distinct_phantom, settle

PREPROCESSING = {
    "DenseNet121": keras.applications.densenet.preprocess_input,
    "InceptionV3": keras.applications.inception_v3.preprocess_input,
    "MobileNetV2": keras.applications.mobilenet_v2.preprocess_input,
}
each_backbone = pytest.mark.parametrize("backbone", list(PREPROCESSING))


@pytest.fixture(scope="module")
def films():
    return np.stack([model_input(distinct_phantom(seed), 96) for seed in range(8)])


@pytest.fixture(scope="module")
def bare_file(tmp_path_factory, tiny):
    path = tmp_path_factory.mktemp("bare") / "bare.weights.h5"
    BACKBONES[tiny].constructor(include_top=False, weights=None, input_shape=(64, 64, 3)).save_weights(path)
    return path


def test_all_three_backbones_of_the_report_are_there(tiny):
    assert [name for name in BACKBONES if name != tiny] == list(PREPROCESSING)


@pytest.mark.slow
@each_backbone
class TestEveryBackbone:
    """What holds for each of the three, at the size that all of them take."""

    def test_is_flat(self, random_classifier, backbone):
        assert not [layer.name for layer in random_classifier(backbone, 96).layers if isinstance(layer, keras.Model)]

    def test_head_is_that_of_the_report(self, random_classifier, backbone):
        assert_reports_head(random_classifier(backbone, 96), BACKBONES[backbone].last_activation)

    def test_takes_grey_films_and_gives_probabilities(self, random_classifier, films, backbone):
        assert_gives_probabilities(random_classifier(backbone, 96), films)

    def test_backbone_is_the_one_of_keras_with_its_own_preprocessing(self, random_classifier, tmp_path, films, backbone):
        """Its layers run from the first to the last activation, and films come to them as `keras.applications` prepares them."""
        classifier = random_classifier(backbone, 96)
        layers = backbone_layers(classifier)
        assert layers[-1].name == BACKBONES[backbone].last_activation
        bare = BACKBONES[backbone].constructor(include_top=False, weights=None, input_shape=(96, 96, 3))
        assert sum(layer.count_params() for layer in layers) == bare.count_params()
        prepared = PREPROCESSING[backbone](np.repeat(films * 255, 3, axis=-1))
        settle(bare, prepared)
        bare.save_weights(tmp_path / "bare.weights.h5")
        expected = bare(prepared, training=False).numpy()
        before = classifier.get_weights()
        load_backbone_weights(classifier, tmp_path / "bare.weights.h5")
        ends = [classifier.get_layer(name) for name in ("preprocessing", BACKBONES[backbone].last_activation)]
        inside, actual = keras.Model(classifier.input, [layer.output for layer in ends])(films, training=False)
        classifier.set_weights(before)
        np.testing.assert_allclose(inside, prepared, atol=1e-5)
        assert expected.std() > 0.1
        assert np.linalg.norm(actual - expected) < 0.01 * np.linalg.norm(expected)


def assert_reports_head(classifier, last_activation):
    layers = classifier.layers[[layer.name for layer in classifier.layers].index("head_pooling") :]
    kinds = ["GlobalAveragePooling2D", "BatchNormalization", "Dense", "Dropout", "Dense", "Softmax"]
    assert [type(layer).__name__ for layer in layers] == kinds
    pooling, _, dense, dropout, logits, _ = layers
    assert pooling.input is classifier.get_layer(last_activation).output
    assert dense.units == 256
    assert dense.activation is keras.activations.relu
    assert isinstance(dense.kernel_regularizer, keras.regularizers.L2)
    assert dense.kernel_regularizer.l2 > 0
    assert dropout.rate == pytest.approx(0.3)
    assert logits.units == 4
    assert logits.activation is keras.activations.linear


def assert_gives_probabilities(classifier, films):
    probabilities = classifier(films, training=False).numpy()
    assert classifier.input_shape == (None, *films.shape[1:])
    assert probabilities.shape == (len(films), 4)
    assert probabilities.dtype == np.float32
    assert probabilities.min() >= 0
    np.testing.assert_allclose(probabilities.sum(1), 1, atol=1e-5)
    assert probabilities.std(0).max() > 1e-3


def test_one_entry_makes_a_backbone(random_classifier, tiny, films):
    classifier = random_classifier(tiny, 96)
    assert classifier.name == tiny
    assert_reports_head(classifier, BACKBONES[tiny].last_activation)
    assert_gives_probabilities(classifier, films)
    assert len(backbone_layers(classifier)) == 8


def places(classifier):
    return classifier.get_layer("head_pooling").input.shape[1:3]


def test_dilated_last_stage_has_the_same_weights_and_twice_the_places(random_classifier, tiny, films):
    plain, dilated = random_classifier(tiny, 96), build_classifier(tiny, 96, dilated=True)
    assert [weight.shape for weight in dilated.weights] == [weight.shape for weight in plain.weights]
    assert places(dilated) == tuple(2 * side for side in places(plain))
    dilated.set_weights(plain.get_weights())
    assert_reports_head(dilated, BACKBONES[tiny].last_activation)
    assert_gives_probabilities(dilated, films)
    # The same film at every second place: what the pooling kept and what the convolution made of it lie there as they were.
    tail = [keras.Model(model.input, model.get_layer("tail_conv").output)(films, training=False).numpy() for model in (plain, dilated)]
    np.testing.assert_allclose(tail[1][:, ::2, ::2][:, 2:-2, 2:-2], tail[0][:, 2:-2, 2:-2], atol=1e-4)


@pytest.mark.slow
def test_dilated_densenet_has_the_same_weights_and_twice_the_places(random_classifier):
    plain = random_classifier("DenseNet121", 96)
    dilated = build_classifier("DenseNet121", 96, dilated=True)
    assert [weight.shape for weight in dilated.weights] == [weight.shape for weight in plain.weights]
    assert [layer.name for layer in dilated.layers if layer.weights] == [layer.name for layer in plain.layers if layer.weights]
    assert places(plain) == (3, 3)
    assert places(dilated) == (6, 6)
    changed = [layer.name for layer in dilated.layers if getattr(layer, "dilation_rate", (1, 1)) != (1, 1)]
    assert changed == [f"conv5_block{number}_2_conv" for number in range(1, 17)]
    dilated.set_weights(plain.get_weights())
    assert_gives_probabilities(dilated, np.stack([model_input(distinct_phantom(seed), 96) for seed in range(4)]))


def test_backbone_that_cannot_be_dilated_says_which_can():
    with pytest.raises(ModelError, match=r"MobileNetV2 cannot be dilated\. Choose DenseNet121"):
        build_classifier("MobileNetV2", 32, dilated=True)


def test_unknown_backbone_names_the_known():
    with pytest.raises(ModelError, match=r"no backbone 'ResNet'.*DenseNet121, InceptionV3, MobileNetV2"):
        build_classifier("ResNet", 96)


@each_backbone
def test_film_that_is_too_small_is_refused(backbone):
    smallest = BACKBONES[backbone].min_size
    check_size(backbone, smallest)
    with pytest.raises(ModelError, match=f"at least {smallest} pixels"):
        build_classifier(backbone, smallest - 1)


@pytest.mark.slow
@each_backbone
def test_smallest_size_builds(backbone):
    smallest = BACKBONES[backbone].min_size
    assert build_classifier(backbone, smallest).input_shape == (None, smallest, smallest, 1)


def test_none_leaves_the_random_weights(random_classifier, tiny):
    classifier = random_classifier(tiny, 64)
    before = classifier.get_weights()
    load_backbone_weights(classifier, "none")
    assert all(np.array_equal(old, new) for old, new in zip(before, classifier.get_weights(), strict=True))


def test_backbone_weights_leave_the_head_alone(bare_file, tiny):
    classifier = build_classifier(tiny, 64)
    before = classifier.get_layer("head_dense").kernel.numpy()
    first = classifier.get_layer("stem_conv").kernel.numpy()
    load_backbone_weights(classifier, bare_file)
    np.testing.assert_array_equal(classifier.get_layer("head_dense").kernel, before)
    assert np.abs(classifier.get_layer("stem_conv").kernel.numpy() - first).max() > 1e-3


def test_missing_weights_file_is_named(random_classifier, tiny, tmp_path):
    with pytest.raises(WeightsMissingError, match=r"absent\.weights\.h5"):
        load_backbone_weights(random_classifier(tiny, 64), tmp_path / "absent.weights.h5")


def refused_file(tmp_path, kind, good):
    path = tmp_path / "refused.weights.h5"
    if kind == "of another network":
        keras.Sequential([keras.Input((64, 64, 3)), keras.layers.Conv2D(8, 3), keras.layers.BatchNormalization()]).save_weights(path)
    else:
        whole = good.read_bytes()
        path.write_bytes({"cut short": whole[: len(whole) // 2], "text": b"not weights", "empty": b""}[kind])
    return path


@pytest.mark.filterwarnings("ignore:Skipping nested container")
@pytest.mark.parametrize("kind", ["cut short", "text", "empty", "of another network"])
def test_unfit_weights_file_is_refused_and_changes_nothing(random_classifier, tiny, bare_file, tmp_path, kind):
    classifier = random_classifier(tiny, 64)
    before = classifier.get_weights()
    with pytest.raises(WeightsDamagedError, match=r"is not a weights file of Tiny"):
        load_backbone_weights(classifier, refused_file(tmp_path, kind, bare_file))
    assert all(np.array_equal(old, new) for old, new in zip(before, classifier.get_weights(), strict=True))


def test_imagenet_without_a_network_says_what_to_do(random_classifier, tiny, monkeypatch):
    def unreachable(**_):
        raise OSError("URL fetch failure")

    classifier = random_classifier(tiny, 64)
    monkeypatch.setitem(BACKBONES, tiny, dataclasses.replace(BACKBONES[tiny], constructor=unreachable))
    with pytest.raises(WeightsMissingError, match=r"could not be downloaded\. Connect to a network once, or use --init"):
        load_backbone_weights(classifier, "imagenet")
