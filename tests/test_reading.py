"""Reading one film: probabilities with their doubt, and maps, with where they came from."""

from dataclasses import replace

import numpy as np
import pytest

from cxr_core.batch import read_files
from cxr_core.card import SHIPPED_MODEL, DoubtMissingError, read_card, read_reads
from cxr_core.doubt import VIEWS, changed_views, prediction_set
from cxr_core.gate import GateOutcome, InputGate
from cxr_core.imaging import Placement, decode_film, draw_phantom, lung_fields, model_input
from cxr_core.labels import CLASS_NAMES
from cxr_core.models import Classifier
from cxr_core.reading import Read, Reader
from cxr_core.saliency import METHODS, Cancelled
from cxr_core.training.index import read_index
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
        assert saliency.shape == (2, 2)
        assert saliency.dtype == np.float32
        assert saliency.min() >= 0
        assert saliency.max() <= 1
    assert len({saliency.tobytes() for saliency in read.maps.values()}) > 1


def test_says_which_model_where_and_how_long(read, reader):
    assert read.model == reader.classifier.identity.version
    assert read.model.startswith("mobilenetv2 ")
    assert read.device == reader.classifier.device
    assert read.seconds > 0


def test_probabilities_are_the_classifiers(reader, tiny_model):
    classifier = Classifier.load(tiny_model)
    films = [distinct_phantom(seed) for seed in range(4)]
    expected = classifier.predict(np.stack([model_input(film, 64) for film in films]))
    actual = np.array([list(reader.read(film).probabilities.values()) for film in films])
    np.testing.assert_allclose(actual, expected, atol=1e-4)
    assert expected.std(0).max() > 1e-3


def test_maps_are_the_gradcams_of_the_film_itself(reader, read):
    maps = reader._gradcam.explain(model_input(distinct_phantom(3), 64)[np.newaxis]).maps
    for name, expected in zip(CLASS_NAMES, maps[0].numpy(), strict=True):
        np.testing.assert_allclose(read.maps[name], expected, atol=1e-5)


def test_range_is_over_the_film_and_its_views(reader, tiny_model):
    film = distinct_phantom(7)
    canonical = model_input(film, 64)
    expected = Classifier.load(tiny_model).predict(np.concatenate([canonical[np.newaxis], changed_views(canonical)]))
    read = reader.read(film)
    np.testing.assert_allclose(list(read.low.values()), expected.min(0), atol=1e-4)
    np.testing.assert_allclose(list(read.high.values()), expected.max(0), atol=1e-4)
    for name, probability in read.probabilities.items():
        assert read.low[name] <= probability <= read.high[name]
    assert max(read.high[name] - read.low[name] for name in CLASS_NAMES) > 1e-3


def test_gate_judges_the_film_itself(reader):
    film = distinct_phantom(3)
    canonical = model_input(film, 64)
    features = reader.classifier.outputs(canonical[np.newaxis])[1][0]
    assert reader.read(film).gate == reader.gate.judge(film, canonical, features)


def test_film_that_the_gate_refuses_is_read_all_the_same(reader, read):
    lateral = replace(distinct_phantom(3), view="LL")
    refused = reader.read(lateral)
    assert refused.gate.outcome != "read"
    assert refused.probabilities == pytest.approx(read.probabilities, abs=1e-5)


def test_prediction_set_is_that_of_the_probabilities(reader):
    for seed in range(6):
        read = reader.read(distinct_phantom(seed))
        expected = prediction_set(np.array(list(read.probabilities.values())), reader.classifier.doubt.set_thresholds)
        assert read.prediction_set == expected


def test_one_pass_reads_the_film_and_its_views(reader, monkeypatch):
    passes = []
    explain = reader._gradcam.explain
    monkeypatch.setattr(reader._gradcam, "explain", lambda films: passes.append(films.shape) or explain(films))
    reader.read(distinct_phantom(3))
    assert passes == [(1 + VIEWS, 64, 64, 1)]


def test_a_classifier_without_doubt_reads_nothing(tiny_model):
    with pytest.raises(DoubtMissingError, match="Run 'evaluate'"):
        Reader(Classifier.load_unfitted(tiny_model), InputGate.load(tiny_model))


@pytest.mark.parametrize(
    ("height", "width", "place"),
    [(128, 96, Placement(64, 0, 8, 64, 48)), (96, 192, Placement(64, 16, 0, 32, 64)), (100, 100, Placement(64, 0, 0, 64, 64))],
)
def test_place_follows_the_films_shape(reader, height, width, place):
    assert reader.read(draw_phantom(height, width)).place == place


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


def test_lungs_are_those_of_the_model_input(reader):
    film = draw_phantom(96, 80)
    np.testing.assert_array_equal(reader.lungs(film), lung_fields(model_input(film, 64)))


@pytest.mark.parametrize("top", CLASS_NAMES)
def test_top_class_has_the_highest_probability(top):
    probabilities = {name: 0.4 if name == top else 0.2 for name in CLASS_NAMES}
    place = Placement(64, 0, 0, 64, 64)
    assert Read(probabilities, probabilities, probabilities, (), GateOutcome(), {}, place, "none", "CPU", 0.1).top_class == top


@pytest.mark.films
def test_shipped_model_gives_the_reads_that_its_card_stands_on(shipped, data):
    card = read_card(SHIPPED_MODEL)
    stored = read_reads(SHIPPED_MODEL, card)
    index = read_index(data)
    paths = index.loc[index["split"] == card.data.split, "path"].tolist()
    chosen = range(0, len(paths), len(paths) // 32)
    found = [read.probabilities for read in read_files(shipped.classifier, [data / paths[row] for row in chosen])]
    np.testing.assert_allclose(found, stored[list(CLASS_NAMES)].to_numpy()[list(chosen)], atol=2e-3)


@pytest.mark.films
def test_shipped_model_reads_a_real_film(shipped, data):
    film = decode_film(next((data / "COVID-19_Radiography_Dataset/COVID/images").iterdir()).read_bytes())
    read = shipped.read(film)
    assert sum(read.probabilities.values()) == pytest.approx(1, abs=1e-5)
    assert max(saliency.max() for saliency in read.maps.values()) > 0.9
