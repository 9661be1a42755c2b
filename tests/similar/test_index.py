"""The search against what SciPy finds by comparing with every film, twins that are passed over, and what is usual."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from scipy.stats import zscore

from cxr_core.similar.index import FilmIndex, Found
from cxr_core.similar.sketch import SKETCH
from cxr_core.similar.store import Computed
from tests.similar.films import computed, listed, sketches

STRANGE = sketches(1, seed=99)[0]
"""A sketch that is like none of a test's."""


def some_features(count, channels=24, seed=0):
    rng = np.random.default_rng(seed)
    return np.maximum(0, rng.normal(1, 1, (count, channels)) * rng.lognormal(0, 2, channels)).astype(np.float16)


def by_scipy(features, query):
    """Cosine distances of standardised features, worked out another way."""
    everything = np.vstack([features.astype(float), query])
    mean, spread = features.astype(float).mean(0), features.astype(float).std(0)
    rows = (everything - mean) / spread
    return cdist(rows[-1:], rows[:-1], "cosine")[0]


@given(st.integers(0, 1000), st.integers(1, 60))
def test_the_nearest_are_those_that_scipy_finds(seed, count):
    features = some_features(count, seed=seed)
    query = some_features(1, seed=seed + 5000)[0].astype(np.float32)
    index = FilmIndex(listed(count), computed(features))
    found = index.search(query, STRANGE).neighbours
    assert len(found) == min(10, count)
    if count > 7 and (features.astype(float).std(0) > 0).all():
        expected = by_scipy(features, query)
        np.testing.assert_allclose([film.distance for film in found], np.sort(expected)[:10].clip(0), atol=2e-3)
        np.testing.assert_allclose([expected[int(film.path.removeprefix("film-"))] for film in found], np.sort(expected)[:10], atol=2e-3)


def test_standardised_features_of_scipy_give_the_same_distances_between_films_of_the_index():
    features = some_features(40)
    rows = zscore(features.astype(float), axis=0)
    index = FilmIndex(listed(40), computed(features))
    np.testing.assert_allclose(index.distances(features[7]), cdist(rows[7:8], rows, "cosine")[0], atol=2e-3)


def test_a_film_is_at_no_distance_from_itself_and_those_without_anything_in_common_are_at_one():
    rng = np.random.default_rng(0)
    features = rng.normal(10, 1, (2000, 500)).astype(np.float16)
    index = FilmIndex(listed(2000), computed(features))
    distances = index.distances(features[3])
    assert distances[3] == pytest.approx(0, abs=1e-3)
    assert np.delete(distances, 3).mean() == pytest.approx(1, abs=0.01)


def test_one_feature_of_a_hundred_times_the_size_counts_no_more_than_the_others():
    features = some_features(300)
    query = some_features(1, seed=1)[0].astype(np.float32)
    weights = np.ones(24, np.float32)
    weights[5] = 100
    plain = FilmIndex(listed(300), computed(features)).search(query, STRANGE)
    larger = FilmIndex(listed(300), computed(features.astype(np.float32) * weights)).search(query * weights, STRANGE)
    assert [film.path for film in plain.neighbours] == [film.path for film in larger.neighbours]


def test_a_feature_that_never_varies_changes_nothing():
    features = some_features(50)
    query = some_features(1, seed=1)[0].astype(np.float32)
    plain = FilmIndex(listed(50), computed(features)).distances(query)
    more = FilmIndex(listed(50), computed(np.hstack([features, np.full((50, 1), 3, np.float16)]))).distances(np.append(query, 7.0))
    np.testing.assert_allclose(plain, more, atol=1e-5)


def paths(found: Found):
    return [film.path for film in found.neighbours]


def test_the_film_itself_is_left_out_by_its_pixels_and_by_its_fingerprint():
    features, known = some_features(30), sketches(30)
    index = FilmIndex(listed(30), computed(features, known))
    query = features[4].astype(np.float32)
    assert paths(index.search(query, STRANGE))[0] == "film-4"
    for found in (index.search(query, known[4]), index.search(query, STRANGE, f"{4:012x}")):
        assert "film-4" not in paths(found)
        assert (found.left_out, len(found.neighbours)) == (1, 10)


def test_what_the_folder_knows_as_the_same_film_or_patient_is_left_out_too():
    features, known = some_features(30), sketches(30)
    families = np.arange(30)
    families[[4, 11, 12]] = 4
    index = FilmIndex(listed(30, families=families), computed(features, known))
    for own in (4, 11, 12):
        found = index.search(features[own].astype(np.float32), known[own], most=30)
        assert not {"film-4", "film-11", "film-12"} & set(paths(found))
        assert found.left_out == 3
        assert len(found.neighbours) == 27


