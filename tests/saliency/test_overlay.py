"""Maps lie where they belong on the film, and only as strongly as asked."""

import numpy as np
import pytest

from cxr_core.imaging import WHOLE_FILM, Box, display_grey, draw_phantom
from cxr_core.saliency.overlay import WEAK, colour_layer, common_scale, film_map, overlay

SIZE = 224
LUNGS = Box(0.1, 0.2, 0.8, 0.9)
"""Part of a film that a network was shown."""

SHAPES = {"portrait": (600, 400), "landscape": (400, 600), "square": (500, 500), "narrow": (1000, 100)}
CORNERS = {"top left": (0, 0), "top right": (0, 1), "bottom left": (1, 0), "bottom right": (1, 1)}


def quarter(array, corner):
    """The quarter of an array at a corner."""
    down, right = CORNERS[corner]
    height, width = array.shape[0] // 2, array.shape[1] // 2
    return array[down * (array.shape[0] - height) :, right * (array.shape[1] - width) :][:height, :width]


def inside(box, height, width):
    """The rows and columns of a film that a box holds."""
    return slice(round(box.top * height), round(box.bottom * height)), slice(round(box.left * width), round(box.right * width))


@pytest.mark.parametrize("box", [WHOLE_FILM, LUNGS], ids=["whole film", "lungs"])
@pytest.mark.parametrize("corner", CORNERS)
@pytest.mark.parametrize("shape", SHAPES)
def test_hot_corner_of_the_box_stays_in_its_corner(shape, corner, box):
    height, width = SHAPES[shape]
    saliency = np.zeros((SIZE, SIZE), np.float32)
    quarter(saliency, corner)[:] = 1
    found = film_map(saliency, box, height, width)
    expected = np.zeros((height, width), np.float32)
    quarter(expected[inside(box, height, width)], corner)[:] = 1
    assert found.shape == (height, width)
    assert found.dtype == np.float32
    # A little blur at the borders of the quarter is all that may differ.
    assert np.abs(found - expected).mean() < 0.02
    assert quarter(found[inside(box, height, width)], corner).mean() > 0.95


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_is_salient_where_the_network_did_not_look(shape):
    height, width = SHAPES[shape]
    found = film_map(np.ones((7, 7), np.float32), LUNGS, height, width)
    np.testing.assert_allclose(found[inside(LUNGS, height, width)], 1, atol=1e-5)
    found[inside(LUNGS, height, width)] = 0
    assert (found == 0).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_saliency_of_the_whole_film_reaches_its_edges(shape):
    height, width = SHAPES[shape]
    found = film_map(np.ones((7, 7), np.float32), WHOLE_FILM, height, width)
    np.testing.assert_allclose(found, 1, atol=1e-5)


@pytest.mark.parametrize("box", [WHOLE_FILM, LUNGS], ids=["whole film", "lungs"])
@pytest.mark.parametrize("grid", [7, 8, 14])
def test_coarse_map_peaks_where_its_cell_lies_on_the_film(grid, box):
    for height, width in (SHAPES[shape] for shape in ("portrait", "landscape", "square")):
        cell = (grid // 2 - 1, grid // 2)
        saliency = np.zeros((grid, grid), np.float32)
        saliency[cell] = 1
        found = film_map(saliency, box, height, width)
        rows, columns = np.indices(found.shape)
        centre = ((rows + 0.5) * found).sum() / found.sum(), ((columns + 0.5) * found).sum() / found.sum()
        expected = (
            (box.top + (cell[0] + 0.5) / grid * box.height) * height,
            (box.left + (cell[1] + 0.5) / grid * box.width) * width,
        )
        assert centre == pytest.approx(expected, abs=3)


def test_map_can_be_drawn_smaller_than_the_film():
    saliency = np.zeros((SIZE, SIZE), np.float32)
    saliency[: SIZE // 2] = 1
    found = film_map(saliency, WHOLE_FILM, 100, 50)
    assert found.shape == (100, 50)
    assert found[:48].min() > 0.95
    assert found[52:].max() < 0.05


def test_box_of_less_than_a_pixel_is_drawn_all_the_same():
    found = film_map(np.ones((7, 7), np.float32), Box(0.5, 0.5, 0.501, 0.501), 40, 30)
    assert found.sum() == pytest.approx(1)


def test_map_stays_within_its_range():
    saliency = np.random.default_rng(0).integers(0, 2, (7, 7)).astype(np.float32)
    found = film_map(saliency, WHOLE_FILM, 500, 300)
    assert found.min() == 0
    assert found.max() == 1


def test_zero_saliency_is_fully_transparent():
    layer = colour_layer(np.zeros((20, 30), np.float32))
    assert layer.shape == (20, 30, 4)
    assert layer.dtype == np.uint8
    assert (layer[..., 3] == 0).all()


def test_alpha_grows_with_saliency():
    layer = colour_layer(np.linspace(0, 1, 256, dtype=np.float32)[None])
    alpha = layer[0, :, 3].astype(int)
    assert (alpha[: int(WEAK * 255) + 1] == 0).all()  # no tint where the map is weak
    assert (np.diff(alpha) >= 0).all()
    assert alpha[-1] == 255


def test_maps_of_one_film_are_on_the_scale_of_its_most_probable_class():
    scale = common_scale({"COVID": 0.01, "Lung_Opacity": 0.2, "Normal": 0.8})
    assert scale == pytest.approx({"COVID": 0.0125, "Lung_Opacity": 0.25, "Normal": 1})
    strongest = np.ones((4, 4), np.float32)
    assert (colour_layer(np.float32(scale["COVID"]) * strongest)[..., 3] == 0).all()
    assert (colour_layer(np.float32(scale["Normal"]) * strongest)[..., 3] == 255).all()


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
    saliency = np.zeros((SIZE, SIZE), np.float32)
    saliency[:20, :20] = 1
    picture = overlay(grey, colour_layer(film_map(saliency, WHOLE_FILM, height, width)), 1.0)
    coloured = np.ptp(picture.astype(int), axis=2) > 0
    down, across = round(20 / SIZE * height), round(20 / SIZE * width)
    assert coloured[: down - 4, : across - 4].all()
    assert not coloured[down + 8 :].any()
    assert not coloured[:, across + 8 :].any()
