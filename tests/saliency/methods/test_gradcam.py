"""Grad-CAM of all classes at once, against tf-keras-vis one class at a time."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from tf_keras_vis.gradcam import Gradcam
from tf_keras_vis.utils.model_modifiers import ExtractIntermediateLayerForGradcam
from tf_keras_vis.utils.scores import CategoricalScore

from cxr_core.calibration import calibrated
from cxr_core.data import open_collections
from cxr_core.imaging import decode_film, model_input
from cxr_core.models import BACKBONES
from cxr_core.saliency.methods import GradCAM
from cxr_core.saliency.methods.gradcam import Explained
from tests.conftest import distinct_phantom

pytestmark = pytest.mark.slow  # a real backbone is built and compiled


def arrays(explained):
    return Explained(*(part.numpy() for part in explained))


@pytest.fixture(scope="module")
def densenet(random_classifier):
    return random_classifier("DenseNet121", 96)


@pytest.fixture(scope="module")
def phantoms():
    return np.stack([model_input(distinct_phantom(seed, opacity=1), 96) for seed in range(60, 63)])


@pytest.fixture(scope="module")
def gradcam(densenet):
    return GradCAM(densenet)


@pytest.fixture(scope="module")
def explained(gradcam, phantoms):
    return arrays(gradcam.explain(phantoms))


@pytest.fixture(scope="module")
def real_films(data, shipped):
    index = open_collections([data]).films
    paths = index[index["split"] == "test"].groupby("label")["path"].first()
    size = shipped.classifier.identity.size
    return np.stack([model_input(decode_film((data / path).read_bytes()), size) for path in paths])


@pytest.fixture(scope="module")
def real_explained(shipped, real_films):
    return Explained(*map(np.concatenate, zip(*(shipped._gradcam.explain(film[np.newaxis]) for film in real_films), strict=True)))


def independent_maps(classifier, films, codes):
    """Draw the map of one class a film."""
    logits = keras.Model(classifier.input, classifier.get_layer("logits").output)
    maps = Gradcam(logits, clone=False)(
        CategoricalScore(list(codes)),
        films,
        penultimate_layer=BACKBONES[classifier.name].last_activation,
        seek_penultimate_conv_layer=False,
        expand_cam=False,
    )
    return np.asarray(maps)


def operations(function, kind):
    return [operation.name for operation in function.graph.get_operations() if operation.type == kind]


def test_equals_tf_keras_vis_on_phantoms(densenet, phantoms, explained):
    of_all = independent_maps(densenet, np.repeat(phantoms, 4, axis=0), [*range(4)] * 3)
    expected = of_all.reshape(3, 4, *of_all.shape[1:])
    assert expected.std((0, 2, 3)).min() > 0.01
    np.testing.assert_allclose(explained.maps, expected, atol=1e-4)


@pytest.mark.films
def test_equals_tf_keras_vis_on_real_films(shipped, real_films, real_explained):
    expected = independent_maps(shipped.classifier.network, real_films, range(4))
    assert np.std(expected) > 0.01
    np.testing.assert_allclose(real_explained.maps[range(4), range(4)], expected, atol=1e-4)


@pytest.mark.films
def test_logits_of_real_films_are_those_of_the_network_that_is_explained(shipped, real_films, real_explained):
    np.testing.assert_allclose(real_explained.logits, shipped.classifier.outputs(real_films).alone[:, 0], atol=1e-3)


def test_logits_are_the_classifiers(densenet, phantoms, explained):
    np.testing.assert_allclose(calibrated(explained.logits, 1.0), densenet(phantoms, training=False), atol=1e-4)
    assert explained.logits.std(0).max() > 1e-3


def test_features_are_what_the_head_takes(densenet, phantoms, explained):
    head = keras.Model(densenet.input, densenet.get_layer("head_pooling").output)
    np.testing.assert_allclose(explained.features, head(phantoms, training=False), atol=1e-3)
    assert explained.features.shape == (3, 1024)
    assert explained.features.std(0).max() > 1e-3


def test_maps_span_zero_to_one(explained):
    assert explained.maps.dtype == np.float32
    assert explained.maps.min() == 0
    assert explained.maps.max() == pytest.approx(1, abs=1e-3)


def test_densenet_target_is_the_activation_that_the_head_pools(gradcam, densenet):
    assert gradcam.target.name == "relu"
    assert gradcam.target.output.shape[-1] == 1024
    assert gradcam.target.output is densenet.get_layer("head_pooling").input


def test_densenet_default_of_tf_keras_vis_is_another_layer(densenet):
    sought = ExtractIntermediateLayerForGradcam(None, seek_conv_layer=True)(densenet)
    assert sought.outputs[-1].shape[-1] == 32


def test_backbone_is_passed_once_and_never_back(gradcam, densenet):
    forward = tf.function(lambda films: densenet(films, training=False)).get_concrete_function(tf.TensorSpec((None, 96, 96, 1)))
    explain = gradcam._compiled.get_concrete_function()
    assert len(operations(forward, "Conv2D")) == 120
    assert len(operations(explain, "Conv2D")) == 120
    assert operations(explain, "Conv2DBackpropInput") == []


@pytest.fixture
def nothing_speaks_for_covid(densenet):
    dense, logits = densenet.get_layer("head_dense"), densenet.get_layer("logits")
    before = [dense.kernel.numpy(), dense.bias.numpy(), logits.kernel.numpy()]
    against = np.concatenate([-np.ones((256, 1)), before[2][:, 1:]], axis=1)
    dense.kernel.assign(np.abs(before[0]))
    dense.bias.assign(np.full(256, 100.0))
    logits.kernel.assign(against)
    yield
    dense.kernel.assign(before[0])
    dense.bias.assign(before[1])
    logits.kernel.assign(before[2])


def without_xla(films):
    raise tf.errors.UnimplementedError(None, None, "no compiler")


def test_without_xla_the_same_is_computed_slower(densenet, phantoms, explained, monkeypatch, caplog):
    gradcam = GradCAM(densenet)
    monkeypatch.setattr(gradcam, "_compiled", without_xla)
    for one, other in zip(gradcam.explain(phantoms), explained, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-3)
    assert "XLA is not available" in caplog.text
    monkeypatch.setattr(gradcam, "_compiled", without_xla)
    with pytest.raises(tf.errors.UnimplementedError):
        gradcam.explain(phantoms)


def test_map_is_zero_where_nothing_speaks_for_the_class(gradcam, phantoms, nothing_speaks_for_covid):
    maps = gradcam.explain(phantoms).maps.numpy()
    np.testing.assert_array_equal(maps[:, 0], 0)
    assert np.isfinite(maps).all()
    assert maps[:, 1:].max() > 0.9
