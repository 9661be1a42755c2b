"""Films as the screen shows them."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from cxr_core.imaging import VIEW_SIDE, Film, decode_film, display_grey, draw_phantom, windowed
from cxr_core.imaging import png_bytes as encoded
from tests.drawing import film_of, phantom_levels, png_bytes


def test_8_bit_film_is_shown_as_it_is():
    levels = phantom_levels(90, 70) // 2
    np.testing.assert_array_equal(display_grey(decode_film(png_bytes(levels))), levels)


def test_picture_is_uint8():
    assert display_grey(draw_phantom(80, 80)).dtype == np.uint8


@pytest.mark.parametrize("bits", [12, 16])
def test_deep_film_fills_the_greys(bits):
    levels = phantom_levels(bits=bits)
    shown = display_grey(decode_film(png_bytes(levels.astype(np.uint16))))
    assert (shown.min(), shown.max()) == (0, 255)
    np.testing.assert_allclose(shown, levels / (2**bits - 1) * 255, atol=0.51)


def test_flat_deep_film_is_shown_black():
    assert (display_grey(film_of(np.full((64, 64), 0.3), bit_depth=16)) == 0).all()


@pytest.mark.parametrize(("height", "width", "shape"), [(400, 200, (100, 50)), (200, 400, (50, 100)), (300, 300, (100, 100))])
def test_large_film_is_reduced_with_its_aspect_ratio(height, width, shape):
    assert display_grey(draw_phantom(height, width), 100).shape == shape


@pytest.mark.parametrize(("height", "width"), [(100, 64), (64, 64), (64, 100)])
def test_small_film_is_not_enlarged(height, width):
    assert display_grey(draw_phantom(height, width), 100).shape == (height, width)


def test_default_bound_is_the_view_side():
    shown = display_grey(film_of(np.tile(np.linspace(0, 1, 3000, dtype=np.float32), (64, 1))))
    assert VIEW_SIDE == 2048
    assert shown.shape == (round(64 * 2048 / 3000), 2048)


@pytest.mark.parametrize(("height", "width", "shape"), [(64, 10_000, (1, 100)), (10_000, 64, (100, 1))])
def test_extreme_film_keeps_a_row_and_a_column(height, width, shape):
    assert display_grey(film_of(np.full((height, width), 0.5)), 100).shape == shape


def test_reducing_averages_instead_of_picking_pixels():
    board = (np.indices((400, 400)).sum(0) % 2).astype(np.float32)
    np.testing.assert_allclose(display_grey(film_of(board), 100), 127.5, atol=1)


def test_film_is_left_alone():
    film = film_of(draw_phantom(80, 80).pixels, bit_depth=16)
    before = film.pixels.copy()
    display_grey(film, 70)
    np.testing.assert_array_equal(film.pixels, before)


# DICOM films, whose samples are reduced before they become greys


def stored(samples, top=4095):
    table = np.zeros(65536, np.float32)
    table[: top + 1] = np.linspace(0, 1, top + 1)
    return Film(samples, 12, "DICOM", greys=table)


@pytest.mark.parametrize("max_side", [400, 399, 300, 200, 171, 150, 100, 64])
def test_reduced_dicom_looks_as_if_its_greys_were_averaged(max_side):
    samples = cv2.GaussianBlur(phantom_levels(400, 300, 12), (0, 0), 2)
    film = stored(samples)
    shown, expected = display_grey(film, max_side), display_grey(film_of(film.pixels), max_side)
    assert shown.shape == expected.shape
    assert np.abs(shown.astype(int) - expected).mean() < 1.5


@pytest.mark.parametrize("max_side", [200, 133, 100, 80, 50])
def test_reducing_a_dicom_averages_instead_of_picking_pixels(max_side):
    board = 4095 * (np.indices((400, 400)).sum(0) % 2).astype(np.uint16)
    shown = display_grey(stored(board), max_side).astype(float)
    assert shown.mean() == pytest.approx(127.5, abs=2)
    assert shown.std() < 64  # that of the board is 127


@pytest.mark.parametrize(("height", "width", "shape"), [(64, 10_000, (1, 100)), (10_000, 64, (100, 1)), (100, 64, (100, 64))])
def test_extreme_dicom_keeps_a_row_and_a_column(height, width, shape):
    assert display_grey(stored(np.full((height, width), 2048, np.uint16)), 100).shape == shape


def test_dark_dicom_is_not_stretched():
    assert display_grey(stored(phantom_levels(bits=12) // 4)).max() in (63, 64)


# Windows and pictures

RAMP = np.arange(256, dtype=np.uint8)[None]


def test_whole_window_leaves_the_picture():
    np.testing.assert_array_equal(windowed(RAMP, 50, 100), RAMP)


def test_inverted_picture_is_the_negative():
    np.testing.assert_array_equal(windowed(RAMP, 50, 100, invert=True), 255 - RAMP)


@pytest.mark.parametrize(("level", "width"), [(35, 60), (70, 36), (10, 4)])
@pytest.mark.parametrize("invert", [False, True])
def test_window_spreads_its_greys_from_black_to_white(level, width, invert):
    shown = windowed(RAMP, level, width, invert).astype(int)
    shown = 255 - shown if invert else shown
    share = RAMP / 255 * 100
    assert (shown[share <= level - width / 2] == 0).all()
    assert (shown[share >= level + width / 2] == 255).all()
    inside = abs(share - level) < width / 2
    np.testing.assert_allclose(shown[inside], (share[inside] - level + width / 2) / width * 255, atol=0.51)


@pytest.mark.parametrize(("shape", "mode"), [((40, 30), "L"), ((40, 30, 3), "RGB"), ((40, 30, 4), "RGBA")])
def test_picture_survives_as_png_and_is_left_alone(shape, mode):
    pixels = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    before = pixels.copy()
    image = Image.open(io.BytesIO(encoded(pixels)))
    assert (image.format, image.mode) == ("PNG", mode)
    np.testing.assert_array_equal(np.asarray(image), before)
    np.testing.assert_array_equal(pixels, before)
