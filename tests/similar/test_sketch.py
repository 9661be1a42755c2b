"""Sketches of films: alike for near-duplicates, and for nothing else."""

import cv2
import numpy as np
import pandas as pd
import pytest

from cxr_core.data import thumbnail_of
from cxr_core.imaging import load_film
from cxr_core.similar.sketch import SKETCH, Sketches, sketch_of
from tests.conftest import distinct_phantom
from tests.similar.films import film_of


def resampled(film, side):
    return film_of(cv2.resize(film.pixels, (side, side), interpolation=cv2.INTER_AREA) * 255)


def test_a_film_is_the_same_in_other_sizes_and_greys_and_no_other_film_is():
    films = [distinct_phantom(seed, side=160) for seed in range(8)]
    sketches = Sketches(np.stack([sketch_of(film) for film in films]))
    for number, film in enumerate(films):
        for other in (film, resampled(film, 97), film_of(255 * (0.1 + 0.7 * film.pixels))):
            assert sketches.same(sketch_of(other)).tolist() == [number]


def test_the_product_of_two_sketches_is_the_correlation_of_the_thumbnails():
    film, noise = distinct_phantom(1).pixels, np.random.default_rng(0).normal(size=(96, 96))
    for amount in (0.0, 0.05, 0.2, 1.0):
        other = film_of((film + amount * noise).clip(0, 1) * 255)
        correlation = float(thumbnail_of(film_of(film * 255)) @ thumbnail_of(other))
        product = float(sketch_of(film_of(film * 255)) @ sketch_of(other))
        assert product == pytest.approx(correlation, abs=4 * (1 - correlation**2) / SKETCH**0.5 + 1e-3)


def test_a_film_of_one_grey_has_a_sketch_of_numbers():
    assert np.isfinite(sketch_of(film_of(np.full((80, 80), 100)))).all()
    assert np.isfinite(sketch_of(film_of(np.zeros((80, 80))))).all()


def test_sketches_are_what_they_were_when_indexes_were_written():
    sketch = sketch_of(film_of(np.arange(64 * 64).reshape(64, 64) / 16))
    assert sketch.shape == (SKETCH,)
    np.testing.assert_allclose(np.linalg.norm(sketch), 1, rtol=1e-6)
    np.testing.assert_allclose(sketch[:4], [-0.071956, -0.028663, 0.002046, 0.054097], atol=2e-6)


def test_films_that_are_alike_are_found_as_by_comparing_all():
    rng = np.random.default_rng(0)
    thumbnails = rng.normal(size=(60, SKETCH)) + 3 * rng.normal(size=(60, 1)) * rng.normal(size=SKETCH)
    thumbnails[40:] = thumbnails[:20] + rng.normal(0, 0.3, (20, SKETCH))
    rows = (thumbnails / np.linalg.norm(thumbnails, axis=1, keepdims=True)).astype(np.float32)
    expected = rows @ rows.T > 0.975
    sketches = Sketches(rows)
    assert 60 < expected.sum() < 3600
    some = np.array([3, 41, 7])
    assert {*zip(*(place.tolist() for place in sketches.pairs(some)), strict=True)} == {*map(tuple, np.argwhere(expected[some]).tolist())}
    for number in range(60):
        assert sketches.same(rows[number]).tolist() == np.flatnonzero(expected[number]).tolist()
        assert sketches.any_same(number, [2, 44, 9]) == expected[number, [2, 44, 9]].any()
        assert not sketches.any_same(number, [])


@pytest.mark.films
@pytest.mark.slow
def test_real_films_are_recognised_in_their_other_public_copies(data):
    rows = pd.read_csv(data / "paired_copies.csv")
    rows = rows.iloc[np.unique(np.linspace(0, len(rows) - 1, 60).astype(int))]
    sketches = Sketches(np.stack([sketch_of(load_film(data / twin)) for twin in rows["twin"]]))
    found = [sketches.same(sketch_of(load_film(data / path))).tolist() for path in rows["path"]]
    assert found == [[number] for number in range(60)]  # 60 of 60, and none by mistake: docs/similar-films.md
