"""The cut behind the frozen layers, and training behind it."""

import keras
import numpy as np
import pytest

from cxr_core.imaging import draw_phantom, model_input
from cxr_core.models import backbone_layers, build_classifier
from cxr_core.training import feature_batches, freeze, frozen_features, split_at_frozen

SIZE = 64
CODES = np.arange(24) % 4
WEIGHTS = np.array([1.0, 2.0, 1.0, 3.0])


@pytest.fixture(scope="module")
def films():
    drawn = [model_input(draw_phantom(120, 120, seed, (seed % 4) / 4), SIZE)[..., 0] for seed in range(24)]
    return np.rint(np.stack(drawn) * 255).astype(np.uint8)


@pytest.fixture
def fresh(random_classifier):
    """A network of its own: freezing must not reach the ones that other tests share."""

    def build(backbone, size):
        classifier = build_classifier(backbone, size)
        classifier.set_weights(random_classifier(backbone, size).get_weights())
        return classifier

    return build


@pytest.fixture
def thawing(random_classifier):
    """The network that other tests share, trainable again afterwards."""
    lent = []

    def lend(backbone, size):
        lent.append(random_classifier(backbone, size))
        return lent[-1]

    yield lend
    for classifier in lent:
        for layer in backbone_layers(classifier):
            layer.trainable = True


def trainable(classifier):
    return [layer.name for layer in backbone_layers(classifier) if layer.trainable]


def assert_same(classifier, films, trainable_layers, *, crossing):
    prefix, suffix = split_at_frozen(classifier, trainable_layers)
    assert not prefix.trainable_variables
    assert {layer.name for layer in suffix.layers if layer.trainable_variables} == {
        layer.name for layer in classifier.layers if layer.trainable_variables
    }
    assert crossing(len(prefix.outputs))
    batch = films[:4, ..., np.newaxis] / np.float32(255)
    np.testing.assert_allclose(suffix(prefix(batch)), classifier(batch), atol=1e-6)


@pytest.mark.parametrize(("trainable_layers", "tensors"), [(0, 1), (3, 2), (4, 1), (6, 1), (8, 1)])
def test_prefix_and_suffix_give_what_the_whole_gives(fresh, tiny, films, trainable_layers, tensors):
    assert_same(fresh(tiny, SIZE), films, trainable_layers, crossing=lambda count: count == tensors)


@pytest.mark.slow
@pytest.mark.parametrize(("backbone", "several"), [("DenseNet121", True), ("InceptionV3", True), ("MobileNetV2", False)])
def test_the_reports_cut_gives_what_the_whole_gives(thawing, backbone, several):
    films = np.random.default_rng(3).integers(0, 256, (4, 96, 96), dtype=np.uint8)
    assert_same(thawing(backbone, 96), films, 20, crossing=lambda count: count > 1 or not several)


def test_more_layers_than_there_are_train_the_whole_backbone(fresh, tiny):
    classifier = fresh(tiny, SIZE)
    prefix, suffix = split_at_frozen(classifier, 10_000)
    assert len(trainable(classifier)) == len(backbone_layers(classifier))
    assert len(suffix.trainable_variables) == len(classifier.trainable_variables)
    assert not prefix.weights


def test_so_many_last_layers_train_as_were_asked_for(fresh, tiny):
    classifier = fresh(tiny, SIZE)
    freeze(classifier, 3)
    assert trainable(classifier) == [layer.name for layer in backbone_layers(classifier)[-3:]]


@pytest.fixture
def epoch(fresh, tiny, films, tmp_path):
    """Train for one epoch; return how far that moved what trains, and the running statistics of the normalisations."""

    def run(*, cached, other=False):
        order = np.roll(np.arange(24), 7) if other else np.arange(24)
        how = {"codes": CODES[order], "batch_size": 8, "first_epoch": 0, "epochs": 1, "seed": 5, "weights": WEIGHTS}
        classifier = fresh(tiny, SIZE)
        prefix, network = split_at_frozen(classifier, 4)
        if cached:
            shown = films[order]
            features = frozen_features(
                prefix, shown, lambda row: shown[row] / np.float32(255), "as is", tmp_path, progress=lambda *_: None, announce=print
            )
            batches, steps = feature_batches([features], **how)
        else:
            network = classifier
            batches, steps = feature_batches([[films[order][..., np.newaxis] / np.float32(255)]], **how)
            batches = batches.map(lambda x, y, weight: (x[0], y, weight))
        running = [variable for variable in classifier.non_trainable_variables if "moving" in variable.path]
        groups = [classifier.trainable_variables, running]
        before = [[variable.numpy() for variable in group] for group in groups]
        network.get_layer("head_dropout").seed_generator.state.assign([7, 0])
        network.compile(keras.optimizers.SGD(1e-3), "categorical_crossentropy")
        network.fit(batches, steps_per_epoch=steps, epochs=1, shuffle=False, verbose=0)
        return [
            np.concatenate([(new.numpy() - old).ravel() for new, old in zip(group, olds, strict=True)])
            for group, olds in zip(groups, before, strict=True)
        ]

    return run


def test_an_epoch_through_the_cache_gives_the_weights_of_an_epoch_through_the_whole(epoch):
    # float16 keeps features to one part in 2,000. Normalisation by the batch's own variance makes that a few per cent of a
    # gradient at most: the paths may part by a tenth of their length, while another order of the films parts them wholly.
    whole, cached, other = epoch(cached=False), epoch(cached=True), epoch(cached=False, other=True)
    for name, straight, through, elsewhere in zip(("trained", "running"), whole, cached, other, strict=True):
        length = np.linalg.norm(straight)
        assert length > 0, name
        assert np.linalg.norm(through - straight) < (0.1 if name == "trained" else 0.001) * length, name
        assert np.linalg.norm(elsewhere - straight) > (0.3 if name == "trained" else 0.005) * length, name
