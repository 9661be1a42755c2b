"""Films are corrupted as they are said to be."""

import numpy as np
import pytest

from cxr_core.evaluation.corruptions import CLOSE_UP, CORRUPTIONS, CROPPED, FRAME, PHOTO, blurred, cropped, cut_off, from_a_screen, narrowed
from tests.conftest import distinct_phantom

PLAIN = np.full((90, 120), 0.6, np.float32)


@pytest.fixture(scope="module")
def pixels():
    return distinct_phantom(2).pixels


@pytest.mark.parametrize("corrupt", [*CORRUPTIONS.values(), narrowed], ids=[*CORRUPTIONS, "narrowed"])
def test_corrupted_film_is_a_film_drawn_by_its_seed(pixels, corrupt):
    before = pixels.copy()
    first, again = (corrupt(pixels, np.random.default_rng(1)) for _ in range(2))
    assert first.ndim == 2
    assert first.dtype == np.float32
    assert first.min() >= 0
    assert first.max() <= 1
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(pixels, before)


def test_blur_takes_the_detail():
    film = np.random.default_rng(0).random((96, 96), np.float32)
    made = blurred(film, np.random.default_rng(0))
    assert np.abs(np.diff(made)).mean() < 0.3 * np.abs(np.diff(film)).mean()


def test_half_of_a_film_is_left():
    film = np.repeat(np.arange(90, dtype=np.float32)[:, np.newaxis], 120, 1)
    halves = {tuple(cut_off(film, np.random.default_rng(seed))[[0, -1], 0]) for seed in range(10)}
    assert halves == {(0, 44), (45, 89)}


def test_each_corner_of_a_film_may_be_left():
    film = np.arange(90 * 120, dtype=np.float32).reshape(90, 120)
    made = [cropped(film, np.random.default_rng(seed)) for seed in range(40)]
    rows, columns = round(CROPPED * 90), round(CROPPED * 120)
    assert {corner.shape for corner in made} == {(rows, columns)}
    assert {corner[0, 0] for corner in made} == {film[row, column] for row in (0, 90 - rows) for column in (0, 120 - columns)}


def test_photograph_shows_the_film_aslant_before_a_dark_room():
    shapes = set()
    for seed in range(6):
        made = from_a_screen(PLAIN, np.random.default_rng(seed))
        shapes.add(made.shape)
        height, width = made.shape
        edge = round(height * FRAME[0]) - 8
        assert made[:edge].mean() < 0.45
        middle = made[height // 3 : 2 * height // 3, width // 3 : 2 * width // 3]
        assert middle.mean() > 0.5
        assert middle.std() > 0.02  # the pattern, and noise
    assert shapes == {PHOTO, PHOTO[::-1]}


def test_close_up_shows_nothing_but_the_film():
    for seed in range(5):
        made = from_a_screen(PLAIN, np.random.default_rng(seed), CLOSE_UP)
        assert np.percentile(made, 0.1) > 0.4


def test_sound_film_gets_other_proportions_and_keeps_all_it_shows():
    shapes = {narrowed(PLAIN, np.random.default_rng(seed)).shape for seed in range(10)}
    assert shapes == {(90, 96), (72, 120)}
