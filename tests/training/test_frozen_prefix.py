"""The cut behind the frozen layers, and training behind it."""

import keras
import numpy as np
import pytest

from cxr_core.card import SHIPPED_MODEL
from cxr_core.imaging import draw_phantom, model_input
from cxr_core.models import BACKBONES, backbone_layers, build_classifier
from cxr_core.training.batches import feature_batches, training_batches
from cxr_core.training.feature_cache import frozen_features
from cxr_core.training.fit import load_trained
from cxr_core.training.frozen_prefix import freeze, split_at_frozen

SIZE = 96
CODES = np.arange(24) % 4
WEIGHTS = np.array([1.0, 2.0, 1.0, 3.0])


@pytest.fixture(scope="module")
def films():
    return np.random.default_rng(3).integers(0, 256, (24, SIZE, SIZE), dtype=np.uint8)


@pytest.fixture
def fresh(random_classifier):
    """A network of its own: freezing must not reach the ones that other tests share."""

    def build(backbone, size):
        classifier = build_classifier(backbone, size)
        classifier.set_weights(random_classifier(backbone, size).get_weights())
        return classifier

    return build


def trainable(classifier):
    return [layer.name for layer in backbone_layers(classifier) if layer.trainable]


@pytest.mark.slow
@pytest.mark.parametrize("backbone", list(BACKBONES))
@pytest.mark.parametrize("trainable_layers", [0, 20])
def test_prefix_and_suffix_give_what_the_whole_gives(fresh, films, backbone, trainable_layers):
    classifier = fresh(backbone, SIZE)
    prefix, suffix = split_at_frozen(classifier, trainable_layers)
    assert not prefix.trainable_variables
    assert {layer.name for layer in suffix.layers if layer.trainable_variables} == {
        layer.name for layer in classifier.layers if layer.trainable_variables
    }
    batch = films[:4, ..., np.newaxis] / np.float32(255)
    np.testing.assert_allclose(suffix(prefix(batch)), classifier(batch), atol=1e-6)


def test_more_layers_than_there_are_train_the_whole_backbone(fresh, films):
    classifier = fresh("MobileNetV2", 64)
    prefix, suffix = split_at_frozen(classifier, 10_000)
    assert len(trainable(classifier)) == len(backbone_layers(classifier))
    assert len(suffix.trainable_variables) == len(classifier.trainable_variables)
    assert not prefix.weights


def test_so_many_last_layers_train_as_were_asked_for(fresh):
    classifier = fresh("MobileNetV2", 64)
    freeze(classifier, 20)
    assert trainable(classifier) == [layer.name for layer in backbone_layers(classifier)[-20:]]


@pytest.fixture(scope="module")
def epoch(tmp_path_factory):
    """Train trained weights for one epoch; return how far that moved what trains, and the running statistics of the normalisations."""
    drawn = [model_input(draw_phantom(120, 120, seed, (seed % 4) / 4), SIZE)[..., 0] for seed in range(24)]
    films = np.rint(np.stack(drawn) * 255).astype(np.uint8)

    def run(*, cached, seed=5):
        how = {"codes": CODES, "batch_size": 8, "first_epoch": 0, "epochs": 1, "seed": seed, "weights": WEIGHTS}
        classifier = load_trained(SHIPPED_MODEL.parent / "mobilenetv2", SIZE)
        if cached:
            prefix, network = split_at_frozen(classifier, 20)
            folder = tmp_path_factory.getbasetemp() / "features"
            features = frozen_features(
                prefix, films, lambda row: films[row] / np.float32(255), "as is", folder, progress=lambda *_: None, announce=print
            )
            batches, steps = feature_batches([features], **how)
        else:
            freeze(classifier, 20)
            network = classifier
            batches, steps = training_batches(films, augmentation=None, **how)
        running = [variable for variable in classifier.non_trainable_variables if "moving" in variable.path]
        groups = [classifier.trainable_variables, running]
        before = [[variable.numpy() for variable in group] for group in groups]
        network.get_layer("head_dropout").seed_generator.state.assign([7, 0])
        network.compile(keras.optimizers.SGD(1e-5), "categorical_crossentropy")
        network.fit(batches, steps_per_epoch=steps, epochs=1, shuffle=False, verbose=0)
        return [
            np.concatenate([(new.numpy() - old).ravel() for new, old in zip(group, olds, strict=True)])
            for group, olds in zip(groups, before, strict=True)
        ]

    return run


@pytest.mark.slow
def test_an_epoch_through_the_cache_gives_the_weights_of_an_epoch_through_the_whole(epoch):
    # float16 keeps features to one part in 2,000. Normalisation by the batch's own variance makes that a few per cent of a
    # gradient at most: the paths may part by a tenth of their length, while another order of the films parts them wholly.
    whole, cached, other = epoch(cached=False), epoch(cached=True), epoch(cached=False, seed=6)
    for name, straight, through, elsewhere in zip(("trained", "running"), whole, cached, other, strict=True):
        length = np.linalg.norm(straight)
        assert length > 0, name
        assert np.linalg.norm(through - straight) < (0.1 if name == "trained" else 0.001) * length, name
        assert np.linalg.norm(elsewhere - straight) > (0.3 if name == "trained" else 0.01) * length, name
