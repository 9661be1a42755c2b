"""What the gate learns to tell from upright films."""

import cv2
import numpy as np
import pytest

from cxr_core.gate import reshaped, turned
from cxr_core.gate.counterexamples import not_a_chest, photographed
from cxr_core.imaging import draw_phantom, square_input


@pytest.fixture(scope="module")
def film():
    return square_input(draw_phantom(200, 150), 96)


def test_turns_go_round(film):
    np.testing.assert_array_equal(turned(film, "standard"), film)
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
    film = np.full((96, 96, 1), 0.7, np.float32)
    film[40:56, 40:56] = 0  # what the stretch of the contrast makes black
    close = sum(lowest_at_the_edge(photographed(film, np.random.default_rng(seed))) > 0.3 for seed in range(40))
    assert 4 <= close <= 30


def lowest_at_the_edge(made):
    """Of the film between the bars that fill up the square."""
    lit = made[..., 0] > 0
    shown = made[lit.any(1)][:, lit.any(0), 0]
    return min(shown[0].mean(), shown[-1].mean(), shown[:, 0].mean(), shown[:, -1].mean())


def test_reshaped_film_is_the_same_between_black_bars():
    film = np.random.default_rng(0).random((12, 12), np.float32)
    film = cv2.resize(film, (96, 96), interpolation=cv2.INTER_CUBIC).clip(0.05, 1)[..., np.newaxis]
    for seed in range(8):
        made = square_input(reshaped(film, np.random.default_rng(seed)), 96)
        lit = made[..., 0] > 0
        shown = made[lit.any(1)][:, lit.any(0), 0]
        assert max(shown.shape) == 96
        assert 0.7 < min(shown.shape) / 96 <= 1
        assert np.corrcoef(cv2.resize(shown, (96, 96)).ravel(), film.ravel())[0, 1] > 0.9
