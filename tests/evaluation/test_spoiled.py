"""Films are spoiled as they are said to be."""

import numpy as np
import pytest

from cxr_core.evaluation.spoiled import CLOSE_UP, FRAME, SPOILED, blurred, cut_off, from_a_screen
from cxr_core.imaging import model_input
from tests.conftest import distinct_phantom


@pytest.fixture(scope="module")
def film():
    return model_input(distinct_phantom(2), 96)


@pytest.mark.parametrize("name", SPOILED)
def test_spoiled_film_is_a_film_drawn_by_its_seed(film, name):
    before = film.copy()
    first, again = (SPOILED[name](film, np.random.default_rng(1)) for _ in range(2))
    assert (first.shape, first.dtype) == (film.shape, np.float32)
    assert first.min() >= 0
    assert first.max() <= 1
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(film, before)
    assert np.abs(first - film).mean() > 0.01


def test_blur_takes_the_detail():
    film = np.random.default_rng(0).random((96, 96, 1), np.float32)
    made = blurred(film, np.random.default_rng(0))
    assert np.abs(np.diff(made[..., 0])).mean() < 0.3 * np.abs(np.diff(film[..., 0])).mean()


def test_half_of_a_film_is_left_between_black_bars():
    film = np.repeat(np.linspace(0.1, 1, 96, dtype=np.float32)[:, np.newaxis], 96, 1)[..., np.newaxis]
    halves = {float(cut_off(film, np.random.default_rng(seed))[24, 0, 0]) for seed in range(10)}
    assert halves == {float(film[0, 0, 0]), float(film[48, 0, 0])}
    made = cut_off(film, np.random.default_rng(0))
    assert made[:24].max() == made[72:].max() == 0
    assert made[24:72].min() > 0


def test_photograph_shows_the_film_aslant_before_a_dark_room():
    made = from_a_screen(np.full((96, 96, 1), 0.6, np.float32), np.random.default_rng(3))[..., 0]
    edge = round(96 * FRAME[0]) - 2
    assert made[:edge].mean() < 0.4
    assert made[30:66, 30:66].mean() > 0.5
    assert made[30:66, 30:66].std() > 0.01  # the pattern


def test_close_up_shows_nothing_but_the_film():
    for seed in range(5):
        made = from_a_screen(np.full((96, 96, 1), 0.6, np.float32), np.random.default_rng(seed), CLOSE_UP)
        assert made.min() > 0.4