def test_of_films_that_are_one_film_or_of_one_patient_only_the_nearest_is_shown():
    rng = np.random.default_rng(0)
    features = some_features(400)
    features[:200] = features[0] + rng.normal(0, 0.01, (200, 24))  # far more of them than are looked at in the first place
    query = features[0].astype(np.float32)
    patient = np.arange(400)
    patient[:200] = 0
    known = sketches(400)
    alike = known.copy()
    alike[:200] = known[0]
    for index in (
        FilmIndex(listed(400, families=patient), computed(features, known)),
        FilmIndex(listed(400), computed(features, alike)),
    ):
        found = index.search(query, STRANGE)
        assert len(found.neighbours) == 10
        assert sum(int(path.removeprefix("film-")) < 200 for path in paths(found)) == 1
        assert found.left_out == 0
    assert len(FilmIndex(listed(400), computed(features, known)).search(query, STRANGE).neighbours) == 10


def test_own_source_is_told_where_the_folder_knows_the_film():
    features, known = some_features(30), sketches(30)
    sources = ["web"] * 5 + ["rsna"] * 25
    index = FilmIndex(listed(30, sources=sources), computed(features, known))
    assert index.search(features[2].astype(np.float32), known[2]).own_source == "web"
    assert index.search(features[2].astype(np.float32), STRANGE).own_source == ""


def test_a_film_of_a_class_from_another_source_is_found():
    features, known = some_features(40), sketches(40)
    sources = np.array(["web", "rsna", "", "hannover"] * 10)
    labels = np.array((["COVID"] * 4 + ["Normal"] * 4) * 5)
    index = FilmIndex(listed(40, sources=sources, labels=labels), computed(features, known))
    query = features[0].astype(np.float32)
    apart = index.distances(query)
    fits = (labels == "COVID") & (sources != "web") & (sources != "")
    expected = np.where(fits, apart, np.inf).argmin()
    assert index.from_another_source(query, known[0], "", "COVID").path == f"film-{expected}"  # the folder knows the film: it is of web
    near = sources[np.where(sources == "", np.inf, apart).argmin()]
    expected = np.where((labels == "Normal") & (sources != near) & (sources != ""), apart, np.inf).argmin()
    assert index.from_another_source(query, STRANGE, "", "Normal").path == f"film-{expected}"
    assert index.from_another_source(query, known[0], "", "Viral Pneumonia") is None
    alone = FilmIndex(listed(40, sources=["web"] * 40, labels=labels), computed(features, known))
    assert alone.from_another_source(query, known[0], "", "COVID") is None
    unknown = FilmIndex(listed(40, labels=labels), computed(features, known))
    assert unknown.from_another_source(query, known[0], "", "COVID") is None


def test_films_without_features_are_not_found_and_those_that_are_not_listed_neither():
    features = some_features(30)
    keys = [f"{number:016x}" for number in range(10, 40)]
    index = FilmIndex(listed(30), computed(features, keys=keys))
    assert (len(index), index.listed) == (20, 30)
    assert set(paths(index.search(features[0].astype(np.float32), STRANGE, most=30))) == {f"film-{number}" for number in range(10, 30)}


def test_an_empty_index_finds_nothing():
    index = FilmIndex(listed(3), Computed.nothing())
    assert len(index) == 0
    assert index.search(np.ones(24), STRANGE) == Found((), 0)
    assert index.usual is None


def test_an_index_of_nothing_but_the_film_itself_finds_nothing():
    features, known = some_features(1), sketches(1)
    assert FilmIndex(listed(1), computed(features, known)).search(features[0], known[0]) == Found((), 1)


def test_blank_films_are_like_nothing_and_break_nothing():
    features = np.zeros((30, 24), np.float16)
    index = FilmIndex(listed(30), computed(features, np.zeros((30, SKETCH), np.float32)))
    found = index.search(np.zeros(24), np.zeros(SKETCH))
    assert [film.distance for film in found.neighbours] == [1.0] * 10


def test_what_is_usual_is_how_near_the_films_of_the_index_have_one_and_copies_do_not_count():
    features, known = some_features(60), sketches(60)
    rows = zscore(features.astype(float), axis=0)
    apart = cdist(rows, rows, "cosine")
    np.fill_diagonal(apart, np.inf)
    expected = np.quantile(apart.min(1), 0.95)
    index = FilmIndex(listed(60), computed(features, known))
    assert index.usual == pytest.approx(expected, abs=2e-3)
    again = FilmIndex(listed(120), computed(np.vstack([features, features]), np.vstack([known, known])))
    assert again.usual == pytest.approx(expected, abs=2e-3)
    assert FilmIndex(listed(19), computed(features[:19], known[:19])).usual is None
