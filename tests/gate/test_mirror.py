"""A film and its mirror image are told apart by their edges."""

import numpy as np
import pytest

from cxr_core.gate.descriptors import CELLS, DIRECTIONS, describe
from cxr_core.gate.fit import fit_mirror
from cxr_core.gate.mirror import Mirror, of_mirror_image
from cxr_core.imaging import draw_phantom, square_input


def edges_of(seed, mirrored=False, size=160):
    film = square_input(draw_phantom(size, size, seed), size)
    return describe(np.ascontiguousarray(film[:, ::-1]) if mirrored else film)[1]


def test_edges_of_the_mirror_image_are_known_from_the_film():
    np.testing.assert_allclose(of_mirror_image(edges_of(0)), edges_of(0, mirrored=True), atol=1e-3)
    both = np.stack([edges_of(0), edges_of(1)])
    np.testing.assert_array_equal(of_mirror_image(both)[1], of_mirror_image(both[1]))
    np.testing.assert_array_equal(of_mirror_image(of_mirror_image(both)), both)


def test_the_fit_tells_films_from_their_mirror_images_and_says_the_opposite_of_both():
    mirror = fit_mirror(np.stack([edges_of(seed) for seed in range(12)]))
    said = np.array([[mirror(edges_of(seed)), mirror(edges_of(seed, mirrored=True))] for seed in range(20, 26)])
    assert (said[:, 0] < 0).all()
    np.testing.assert_allclose(said[:, 1], -said[:, 0], atol=1e-2)


def test_a_film_of_even_grey_is_neither():
    mirror = Mirror(np.random.default_rng(0).normal(size=CELLS**2 * (DIRECTIONS + 1)).astype(np.float32))
    mirror = Mirror(mirror.weights - of_mirror_image(mirror.weights))
    assert mirror(describe(np.full((96, 96, 1), 0.5, np.float32))[1]) == pytest.approx(0, abs=1e-3)
