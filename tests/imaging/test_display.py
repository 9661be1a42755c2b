"""Films as the screen shows them."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from cxr_core.imaging import Film, FilmWindow, decode_film, display_grey, draw_phantom, windowed
from cxr_core.imaging import png_bytes as encoded
from cxr_core.imaging.display import VIEW_SIDE
from cxr_core.imaging.greyscale import plain_scale
from tests.dicoms import dicom_bytes, levels
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
PLAIN = plain_scale(8, 0, 255)


def own(level, width):
    return FilmWindow("own", "Set by hand", level, width)


def test_window_as_filed_leaves_an_8_bit_picture():
    np.testing.assert_array_equal(windowed(RAMP, PLAIN, PLAIN.windows[0]), RAMP)
    np.testing.assert_array_equal(windowed(RAMP, PLAIN, PLAIN.windows[0], invert=True), 255 - RAMP)


@pytest.mark.parametrize(("level", "width"), [(89, 153), (178.5, 91.8), (25, 1)])
@pytest.mark.parametrize("invert", [False, True])
def test_window_spreads_its_values_from_black_to_white(level, width, invert):
    shown = windowed(RAMP, PLAIN, own(level, width), invert).astype(int)
    shown = 255 - shown if invert else shown
    assert (shown[level - width / 2 >= RAMP] == 0).all()
    assert (shown[level + width / 2 <= RAMP] == 255).all()
    inside = abs(RAMP - level) < width / 2
    np.testing.assert_allclose(shown[inside], (RAMP[inside] - level + width / 2) / width * 255, atol=0.51)


def test_what_the_files_window_clips_is_seen_through_another():
    samples = levels(12, 90, 70)
    film = decode_film(dicom_bytes(samples, bits=12, WindowCenter=3000, WindowWidth=1000))
    dark = samples < 2400
    assert display_grey(film)[dark].max() == 0
    everything = next(window for window in film.windows if window.key == "all")
    shown = windowed(film.levels, film.grey_scale, everything)
    np.testing.assert_allclose(shown, (samples - samples.min()) / np.ptp(samples) * 255, atol=0.51)
    assert len(np.unique(shown[dark])) > 50


def test_general_windows_spread_the_same_greys_whichever_end_is_black():
    files = [dicom_bytes(levels(12), bits=12, PhotometricInterpretation=f"MONOCHROME{number}") for number in (1, 2)]
    for film in map(decode_film, files):
        filed = windowed(film.levels, film.grey_scale, film.windows[0]).astype(float)
        lungs = next(window for window in film.windows if window.key == "lungs")
        expected = ((filed / 255 - 0.05) / 0.6).clip(0, 1) * 255
        np.testing.assert_allclose(windowed(film.levels, film.grey_scale, lungs), expected, atol=1.5)


@pytest.mark.parametrize(("shape", "mode"), [((40, 30), "L"), ((40, 30, 3), "RGB"), ((40, 30, 4), "RGBA")])
def test_picture_survives_as_png_and_is_left_alone(shape, mode):
    pixels = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    before = pixels.copy()
    image = Image.open(io.BytesIO(encoded(pixels)))
    assert (image.format, image.mode) == ("PNG", mode)
    np.testing.assert_array_equal(np.asarray(image), before)
    np.testing.assert_array_equal(pixels, before)
