"""The film as a figure: pictures survive encoding, and the layer lies on the film."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from cxr_core.figures import VIEWER_CONFIG, Picture, film_figure, png_bytes

RNG = np.random.default_rng(0)


def opened(data):
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(("shape", "mode"), [((40, 30), "L"), ((40, 30, 3), "RGB"), ((40, 30, 4), "RGBA")])
def test_picture_survives_as_png(shape, mode):
    pixels = RNG.integers(0, 256, shape, np.uint8)
    image = opened(png_bytes(pixels))
    assert (image.format, image.mode) == ("PNG", mode)
    np.testing.assert_array_equal(np.asarray(image), pixels)


def test_encoding_leaves_the_pixels_alone():
    pixels = RNG.integers(0, 256, (10, 12, 4), np.uint8)
    before = pixels.copy()
    png_bytes(pixels)
    np.testing.assert_array_equal(pixels, before)


@pytest.mark.parametrize("shape", [(40, 30), (40, 30, 4)])
def test_picture_is_a_data_uri_with_its_extent(shape):
    pixels = RNG.integers(0, 256, shape, np.uint8)
    picture = Picture.of(pixels)
    head, body = picture.uri.split(",", 1)
    assert head == "data:image/png;base64"
    assert (picture.height, picture.width) == (40, 30)
    np.testing.assert_array_equal(np.asarray(opened(base64.b64decode(body, validate=True))), pixels)


GREY = Picture.of(RNG.integers(0, 256, (100, 50), np.uint8))
LAYER = Picture.of(RNG.integers(0, 256, (20, 10, 4), np.uint8))


def extent(image):
    """Left, right, top and bottom edge of an image trace whose file is `picture` pixels large."""
    width, height = opened(base64.b64decode(image.source.split(",", 1)[1])).size
    left, top = image.x0 - image.dx / 2, image.y0 - image.dy / 2
    return left, left + width * image.dx, top, top + height * image.dy


@pytest.mark.parametrize(("height", "width"), [(100, 50), (2000, 1000), (3001, 1499)])
def test_film_and_layer_cover_the_films_own_extent(height, width):
    figure = film_figure(GREY, LAYER, height, width, 0.4, "film")
    assert len(figure.data) == 2
    for image in figure.data:
        assert extent(image) == pytest.approx((0, width, 0, height))


def test_layer_lies_over_the_film_with_its_opacity():
    figure = film_figure(GREY, LAYER, 100, 50, 0.4, "film")
    film, layer = figure.data
    assert (film.source, film.opacity) == (GREY.uri, 1.0)
    assert (layer.source, layer.opacity) == (LAYER.uri, 0.4)


def test_bare_film_has_no_layer():
    figure = film_figure(GREY, None, 100, 50, 0.4, "film")
    assert [image.source for image in figure.data] == [GREY.uri]


def test_axes_are_the_films_pixels_with_the_first_row_on_top():
    figure = film_figure(GREY, LAYER, 2000, 1000, 0.4, "film")
    assert figure.layout.xaxis.range == (0, 1000)
    assert figure.layout.yaxis.range == (2000, 0)
    assert figure.layout.yaxis.scaleanchor == "x"
    assert figure.layout.xaxis.visible is False
    assert figure.layout.yaxis.visible is False


def test_zoom_belongs_to_the_film():
    one, same, other = (film_figure(GREY, None, 100, 50, 0.4, view).layout.uirevision for view in ("a", "a", "b"))
    assert one == same
    assert one != other


def test_dragging_pans_and_the_wheel_zooms():
    assert film_figure(GREY, None, 100, 50, 0.4, "film").layout.dragmode == "pan"
    assert VIEWER_CONFIG["scrollZoom"] is True


def test_figure_can_be_sent_as_json():
    sent = json.loads(film_figure(GREY, LAYER, 100, 50, 0.4, "film").to_json())
    assert [trace["source"] for trace in sent["data"]] == [GREY.uri, LAYER.uri]
