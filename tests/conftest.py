"""What many tests share: real films, a phantom data set, and models that need no training."""

import functools
import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from cxr_core.imaging import Film, draw_phantom, model_input
from cxr_core.labels import CLASS_NAMES
from tests.gates import open_gate

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

DATA = Path(__file__).parents[2] / "shared" / "data"


def distinct_phantom(seed, opacity=0.0, side=96):
    relief = np.random.default_rng(seed).normal(0, 0.2, (6, 6)).astype(np.float32)
    pixels = draw_phantom(side, side, seed, opacity).pixels + cv2.resize(relief, (side, side), interpolation=cv2.INTER_CUBIC)
    return Film(pixels.clip(0, 1), 8, "drawing")


@pytest.fixture(scope="session")
def data():
    if not (DATA / "manifest.csv").is_file():
        message = "the real films of ../shared/data are not here"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    return DATA


@pytest.fixture(scope="session")
def phantom_data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("phantoms")
    for code, name in enumerate(CLASS_NAMES):
        (folder / name / "images").mkdir(parents=True)
        for number in range(10 + code % 3):
            film = distinct_phantom(100 * code + number, opacity=code / 3)
            cv2.imwrite(str(folder / name / "images" / f"{name}-{number}.png"), np.rint(film.pixels * 255).astype(np.uint8))
    return folder


@pytest.fixture(scope="session")
def random_classifier():
    import keras

    from cxr_core.models import build_classifier

    @functools.cache
    def build(backbone, size):
        keras.utils.set_random_seed(3)
        classifier = build_classifier(backbone, size)
        settle(classifier, np.stack([model_input(distinct_phantom(seed), size) for seed in range(8)]))
        logits = classifier.get_layer("logits")
        logits.kernel.assign(3 * logits.kernel)
        return classifier

    return build


def settle(network, inputs):
    # Random weights alone let the signal die on its way through the normalisation layers, and every prediction be the same.
    import keras

    layers = [layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)]
    momenta = [layer.momentum for layer in layers]
    for layer in layers:
        layer.momentum = 0.0
    network(inputs, training=True)
    for layer, momentum in zip(layers, momenta, strict=True):
        layer.momentum = momentum


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory, random_classifier):
    from cxr_core.card import WEIGHTS_FILE, DataSummary, ModelCard, ModelIdentity, ReadsFile, Training, reads_csv, reads_sha256
    from cxr_core.doubt import fit_doubt
    from cxr_core.evaluation.curves import class_curves, reliability
    from cxr_core.evaluation.metrics import classification_results
    from cxr_core.evaluation.resampling import BOOTSTRAP
    from cxr_core.evaluation.shipping import Evaluation, write_evaluation
    from cxr_core.evaluation.statements import statements
    from cxr_core.evaluation.subtasks import subtask_results
    from cxr_core.labels import CLASS_NAMES
    from cxr_core.models import file_sha256
    from cxr_core.training.recipe import Recipe

    folder = tmp_path_factory.mktemp("tiny_model")
    network = random_classifier("MobileNetV2", 64)
    network.save_weights(folder / WEIGHTS_FILE)
    recipe = Recipe(backbone="MobileNetV2", size=64, init="none")
    y_true, probabilities, groups = np.arange(4), np.eye(4), np.arange(4)
    reads = reads_csv(np.array(CLASS_NAMES), groups, probabilities)
    card = ModelCard(
        model=ModelIdentity(backbone="MobileNetV2", size=64, sha256=file_sha256(folder / WEIGHTS_FILE), parameters=network.count_params()),
        written="2026-01-01T00:00:00+00:00",
        command="none",
        libraries={},
        data=DataSummary(name="none", split="test", counts={}, near_duplicate_groups=4, index_sha256=""),
        training=Training(recipe=recipe.for_card(), started_from=recipe.lineage(), history=[]),
        results=classification_results(y_true, probabilities, groups),
        bootstrap=BOOTSTRAP,
        curves=class_curves(y_true, probabilities),
        reliability=reliability(np.ones(4, bool), probabilities.max(1)),
        subtasks=subtask_results(y_true, probabilities, groups),
        reads=ReadsFile(file="test_reads.csv", sha256=reads_sha256(reads)),
        audits=[],
        copies={},
        paired_copies=None,
        external=None,
        statements=statements("", paired=False, external=False),
    )
    rng = np.random.default_rng(0)
    codes = np.repeat(np.arange(4), 50)
    doubt = fit_doubt(6 * np.eye(4)[codes] + rng.normal(0, 4, (200, 4)), codes, card.model.sha256)
    channels = network.get_layer("head_pooling").output.shape[-1]
    write_evaluation(Evaluation(card, reads, doubt, open_gate(card.model.sha256, channels)), folder)
    return folder


@pytest.fixture(scope="session")
def shipped():
    from cxr_core.reading import Reader

    return Reader.load()
