"""Building an index: stopped, killed and gone on with, with files that cannot be read, and with a real network."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import zscore

from cxr_core.errors import FolderInUseError
from cxr_core.files import sole_use
from cxr_core.imaging import load_film
from cxr_core.similar import build
from cxr_core.similar.build import Building, features_of
from cxr_core.similar.index import FilmIndex
from cxr_core.similar.listing import list_similar
from cxr_core.similar.sketch import sketch_of
from cxr_core.similar.store import Store
from tests.similar.films import Means, folder_of, identity, store_of, write_film

FILMS = 11


@pytest.fixture
def folder(tmp_path):
    return folder_of(tmp_path / "films", [{"seed": number, "path": f"{number}.png", "label": "Normal"} for number in range(FILMS)])


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    monkeypatch.setattr(build, "BATCH", 2)
    monkeypatch.setattr(build, "WRITTEN_EVERY", 4)


def run(building, classifier, steps=None):
    running = building.steps(classifier)
    for number, _ in enumerate(running, start=1):
        if number == steps:
            running.close()
    return building


def test_every_film_has_the_features_that_the_network_gives_for_it(folder, tmp_path):
    films, store = store_of(folder, tmp_path / "cache")
    means = Means()
    building = run(Building(films, store), means)
    assert (building.done, building.left, building.unreadable, means.looked_at) == (FILMS, 0, 0, FILMS)
    found = store.load()
    assert set(found.keys) == set(films.keys)
    for path, key in zip(films.paths, films.keys, strict=True):
        film, row = load_film(path), found.keys.tolist().index(key)
        np.testing.assert_allclose(found.features[row], features_of(film, means), atol=1e-3)
        np.testing.assert_allclose(found.sketches[row], sketch_of(film), atol=1e-3)
        assert found.fingerprints[row] == film.fingerprint
    assert len(list(store.folder.iterdir())) == 1
    assert building.films_a_second > 0


def test_what_is_stopped_is_gone_on_with(folder, tmp_path):
    films, store = store_of(folder, tmp_path / "cache")
    means = Means()
    building = run(Building(films, store), means, steps=3)
    assert (building.done, building.left, building.steps_left) == (6, FILMS - 6, 3)
    assert len(store.load().keys) == 6
    rest = Building(films, store)
    assert (rest.done, rest.total, rest.left) == (6, FILMS, FILMS - 6)
    run(rest, means)
    assert means.looked_at == FILMS
    assert len(store.load().keys) == FILMS
    again = Building(films, store)
    assert (again.left, again.done) == (0, FILMS)
    run(again, means)
    assert means.looked_at == FILMS


def test_what_is_killed_loses_no_more_than_was_not_written(folder, tmp_path, monkeypatch):
    films, store = store_of(folder, tmp_path / "cache")
    building, means = Building(films, store), Means()
    monkeypatch.setattr(building, "_write", lambda written=building._write: written() if len(building._fresh) >= 4 else None)
    running = building.steps(means)
    for _ in range(3):
        next(running)
    assert len(store.load().keys) == 4
    running.close()  # writes nothing, as a process that is killed
    assert len(store.load().keys) == 4
    run(Building(films, store), means)
    assert set(store.load().keys) == set(films.keys)


def test_what_fails_in_the_middle_keeps_what_was_computed(folder, tmp_path):
    class Breaks(Means):
        def features(self, films):
            if self.looked_at >= 6:
                raise RuntimeError("out of memory")
            return super().features(films)

    films, store = store_of(folder, tmp_path / "cache")
    with pytest.raises(RuntimeError):
        run(Building(films, store), Breaks())
    assert len(store.load().keys) == 6


def test_a_film_that_changed_and_one_that_came_are_looked_at_and_one_that_went_is_forgotten(folder, tmp_path):
    films, store = store_of(folder, tmp_path / "cache")
    run(Building(films, store), Means())
    write_film(folder / "3.png", 50, side=90)
    folder_of(folder, [{"seed": 90 if number == FILMS else None, "path": f"{number}.png"} for number in range(1, FILMS + 1)])
    films, means = list_similar([folder]), Means()
    run(Building(films, store), means)
    assert means.looked_at == 2
    assert set(store.load().keys) == set(films.keys)


def test_files_that_cannot_be_read_are_counted_and_not_tried_again_before_they_change(folder, tmp_path):
    for number in (0, 1, 5):
        (folder / f"{number}.png").write_bytes(b"no film")
    films, store = store_of(folder, tmp_path / "cache")
    building = run(Building(films, store), Means())
    assert (building.done, building.unreadable, len(store.load().keys)) == (FILMS, 3, FILMS - 3)
    again = Building(films, store)
    assert (again.left, again.unreadable) == (0, 3)
    write_film(folder / "5.png", 5)
    films = list_similar([folder])
    mended = run(Building(films, store), Means())
    assert (mended.unreadable, len(store.load().keys)) == (2, FILMS - 2)


def test_a_folder_of_unreadable_files_makes_an_index_of_nothing(tmp_path):
    folder = folder_of(tmp_path / "films", [{"seed": number, "path": f"{number}.png"} for number in range(3)])
    for number in range(3):
        (folder / f"{number}.png").write_bytes(b"no film")
    films, store = store_of(folder, tmp_path / "cache")
    assert run(Building(films, store), Means()).unreadable == 3
    assert len(FilmIndex(films, store.load())) == 0


def test_a_damaged_index_is_built_anew(folder, tmp_path):
    films, store = store_of(folder, tmp_path / "cache")
    run(Building(films, store), Means())
    whole = store.load()
    (part,) = store.folder.iterdir()
    part.write_bytes(part.read_bytes()[:-100])
    means = Means()
    run(Building(films, store), means)
    assert means.looked_at == FILMS
    np.testing.assert_array_equal(np.sort(store.load().keys), np.sort(whole.keys))


def test_two_do_not_build_one_index_at_once(folder, tmp_path):
    films, store = store_of(folder, tmp_path / "cache")
    with sole_use(store.folder), pytest.raises(FolderInUseError):
        run(Building(films, store), Means())


@pytest.mark.slow
def test_with_a_network_the_nearest_films_are_those_whose_features_scipy_finds_nearest(phantom_data, tmp_path, tiny_model):
    from cxr_core.models import Classifier

    classifier = Classifier.load(tiny_model)
    films = list_similar([phantom_data])
    store = Store([phantom_data], classifier.identity, tmp_path)
    run(Building(films, store), classifier)
    index = FilmIndex(films, store.load())
    assert (len(index), index.channels) == (len(films.keys), 16)
    features = np.stack([features_of(load_film(path), classifier) for path in films.paths]).astype(float)
    rows = zscore(features, axis=0)
    for own in (0, 15, 30):
        expected = cdist(rows[own : own + 1], rows, "cosine")[0]
        expected[own] = np.inf
        film = load_film(films.paths[own])
        found = index.search(features[own], sketch_of(film), film.fingerprint)
        np.testing.assert_allclose([one.distance for one in found.neighbours], np.sort(expected)[:10], atol=0.02)
        assert films.paths[own] not in [one.path for one in found.neighbours]
        assert found.left_out == 1


@pytest.mark.slow
def test_the_features_of_a_read_are_those_of_the_index(phantom_data, tiny_model):
    from cxr_core.reading import Reader

    reader = Reader.load(tiny_model)
    film = load_film(next((phantom_data / "COVID" / "images").iterdir()))
    np.testing.assert_allclose(reader.read(film).features, features_of(film, reader.classifier), rtol=1e-3, atol=1e-4)


def test_other_weights_are_looked_at_anew(folder, tmp_path):
    films, store = store_of(folder, tmp_path / "cache")
    run(Building(films, store), Means())
    other = Store([folder], identity("e" * 64), tmp_path / "cache")
    assert Building(films, other).left == FILMS
