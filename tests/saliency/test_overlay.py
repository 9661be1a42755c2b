"""Maps lie where they belong on the film, and only as strongly as asked."""

import numpy as np
import pytest

from cxr_core.imaging import display_grey, draw_phantom, placement
from cxr_core.saliency.overlay import colour_layer, film_map, overlay

SIZE = 224
SHAPES = {"portrait": (600, 400), "landscape": (400, 600), "square": (500, 500), "narrow": (1000, 100)}
CORNERS = {"top left": (0, 0), "top right": (0, 1), "bottom left": (1, 0), "bottom right": (1, 1)}


def quarter(array, corner):
    """The quarter of an array at a corner."""
    down, right = CORNERS[corner]
    height, width = array.shape[0] // 2, array.shape[1] // 2
    return array[down * (array.shape[0] - height) :, right * (array.shape[1] - width) :][:height, :width]


@pytest.mark.parametrize("corner", CORNERS)
@pytest.mark.parametrize("shape", SHAPES)
def test_hot_corner_of_the_film_stays_in_its_corner(shape, corner):
    height, width = SHAPES[shape]
    place = placement(height, width, SIZE)
    saliency = np.zeros((SIZE, SIZE), np.float32)
    inner = saliency[place.top : place.top + place.height, place.left : place.left + place.width]
    quarter(inner, corner)[:] = 1
    found = film_map(saliency, place, height, width)
    expected = np.zeros((height, width), np.float32)
    quarter(expected, corner)[:] = 1
    assert found.shape == (height, width)
    assert found.dtype == np.float32
    # Half a network pixel of blur at the borders of the quarter is all that may differ.
    assert np.abs(found - expected).mean() < 2 / min(place.height, place.width)
    assert quarter(found, corner).mean() > 0.95


@pytest.mark.parametrize("shape", SHAPES)
def test_saliency_on_the_padding_is_cut_off(shape):
    height, width = SHAPES[shape]
    place = placement(height, width, SIZE)
    saliency = np.ones((SIZE, SIZE), np.float32)
    saliency[place.top : place.top + place.height, place.left : place.left + place.width] = 0
    assert (film_map(saliency, place, height, width) == 0).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_saliency_of_the_whole_film_reaches_its_edges(shape):
    height, width = SHAPES[shape]
    found = film_map(np.ones((7, 7), np.float32), placement(height, width, SIZE), height, width)
    np.testing.assert_allclose(found, 1, atol=1e-5)


@pytest.mark.parametrize("shape", ["portrait", "landscape", "square"])
@pytest.mark.parametrize("grid", [7, 8, 14])
def test_coarse_map_peaks_where_its_cell_lies_on_the_film(shape, grid):
    height, width = SHAPES[shape]
    place = placement(height, width, SIZE)
    cell = (grid // 2 - 1, grid // 2)
    saliency = np.zeros((grid, grid), np.float32)
    saliency[cell] = 1
    found = film_map(saliency, place, height, width)
    rows, columns = np.indices(found.shape)
    centre = ((rows + 0.5) * found).sum() / found.sum(), ((columns + 0.5) * found).sum() / found.sum()
    # Centre of the cell in the square, minus the padding, in film pixels.
    scale = height / place.height
    expected = [((index + 0.5) * SIZE / grid - start) * scale for index, start in zip(cell, (place.top, place.left), strict=True)]
    assert centre == pytest.approx(expected, abs=3)


def test_map_can_be_drawn_smaller_than_the_film():
    place = placement(1000, 500, SIZE)
    saliency = np.zeros((SIZE, SIZE), np.float32)
    saliency[: SIZE // 2] = 1
    found = film_map(saliency, place, 100, 50)
    assert found.shape == (100, 50)
    assert found[:48].min() > 0.95
    assert found[52:].max() < 0.05


def test_map_stays_within_its_range():
    saliency = np.random.default_rng(0).integers(0, 2, (7, 7)).astype(np.float32)
    found = film_map(saliency, placement(500, 300, SIZE), 500, 300)
    assert found.min() == 0
    assert found.max() == 1


def test_zero_saliency_is_fully_transparent():
    layer = colour_layer(np.zeros((20, 30), np.float32))
    assert layer.shape == (20, 30, 4)
    assert layer.dtype == np.uint8
    assert (layer[..., 3] == 0).all()


def test_alpha_grows_with_saliency():
    layer = colour_layer(np.linspace(0, 1, 256, dtype=np.float32)[None])
    np.testing.assert_array_equal(layer[0, :, 3], np.arange(256))


def test_colours_rise_in_lightness():
    layer = colour_layer(np.linspace(0, 1, 256, dtype=np.float32)[None])
    lightness = layer[0, ::16, :3] @ np.array([0.299, 0.587, 0.114])
    assert (np.diff(lightness) > 0).all()
    red, green, blue = layer[0, -1, :3]
    assert min(red, green) > int(blue) + 100  # a yellow, so red and blue are not mixed up


def phantom_and_layer(saliency):
    grey = display_grey(draw_phantom(80, 60))
    return grey, colour_layer(np.broadcast_to(np.float32(saliency), grey.shape).copy())


@pytest.mark.parametrize("saliency", [0.0, 0.5, 1.0])
def test_opacity_0_leaves_the_film(saliency):
    grey, layer = phantom_and_layer(saliency)
    np.testing.assert_array_equal(overlay(grey, layer, 0.0), np.dstack([grey] * 3))


@pytest.mark.parametrize("opacity", [0.5, 1.0])
def test_zero_saliency_leaves_the_film(opacity):
    grey, layer = phantom_and_layer(0.0)
    np.testing.assert_array_equal(overlay(grey, layer, opacity), np.dstack([grey] * 3))


def test_full_saliency_at_full_opacity_hides_the_film():
    grey, layer = phantom_and_layer(1.0)
    np.testing.assert_array_equal(overlay(grey, layer, 1.0), layer[..., :3])


def test_half_opacity_is_half_way():
    grey, layer = phantom_and_layer(1.0)
    half = (np.dstack([grey] * 3).astype(float) + layer[..., :3]) / 2
    np.testing.assert_allclose(overlay(grey, layer, 0.5), half, atol=0.51)


def test_overlay_is_rgb_of_the_films_size():
    grey, layer = phantom_and_layer(0.3)
    picture = overlay(grey, layer, 0.4)
    assert picture.shape == (80, 60, 3)
    assert picture.dtype == np.uint8


@pytest.mark.parametrize("shape", ["portrait", "landscape", "square"])
def test_only_the_hot_corner_of_the_picture_is_coloured(shape):
    height, width = SHAPES[shape]
    grey = display_grey(draw_phantom(height, width))
    place = placement(height, width, SIZE)
    saliency = np.zeros((SIZE, SIZE), np.float32)
    saliency[place.top : place.top + 20, place.left : place.left + 20] = 1
    picture = overlay(grey, colour_layer(film_map(saliency, place, height, width)), 1.0)
    coloured = np.ptp(picture.astype(int), axis=2) > 0
    edge = round(20 * height / place.height)
    assert coloured[: edge - 4, : edge - 4].all()
    assert not coloured[edge + 8 :].any()
    assert not coloured[:, edge + 8 :].any()
