"""How coloured a picture is."""

import numpy as np
import pytest
from PIL import Image

from cxr_core.imaging import Colour, decode_film, draw_phantom
from cxr_core.imaging.colour import measure_colour
from tests.drawing import encode, jpeg_bytes, phantom_levels, png_bytes


def grey(height=96, width=80):
    return np.repeat(phantom_levels(height, width)[..., np.newaxis], 3, axis=2)


def test_grey_stored_as_colour_has_no_colour():
    assert measure_colour(grey(), 255) is None
    assert decode_film(png_bytes(grey())).colour is None


def test_faint_differences_of_the_channels_are_no_colour():
    levels = grey().astype(np.int16)
    levels[..., 0] += 8
    assert measure_colour(levels.clip(0, 255).astype(np.uint8), 255) == Colour(0.0, 0.0)


@pytest.mark.parametrize("bits", [8, 16])
def test_a_mark_counts_by_its_share(bits):
    levels = grey().astype(np.uint16)
    levels[:24, :40] = (255, 0, 0)
    samples = levels.astype(np.uint8) if bits == 8 else levels * 257
    colour = decode_film(png_bytes(samples)).colour
    assert colour.share == pytest.approx(24 * 40 / (96 * 80))
    assert colour.variety == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_one_tint_has_no_variety_and_three_colours_have(order):
    tinted = np.rint(grey() * [0.5, 0.75, 1]).astype(np.uint8)
    striped = np.zeros((96, 90, 3), np.uint8)
    for channel in range(3):
        striped[:, 30 * channel : 30 * (channel + 1), channel] = 200
    assert measure_colour(tinted[..., order], 255).variety < 0.01
    assert measure_colour(striped[..., order], 255) == Colour(1.0, pytest.approx(1))


def test_palettes_and_jpegs_are_measured():
    palette = np.zeros((256, 3), np.uint8)
    palette[:, 1] = np.arange(256)
    assert decode_film(png_bytes(phantom_levels(), palette=palette)).colour.share > 0.5
    assert decode_film(jpeg_bytes(np.rint(grey() * [1, 0.6, 0.3]).astype(np.uint8))).colour.share > 0.3


@pytest.mark.parametrize("data", [png_bytes(phantom_levels()), encode(Image.fromarray(phantom_levels()), "JPEG")])
def test_grey_files_have_no_colour(data):
    assert decode_film(data).colour is None
    assert draw_phantom(64, 64).colour is None
