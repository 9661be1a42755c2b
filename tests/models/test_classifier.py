"""Loading a model folder: checked, or refused with a reason."""

import json
import shutil

import keras
import numpy as np
import pytest
import tensorflow as tf

from cxr_core.artifacts import (
    CALIBRATION_FILE,
    CARD_FILE,
    COMPANION_FILE,
    WEIGHTS_FILE,
    CalibrationDamagedError,
    CalibrationMissingError,
    CalibrationOfOtherWeightsError,
    ModelError,
    WeightsDamagedError,
    WeightsMissingError,
    file_sha256,
    read_calibration,
    read_card,
    read_identity,
)
from cxr_core.imaging import model_input
from cxr_core.models import Classifier
from cxr_core.models.classifier import choose_device
from tests.conftest import distinct_phantom


@pytest.fixture(scope="module")
def classifier(tiny_model):
    return Classifier.load(tiny_model)


@pytest.fixture
def folder(tiny_model, tmp_path):
    return shutil.copytree(tiny_model, tmp_path / "model")


def edit_card(folder, **changes):
    card = json.loads((folder / CARD_FILE).read_text())
    card["model"] |= changes
    (folder / CARD_FILE).write_text(json.dumps(card))


def test_tiny_models_card_is_whole(tiny_model, tiny):
    assert read_card(tiny_model).model.backbone == tiny


def test_loads_the_weights_of_the_card(classifier, random_classifier, tiny_model, tiny):
    assert classifier.identity.sha256 == file_sha256(tiny_model / WEIGHTS_FILE)
    expected = random_classifier(tiny, 64).get_weights()
    assert all(np.array_equal(old, new) for old, new in zip(expected, classifier.network.get_weights(), strict=True))


@pytest.fixture(scope="module")
def films():
    return np.stack([model_input(distinct_phantom(seed), 64) for seed in range(50, 55)])


def test_predicts_what_the_network_gives_at_its_temperature(classifier, films, tiny_model):
    probabilities = classifier.predict(films)
    assert isinstance(probabilities, np.ndarray)
    assert probabilities.dtype == np.float32
    temperature = read_calibration(tiny_model, classifier.identity).temperature
    plain = classifier.network(films, training=False).numpy().astype(np.float64)
    cooled = plain ** (1 / temperature)
    np.testing.assert_allclose(probabilities, cooled / cooled.sum(1, keepdims=True), atol=2e-5)
    assert np.abs(probabilities - plain).max() > 0.01
    np.testing.assert_array_equal(probabilities.argmax(1), plain.argmax(1))
    np.testing.assert_allclose(probabilities[2:3], classifier.predict(films[2:3]), atol=1e-5)
    assert probabilities.std(0).max() > 1e-3


def test_holds_the_calibration_of_its_folder(classifier, tiny_model):
    assert classifier.calibration == read_calibration(tiny_model, read_identity(tiny_model))
    assert classifier.temperature == classifier.calibration.temperature


def test_loaded_unfitted_it_gives_the_networks_own_probabilities(folder, films):
    (folder / CALIBRATION_FILE).write_text("broken")
    classifier = Classifier.load_unfitted(folder)
    np.testing.assert_allclose(classifier.predict(films), classifier.network(films, training=False), atol=1e-4)
    with pytest.raises(CalibrationMissingError, match=f"{classifier.identity.version} has no calibration yet"):
        _ = classifier.calibration


@pytest.mark.parametrize("load", [Classifier.load, Classifier.load_unfitted])
def test_other_weights_are_refused_with_and_without_calibration(folder, load):
    (folder / WEIGHTS_FILE).write_bytes(b"other")
    with pytest.raises(WeightsDamagedError):
        load(folder)


def test_missing_damaged_and_foreign_calibrations_are_refused(folder):
    path = folder / CALIBRATION_FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | {"weights_sha256": "0" * 64}))
    with pytest.raises(CalibrationOfOtherWeightsError, match=CALIBRATION_FILE):
        Classifier.load(folder)
    path.write_text("{}")
    with pytest.raises(CalibrationDamagedError, match=CALIBRATION_FILE):
        Classifier.load(folder)
    path.unlink()
    with pytest.raises(CalibrationMissingError, match=CALIBRATION_FILE):
        Classifier.load(folder)


@pytest.mark.parametrize("place", [0, 4000, -1])
def test_one_flipped_byte_is_noticed(folder, place):
    content = bytearray((folder / WEIGHTS_FILE).read_bytes())
    content[place] ^= 1
    (folder / WEIGHTS_FILE).write_bytes(content)
    with pytest.raises(WeightsDamagedError, match="is not the one that its model card describes"):
        Classifier.load(folder)


def test_missing_weights_file_is_named(folder):
    (folder / WEIGHTS_FILE).unlink()
    with pytest.raises(WeightsMissingError, match=WEIGHTS_FILE):
        Classifier.load(folder)


def test_missing_card_is_named(folder):
    (folder / CARD_FILE).unlink()
    with pytest.raises(WeightsMissingError, match=CARD_FILE):
        Classifier.load(folder)


def test_missing_folder_is_named(tmp_path):
    with pytest.raises(WeightsMissingError, match="nowhere"):
        Classifier.load(tmp_path / "nowhere")


