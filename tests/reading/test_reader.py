"""Reading one film: calibrated probabilities, and maps, with where they came from."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from cxr_core.artifacts import CARD_FILE, SHIPPED_MODEL, CalibrationMissingError, read_card, read_reads
from cxr_core.calibration import TTA_VIEWS, calibrated, prediction_set, tta_views
from cxr_core.data import open_collections
from cxr_core.gate import GateOutcome, InputGate
from cxr_core.imaging import WHOLE_FILM, Placement, decode_film, draw_phantom
from cxr_core.labels import CLASS_NAMES
from cxr_core.lungs import LungFields, find_lungs, prepare
from cxr_core.models import Classifier
from cxr_core.reading import Read, Reader, at_temperature, read_files
from cxr_core.saliency import Cancelled
from cxr_core.saliency.methods import METHODS
from tests.conftest import distinct_phantom


@pytest.fixture(scope="module")
def reader(tiny_model):
    return Reader.load(tiny_model)


@pytest.fixture(scope="module")
def read(reader):
    return reader.read(distinct_phantom(3))


def test_names_every_class_in_order(read):
    assert tuple(read.probabilities) == CLASS_NAMES
    assert tuple(read.low) == tuple(read.high) == tuple(read.maps) == CLASS_NAMES


def test_probabilities_are_plain_numbers_that_sum_to_one(read):
    assert all(type(probability) is float for probability in read.probabilities.values())
    assert sum(read.probabilities.values()) == pytest.approx(1, abs=1e-5)


def test_maps_are_arrays_in_zero_to_one(read):
    for saliency in read.maps.values():
        assert saliency.shape == (8, 8)
        assert saliency.dtype == np.float32
        assert saliency.min() >= 0
        assert saliency.max() <= 1
    assert len({saliency.tobytes() for saliency in read.maps.values()}) > 1


def test_read_is_brought_to_another_temperature_with_its_whiskers(reader, read):
    fitted = reader.classifier.calibration.temperature
    moved = at_temperature(read, fitted, 3 * fitted)
    logits = fitted * np.log([list(read.probabilities.values()), *read.views])
    expected = calibrated(logits, 3 * fitted)
    assert list(moved.probabilities.values()) == pytest.approx(expected[0], abs=1e-5)
    assert list(moved.low.values()) == pytest.approx(expected.min(0), abs=1e-5)
    assert list(moved.high.values()) == pytest.approx(expected.max(0), abs=1e-5)
    assert (moved.top_class, moved.prediction_set, moved.maps) == (read.top_class, read.prediction_set, read.maps)
    back = at_temperature(moved, 3 * fitted, fitted)
    assert back.probabilities == pytest.approx(read.probabilities, abs=1e-5)
    assert back.low == pytest.approx(read.low, abs=1e-5)


def test_read_without_whiskers_has_none_at_another_temperature(read):
    bare = replace(read, low={}, high={}, views=read.views[:0])
    moved = at_temperature(bare, 1.0, 2.0)
    assert (moved.low, moved.high, len(moved.views)) == ({}, {}, 0)
    assert sum(moved.probabilities.values()) == pytest.approx(1, abs=1e-5)


def test_says_which_model_where_and_how_long(read, reader):
    assert read.model == reader.classifier.identity.version
    assert read.model.startswith("tiny ")
    assert read.model_sha256 == reader.classifier.identity.sha256
    assert read.device == reader.classifier.device
    assert read.seconds > 0


def test_probabilities_are_the_classifiers(reader, tiny_model):
    classifier = Classifier.load(tiny_model)
    films = [distinct_phantom(seed) for seed in range(4)]
    expected = classifier.predict(np.stack([prepare(film, 64).canonical for film in films]))
    actual = np.array([list(reader.read(film).probabilities.values()) for film in films])
    np.testing.assert_allclose(actual, expected, atol=1e-4)
    assert expected.std(0).max() > 1e-3


def test_maps_are_the_gradcams_of_the_film_itself(reader, read):
    maps = reader._gradcam.explain(prepare(distinct_phantom(3), 64).canonical[np.newaxis]).maps
    for name, expected in zip(CLASS_NAMES, maps[0].numpy(), strict=True):
        np.testing.assert_allclose(read.maps[name], expected, atol=1e-5)


def test_range_is_over_the_film_and_its_views(reader, tiny_model):
    film = distinct_phantom(7)
    canonical = prepare(film, 64).canonical
    expected = Classifier.load(tiny_model).predict(np.concatenate([canonical[np.newaxis], tta_views(canonical)]))
    read = reader.read(film)
    np.testing.assert_allclose(list(read.low.values()), expected.min(0), atol=1e-4)
    np.testing.assert_allclose(list(read.high.values()), expected.max(0), atol=1e-4)
    for name, probability in read.probabilities.items():
        assert read.low[name] <= probability <= read.high[name]
    assert max(read.high[name] - read.low[name] for name in CLASS_NAMES) > 1e-3


def test_gate_judges_the_film_itself(reader):
    film = distinct_phantom(3)
    prepared = prepare(film, 64)
    features = reader.classifier.outputs(prepared.canonical[np.newaxis]).features[0]
    assert reader.read(film).gate == reader.gate.judge(film, prepared, features)


def test_film_that_the_gate_refuses_is_read_all_the_same(reader, read):
    lateral = replace(distinct_phantom(3), view="LL")
    refused = reader.read(lateral)
    assert refused.gate.outcome != "read"
    assert refused.probabilities == pytest.approx(read.probabilities, abs=1e-5)


def test_prediction_set_is_that_of_the_probabilities(reader):
    for seed in range(6):
        read = reader.read(distinct_phantom(seed))
        expected = prediction_set(np.array(list(read.probabilities.values())), reader.classifier.calibration.set_thresholds)
        assert read.prediction_set == expected


def test_one_pass_reads_the_film_and_its_views(reader, monkeypatch):
    passes = []
    explain = reader._gradcam.explain
    monkeypatch.setattr(reader._gradcam, "explain", lambda films: passes.append(films.shape) or explain(films))
    reader.read(distinct_phantom(3))
    assert passes == [(1 + TTA_VIEWS, 64, 64, 1)]


def test_a_classifier_without_calibration_reads_nothing(tiny_model):
    with pytest.raises(CalibrationMissingError, match="Run 'evaluate'"):
        Reader(Classifier.load_unfitted(tiny_model), InputGate.load(tiny_model))


@pytest.mark.slow
def test_every_method_explains_one_class_step_by_step(reader):
    film = distinct_phantom(3)
    for name in METHODS:
        steps = []
        saliency = reader.explain(film, name, "Normal", lambda done, of, steps=steps: steps.append((done, of)))
        assert saliency.dtype == np.float32
        assert saliency.min() >= 0
        assert saliency.max() <= 1
        assert steps[0][0] == 0
        assert steps[-1][0] == steps[-1][1]


def test_explained_by_the_default_method_is_the_map_of_the_read(reader, read):
    for name in CLASS_NAMES:
        np.testing.assert_allclose(
            reader.explain(distinct_phantom(3), next(iter(METHODS)), name, lambda *_: None), read.maps[name], atol=1e-3
        )


def test_cancelled_explanation_ends_at_once(reader):
    def stop(done, of):
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        reader.explain(distinct_phantom(3), "SmoothGrad", "COVID", stop)


def test_lungs_and_box_are_those_of_the_film(reader, read):
    film = distinct_phantom(3)
    np.testing.assert_array_equal(read.lungs.mask, find_lungs(film).mask)
    assert read.box == prepare(film, 64).box != WHOLE_FILM


def test_classifier_of_whole_films_sees_the_whole_film(tiny_model, tmp_path):
    folder = shutil.copytree(tiny_model, tmp_path / "model")
    card = json.loads((folder / CARD_FILE).read_text())
    (folder / CARD_FILE).write_text(json.dumps(card | {"model": card["model"] | {"crop": "none"}}))
    film = distinct_phantom(3)
    read = Reader.load(folder).read(film)
    assert read.box == WHOLE_FILM
    expected = Classifier.load(tiny_model).predict(prepare(film, 64, "none").canonical[np.newaxis])[0]
    np.testing.assert_allclose(list(read.probabilities.values()), expected, atol=1e-4)


@pytest.mark.parametrize("top", CLASS_NAMES)
def test_top_class_has_the_highest_probability(top):
    probabilities = {name: 0.4 if name == top else 0.2 for name in CLASS_NAMES}
    fields = LungFields(np.zeros((64, 64, 2), np.float32), Placement(64, 0, 0, 64, 64))
    assert Read(probabilities, (), GateOutcome(), fields, WHOLE_FILM, "none", "0" * 64, "CPU").top_class == top


@pytest.mark.films
def test_shipped_model_gives_the_reads_that_its_card_stands_on(shipped, data):
    card = read_card(SHIPPED_MODEL)
    stored = read_reads(SHIPPED_MODEL, card)
    index = open_collections([data]).films
    paths = index.loc[index["split"] == card.data.split, "path"].tolist()
    chosen = range(0, len(paths), len(paths) // 32)
    reads = read_files(shipped.classifier, shipped.gate, [data / paths[row] for row in chosen])
    found = [list(one.read.probabilities.values()) for one in reads]
    np.testing.assert_allclose(found, stored[list(CLASS_NAMES)].to_numpy()[list(chosen)], atol=2e-3)


@pytest.mark.films
def test_shipped_model_reads_a_real_film(shipped, data):
    film = decode_film(next((data / "COVID-19_Radiography_Dataset/COVID/images").iterdir()).read_bytes())
    read = shipped.read(film)
    assert sum(read.probabilities.values()) == pytest.approx(1, abs=1e-5)
    assert max(saliency.max() for saliency in read.maps.values()) > 0.9


@pytest.mark.parametrize("opacity", [0.0, 0.6])
def test_shipped_gate_lets_the_phantom_pass(shipped, opacity):
    read = shipped.read(draw_phantom(opacity=opacity))
    assert read.gate.outcome == "read"
    assert read.lungs.doubt is None
