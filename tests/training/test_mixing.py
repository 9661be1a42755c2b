"""Films of a batch that are mixed."""

import numpy as np
import pytest

from cxr_core.imaging import model_input
from cxr_core.training.mixing import mix_amplitudes, swap_surroundings
from tests.conftest import distinct_phantom


@pytest.fixture(scope="module")
def films():
    phantoms = np.stack([model_input(distinct_phantom(seed, seed / 8), 64)[..., 0] for seed in range(8)])
    return (0.8 * phantoms + 0.02 * np.arange(8)[:, np.newaxis, np.newaxis]).astype(np.float32)  # the corners too tell which it is


@pytest.fixture(scope="module")
def lungs(films):
    masks = np.zeros_like(films)
    masks[:, 16:48, 12:52] = 1
    return masks


def mixed(films, lungs, share, seed=0):
    rng = np.random.default_rng(seed)
    return mix_amplitudes(films, rng, share) if lungs is None else swap_surroundings(films, lungs, rng, share)


@pytest.mark.parametrize("way", ["amplitudes", "surroundings"])
def test_keeps_shape_range_and_dtype_and_the_films_themselves(films, lungs, way):
    before = films.copy()
    masks = None if way == "amplitudes" else lungs
    for seed in range(10):
        changed = mixed(films, masks, 1.0, seed)
        assert changed.shape == films.shape
        assert changed.dtype == np.float32
        assert changed.min() >= 0
        assert changed.max() <= 1
    np.testing.assert_array_equal(films, before)
    np.testing.assert_array_equal(mixed(films, masks, 1.0, 3), mixed(films, masks, 1.0, 3))


@pytest.mark.parametrize("way", ["amplitudes", "surroundings"])
def test_as_many_films_are_changed_as_the_share_says(films, lungs, way):
    masks = None if way == "amplitudes" else lungs
    np.testing.assert_allclose(mixed(films, masks, 0.0), films, atol=1e-5)
    # A film may draw itself for its partner, and then stays.
    changed = [np.abs(mixed(films, masks, 0.5, seed) - films).max((1, 2)) > 1e-3 for seed in range(60)]
    assert np.mean(changed) == pytest.approx(0.5 * 7 / 8, abs=0.07)


def test_phases_stay_where_amplitudes_are_mixed():
    # Far from black and white, where nothing is cut off.
    films = (0.5 + np.random.default_rng(0).normal(0, 0.03, (6, 32, 32))).astype(np.float32)
    changed = mixed(films, None, 1.0)
    before, after = np.fft.rfft2(films), np.fft.rfft2(changed)
    inner = (slice(None), slice(None), slice(1, 16))  # the two borders are real where the film's side is even
    turned = np.angle(after[inner] / before[inner])
    np.testing.assert_allclose(turned, 0, atol=1e-2)
    assert np.abs(np.abs(after) / np.abs(before) - 1).max() > 0.5


def test_amplitudes_lie_between_two_films_own():
    flat = np.stack([np.full((32, 32), 0.2 + 0.1 * number, np.float32) for number in range(5)])
    for seed in range(10):
        greys = mixed(flat, None, 1.0, seed)[:, 0, 0]
        assert greys.min() >= 0.2 - 1e-5
        assert greys.max() <= 0.6 + 1e-5
        assert len(np.unique(greys.round(3))) > 1


def test_lungs_stay_and_what_is_far_from_them_is_one_other_films(films, lungs):
    changed = mixed(films, lungs, 1.0)
    np.testing.assert_allclose(changed[:, 18:46, 14:50], films[:, 18:46, 14:50], atol=0.02)
    corners = (slice(None), slice(0, 8), slice(0, 6))
    partners = [[np.allclose(one, other, atol=4e-3) for other in films[corners]].index(True) for one in changed[corners]]
    assert sorted(partners) == list(range(8))  # each film's surroundings are used once
    assert partners != list(range(8))


def test_film_whose_lungs_are_everywhere_stays(films):
    np.testing.assert_allclose(mixed(films, np.ones_like(films), 1.0), films, atol=1e-5)