@pytest.mark.filterwarnings("ignore:Skipping nested container")
@pytest.mark.parametrize("backbone", ["MobileNetV2"])
def test_weights_of_another_architecture_are_refused(folder, backbone):
    edit_card(folder, backbone=backbone, size=96)
    with pytest.raises(WeightsDamagedError, match=f"does not fit {backbone}"):
        Classifier.load(folder)


def test_dilated_classifier_is_built_as_its_card_says(folder, classifier, films):
    edit_card(folder, dilated=True)
    dilated = Classifier.load(folder)
    places, plain = (one.network.get_layer("head_pooling").input.shape[1] for one in (dilated, classifier))
    assert places == 2 * plain
    assert np.abs(dilated.predict(films) - classifier.predict(films)).max() > 1e-4


def test_unknown_architecture_is_refused(folder):
    edit_card(folder, backbone="ResNet")
    with pytest.raises(ModelError, match="ResNet"):
        Classifier.load(folder)


def test_weights_outside_the_folder_are_refused(folder):
    edit_card(folder, weights_file=f"../model/{WEIGHTS_FILE}")
    with pytest.raises(WeightsDamagedError, match="damaged"):
        Classifier.load(folder)


def test_says_cpu_where_there_is_no_gpu(monkeypatch):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [])
    assert choose_device() == "CPU"


def with_gpus(monkeypatch, details, growth):
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["first", "second"] if kind == "GPU" else [])
    monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda gpu: details if gpu == "first" else {})
    monkeypatch.setattr(tf.config.experimental, "set_memory_growth", growth)


def test_names_the_gpu_and_lets_every_one_grow(monkeypatch):
    grown = []
    with_gpus(monkeypatch, {"device_name": "Blue Card 9"}, lambda gpu, on: grown.append((gpu, on)))
    assert choose_device() == "GPU Blue Card 9"
    assert grown == [("first", True), ("second", True)]


def test_gpu_already_in_use_is_still_named(monkeypatch):
    def too_late(gpu, on):
        raise RuntimeError("Physical devices cannot be modified after being initialized")

    with_gpus(monkeypatch, {"device_name": "Blue Card 9"}, too_late)
    assert choose_device() == "GPU Blue Card 9"


def test_gpu_without_a_name_is_a_gpu(monkeypatch):
    with_gpus(monkeypatch, {}, lambda gpu, on: None)
    assert choose_device() == "GPU"


def test_loaded_classifier_says_its_device(folder, monkeypatch):
    monkeypatch.setattr("cxr_core.models.classifier.choose_device", lambda: "GPU Blue Card 9")
    assert Classifier.load(folder).device == "GPU Blue Card 9"


@pytest.fixture
def with_companion(folder, random_classifier, tiny):
    """A model folder whose network is averaged with another, 0.7 to 0.3, and shifted."""
    second = random_classifier(tiny, 64)
    second.set_weights([weight + 0.01 * np.sign(weight) for weight in second.get_weights()])
    second.save_weights(folder / COMPANION_FILE)
    sha256 = file_sha256(folder / WEIGHTS_FILE, folder / COMPANION_FILE)
    edit_card(folder, companion={"backbone": tiny, "share": 0.3, "shift": [0.5, 0, 0, -1]}, sha256=sha256)
    return folder, second


def test_logits_are_averaged_with_the_companions(with_companion, classifier, films):
    folder, second = with_companion
    found = Classifier.load_unfitted(folder).outputs(films)
    own = classifier.outputs(films)
    beside = keras.Model(second.input, second.get_layer("logits").output)(films, training=False).numpy()
    np.testing.assert_allclose(found.alone, np.stack([own.logits, beside], 1), atol=1e-4)
    np.testing.assert_allclose(found.logits, 0.7 * own.logits + 0.3 * beside + [0.5, 0, 0, -1], atol=1e-4)
    np.testing.assert_allclose(found.features, own.features, atol=1e-5)
    assert np.abs(own.logits - beside).max() > 0.01
    assert own.alone.shape == (len(films), 1, 4)


def test_networks_are_averaged_otherwise_on_request(with_companion, films):
    folder, _ = with_companion
    classifier = Classifier.load_unfitted(folder)
    before = classifier.outputs(films)
    classifier.average_by(0.75, (0.0, 1.0, 0.0, 0.0))
    after = classifier.outputs(films)
    np.testing.assert_array_equal(after.alone, before.alone)
    expected = 0.25 * after.alone[:, 0] + 0.75 * after.alone[:, 1] + np.array([0, 1, 0, 0])
    np.testing.assert_allclose(after.logits, expected, rtol=1e-5, atol=1e-6)
    assert (classifier.identity.companion.share, classifier.identity.companion.shift) == (0.75, (0.0, 1.0, 0.0, 0.0))


def test_missing_and_other_companions_are_refused(with_companion):
    folder, _ = with_companion
    (folder / COMPANION_FILE).write_bytes(b"other")
    with pytest.raises(WeightsDamagedError, match=f"{COMPANION_FILE} are not those that their model card describes"):
        Classifier.load_unfitted(folder)
    (folder / COMPANION_FILE).unlink()
    with pytest.raises(WeightsMissingError, match=COMPANION_FILE):
        Classifier.load_unfitted(folder)
