"""What the gate looks at."""

import numpy as np
import pytest

from cxr_core.gate.descriptors import BANDS, CELLS, DIRECTIONS, LOWEST_FREQUENCY, THUMBNAIL_SIDE, describe, spectrum
from cxr_core.imaging import draw_phantom, square_input


def ramp(size=128):
    """Bright to the right."""
    return np.tile(np.linspace(0, 1, size, dtype=np.float32), (size, 1))[..., np.newaxis]


def test_shapes_and_scale():
    greys, edges = describe(square_input(draw_phantom(300, 200), 96))
    assert greys.shape == (THUMBNAIL_SIDE**2,)
    assert edges.shape == (CELLS**2 * (DIRECTIONS + 1),)
    assert greys.dtype == edges.dtype == np.float32
    assert greys.mean() == pytest.approx(0, abs=1e-4)
    assert greys.std() == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(("turn", "direction"), [(0, 0), (1, 6), (2, 4), (3, 2)])
def test_edges_know_their_direction(turn, direction):
    edges = describe(np.ascontiguousarray(np.rot90(ramp(), turn)))[1][: CELLS**2 * DIRECTIONS].reshape(CELLS, CELLS, DIRECTIONS)
    assert (edges[1:-1, 1:-1].argmax(-1) == direction).all()


def test_inversion_turns_every_edge_round():
    upright, inverted = (describe(film)[1][: CELLS**2 * DIRECTIONS].reshape(-1, DIRECTIONS) for film in (ramp(), 1 - ramp()))
    np.testing.assert_allclose(inverted, np.roll(upright, DIRECTIONS // 2, axis=1), atol=1e-4)


def test_contrast_changes_neither_greys_nor_directions():
    film = square_input(draw_phantom(200, 200), 96)
    (greys, edges), (fainter, faint_edges) = describe(film), describe(0.3 * film + 0.2)
    np.testing.assert_allclose(greys, fainter, atol=1e-3)
    directions = slice(0, CELLS**2 * DIRECTIONS)
    np.testing.assert_allclose(edges[directions], faint_edges[directions], atol=1e-3)
    assert (faint_edges[CELLS**2 * DIRECTIONS :] < edges[CELLS**2 * DIRECTIONS :] + 1e-6).all()


def test_a_black_film_has_finite_vectors():
    black = np.zeros((96, 96, 1), np.float32)
    assert all(np.isfinite(vector).all() for vector in (*describe(black), spectrum(black)))


@pytest.mark.parametrize("size", [96, 192])
@pytest.mark.parametrize("ring", [0, 5, 11])
def test_a_pattern_is_a_peak_of_its_frequency(size, ring):
    film = np.random.default_rng(0).normal(0.5, 0.01, (size, size, 1)).astype(np.float32)
    frequency = LOWEST_FREQUENCY + (ring + 0.5) * (0.5 - LOWEST_FREQUENCY) / BANDS
    waves = 0.1 * np.sin(2 * np.pi * frequency * np.arange(size, dtype=np.float32))[np.newaxis, :, np.newaxis]
    gained = spectrum(film + waves)[BANDS:] - spectrum(film)[BANDS:]
    assert gained.argmax() == ring
    assert gained[ring] > 1


def test_spectrum_does_not_change_with_brightness_and_contrast():
    film = square_input(draw_phantom(200, 200), 96)
    assert spectrum(film).shape == (2 * BANDS,)
    assert spectrum(film).dtype == np.float32
    np.testing.assert_allclose(spectrum(film), spectrum(0.5 * film + 0.2), atol=1e-2)
