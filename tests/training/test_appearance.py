"""The looks of other machines."""

import cv2
import numpy as np
import pytest

from cxr_core.imaging import model_input
from cxr_core.training import appearance
from cxr_core.training.appearance import vary_appearance
from tests.conftest import distinct_phantom

CHANGES = ("TONE", "LOCAL", "FINE", "BORDER", "LETTERS", "NOISY", "RESAMPLED", "CODED")


@pytest.fixture(scope="module")
def film():
    return model_input(distinct_phantom(1), 64)[..., 0]


@pytest.fixture
def only(monkeypatch):
    """Make these changes to every film and the others to none."""

    def choose(*names):
        for name in CHANGES:
            monkeypatch.setattr(appearance, name, float(name in names))

    return choose


def varied(film, count=20):
    return [vary_appearance(film, np.random.default_rng(seed)) for seed in range(count)]


@pytest.mark.parametrize("size", [64, 65, 160])
def test_keeps_shape_range_and_dtype_and_the_film_itself(size):
    film = model_input(distinct_phantom(2, side=300), size)[..., 0]
    before = film.copy()
    for changed in varied(film, 60):
        assert changed.shape == film.shape
        assert changed.dtype == np.float32
        assert changed.min() >= 0
        assert changed.max() <= 1
    np.testing.assert_array_equal(film, before)


def test_same_generator_gives_the_same_film_and_another_another(film):
    np.testing.assert_array_equal(*(vary_appearance(film, np.random.default_rng(5)) for _ in range(2)))
    assert len({changed.tobytes() for changed in varied(film)}) == 20


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_does_something_to_every_film_that_gets_it(film, only, change):
    only()
    plain = vary_appearance(film, np.random.default_rng(0))
    only(change)
    np.testing.assert_array_equal(plain, vary_appearance(film, Undrawn(0)))
    seeds = [vary_appearance(film, np.random.default_rng(seed)) for seed in range(12)]
    only()
    bare = [vary_appearance(film, np.random.default_rng(seed)) for seed in range(12)]
    assert np.mean([np.abs(one - other).max() > 0.01 for one, other in zip(seeds, bare, strict=True)]) > 0.7


class Undrawn(np.random.Generator):
    """Draws as a generator of a seed does, but no change's lot ever falls."""

    def __init__(self, seed):
        super().__init__(np.random.PCG64(seed))

    def random(self, *shape):
        drawn = super().random(*shape)
        return drawn if shape else 1.0


def test_what_is_bright_stays_bright_without_local_changes(film, only):
    only("TONE")
    order = np.argsort(film, axis=None)
    for changed in varied(film):
        rising = changed.ravel()[order]
        assert (np.diff(rising) >= -1e-6).all()


def test_collimation_reaches_in_from_the_edges_alone(film, only):
    only()
    bare = varied(film, 40)
    only("BORDER")
    cut = 0
    for changed, plain in zip(varied(film, 40), bare, strict=True):
        np.testing.assert_array_equal(changed[6:-6, 6:-6], plain[6:-6, 6:-6])  # at most 8% of a side
        cut += (changed != plain).any()
    assert cut > 25


def test_letters_are_bright_and_leave_the_middle_of_the_film(film, only):
    only()
    bare = varied(film, 40)
    only("LETTERS")
    for changed, plain in zip(varied(film, 40), bare, strict=True):
        marked = changed != plain
        assert 0 < marked.mean() < 0.1
        assert not marked[20:50, 26:50].any()


def test_coarse_blur_is_wide():
    point = np.zeros((128, 128), np.float32)
    point[64, 64] = 1
    blurred = appearance._coarse(point, 8.0)
    exact = cv2.GaussianBlur(point, (0, 0), 8.0)
    assert np.abs(blurred - exact).max() < 0.25 * exact.max()
