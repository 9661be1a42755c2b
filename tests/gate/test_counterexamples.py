"""What the gate learns to tell from upright films."""

import numpy as np
import pytest

from cxr_core.gate.counterexamples import not_a_chest, photographed, turned
from cxr_core.imaging import draw_phantom, model_input


@pytest.fixture(scope="module")
def film():
    return model_input(draw_phantom(200, 150), 96)


def test_turns_go_round(film):
    np.testing.assert_array_equal(turned(film, "upright"), film)
    twice = turned(turned(film, "rotated_90"), "rotated_90")
    np.testing.assert_array_equal(twice, turned(film, "rotated_180"))
    np.testing.assert_array_equal(turned(twice, "rotated_90"), turned(film, "rotated_270"))
    assert not np.array_equal(turned(film, "rotated_90"), film)


def test_inversion_is_that_of_the_film_and_not_of_its_padding():
    levels = np.random.default_rng(0).uniform(0.2, 0.8, (96, 60, 1)).astype(np.float32)
    padded = np.pad(levels, ((0, 0), (18, 18), (0, 0)))
    inverted = turned(padded, "inverted")
    np.testing.assert_allclose(inverted[:, 18:-18], 1 - levels)
    assert not inverted[:, :18].any()
    assert not inverted[:, -18:].any()


@pytest.mark.parametrize("seed", range(12))
def test_what_is_not_a_chest_is_a_model_input_all_the_same(film, seed):
    made = not_a_chest(film, np.random.default_rng(seed))
    assert made.shape == film.shape
    assert made.dtype == np.float32
    assert made.min() == 0
    assert made.max() == 1
    assert abs(np.corrcoef(made.ravel(), film.ravel())[0, 1]) < 0.9
    np.testing.assert_array_equal(made, not_a_chest(film, np.random.default_rng(seed)))


@pytest.mark.parametrize("seed", range(12))
def test_photograph_of_a_film_is_a_model_input_that_still_shows_it(film, seed):
    before = film.copy()
    made = photographed(film, np.random.default_rng(seed))
    assert (made.shape, made.dtype) == (film.shape, np.float32)
    assert made.min() >= 0
    assert made.max() <= 1
    assert 0.01 < np.abs(made - film).mean() < 0.5
    np.testing.assert_array_equal(made, photographed(film, np.random.default_rng(seed)))
    np.testing.assert_array_equal(film, before)


def test_some_photographs_have_nothing_around_the_film():
    white = np.ones((96, 96, 1), np.float32)
    edges = [photographed(white, np.random.default_rng(seed))[[0, -1]].min() for seed in range(40)]
    close = sum(edge > 0.5 for edge in edges)
    assert 0 < close < len(edges)
