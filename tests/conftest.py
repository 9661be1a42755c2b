"""What many tests share: real films, a phantom data set, and models that need no training."""

import functools
import os
from pathlib import Path

if "PYTEST_XDIST_WORKER" in os.environ:  # workers share the cores; numerical libraries look once, when they are loaded
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
        os.environ.setdefault(name, "1")

import cv2
import numpy as np
import pytest
from hypothesis import settings

from cxr_core.imaging import Film, draw_phantom, model_input
from cxr_core.labels import CLASS_NAMES
from tests.gates import open_gate

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

# Property tests check results, not times: on a busy machine any example may take long. `benchmarks` measure.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

DATA = Path(__file__).parents[2] / "shared" / "data"


def distinct_phantom(seed, opacity=0.0, side=96):
    relief = np.random.default_rng(seed).normal(0, 0.15, (6, 6)).astype(np.float32)
    pixels = draw_phantom(side, side, seed, opacity).pixels + cv2.resize(relief, (side, side), interpolation=cv2.INTER_CUBIC)
    return Film(pixels.clip(0, 1), 8, "drawing")


@pytest.fixture(scope="session", autouse=True)
def no_folders_of_the_user(tmp_path_factory):
    """Keep the user's own site cards and indexes out of all tests, and those of the tests out of the user's folders; servers inherit it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("user_data")))
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("user_cache")))
        yield


IN_A_BROWSER = "tests/browser/"
OF_REAL_BACKBONES = (
    "tests/lecture/test_insides.py",
    "tests/models/test_architecture.py",
    "tests/reading/test_reader.py",
    "tests/saliency/methods/",
    "tests/training/test_frozen_prefix.py",
)


def shared_scope(nodeid):
    """Name what a test is run together with: its file, or all files that share the server, or networks that take long to build."""
    path = nodeid.split("::")[0]
    for shared in (IN_A_BROWSER, OF_REAL_BACKBONES):
        if path.startswith(shared):
            return str(shared)
    return path


def pytest_collection_modifyitems(items):
    """Give workers the browser first and the slow files next, so that many quick ones are left to end with at the same time.

    One worker alone has the browser: it waits much of its time, which leaves its core to the browser, the server and the other worker.
    """
    if "PYTEST_XDIST_WORKER" in os.environ:
        slow = {shared_scope(item.nodeid) for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: (not item.nodeid.startswith(IN_A_BROWSER), shared_scope(item.nodeid) not in slow))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Keep on one worker what shares what is dear to make."""
    from xdist.scheduler import LoadScopeScheduling

    class BySharedScope(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return shared_scope(nodeid)

    config.option.loadscopereorder = False  # it would put files with few tests last, and those are the slow ones
    return BySharedScope(config, log)


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
def phantom_index(phantom_data):
    from cxr_core.data import open_collections

    return open_collections([phantom_data]).films


@pytest.fixture(scope="session")
def tiny():
    """Name of a backbone that is registered for tests alone."""
    from tests.tiny import TINY, register

    register()
    return TINY


@pytest.fixture(scope="session")
def random_classifier(tiny):
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
def tiny_model(tmp_path_factory, tiny, random_classifier):
    from cxr_core.artifacts import (
        WEIGHTS_FILE,
        DataSummary,
        ModelCard,
        ModelIdentity,
        ReadsFile,
        Training,
        file_sha256,
        reads_csv,
        reads_sha256,
    )
    from cxr_core.calibration import fit_calibration
    from cxr_core.evaluation import classification_results, write_evaluation
    from cxr_core.evaluation.curves import class_curves, reliability
    from cxr_core.evaluation.shipping import Evaluation
    from cxr_core.evaluation.statements import statements
    from cxr_core.evaluation.subtasks import subtask_results
    from cxr_core.labels import CLASS_NAMES
    from cxr_core.stats import BOOTSTRAP
    from cxr_core.training import Recipe

    folder = tmp_path_factory.mktemp("tiny_model")
    network = random_classifier(tiny, 64)
    network.save_weights(folder / WEIGHTS_FILE)
    recipe = Recipe(backbone=tiny, size=64, init="none")
    y_true, probabilities, groups = np.arange(4), np.eye(4), np.arange(4)
    reads = reads_csv(np.array(CLASS_NAMES), groups, probabilities)
    card = ModelCard(
        model=ModelIdentity(backbone=tiny, size=64, sha256=file_sha256(folder / WEIGHTS_FILE), parameters=network.count_params()),
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
    calibration = fit_calibration(6 * np.eye(4)[codes] + rng.normal(0, 4, (200, 4)), codes, card.model.sha256)
    channels = network.get_layer("head_pooling").output.shape[-1]
    write_evaluation(Evaluation(card, reads, calibration, open_gate(card.model.sha256, channels)), folder)
    return folder


@pytest.fixture(scope="session")
def shipped():
    from cxr_core.reading import Reader

    return Reader.load()
