"""PNG and JPEG that were sampled more densely one way than the other come out with square pixels, as DICOM films do."""

import struct

import numpy as np
import pytest
from PIL import Image

from cxr_core.imaging import decode_film
from tests.drawing import ORIENTATION_TAG, chunk, encode, jpeg_bytes, lying, phantom_levels, png_bytes

SQUARE = phantom_levels(160, 144)
WIDE, TALL = SQUARE[::2], SQUARE[:, ::2]
"""Sampled half as densely down, and across."""


def png(samples, across, down, unit=1, **options):
    return png_bytes(samples, chunks=[chunk(b"pHYs", struct.pack(">IIB", across, down, unit)), *options.pop("chunks", ())], **options)


def jpeg(samples, across, down, unit=1):
    data = bytearray(jpeg_bytes(samples))
    at = data.index(b"JFIF\0") + 7
    data[at : at + 5] = struct.pack(">BHH", unit, across, down)
    return bytes(data)


def exif(samples, across, down, orientation=1):
    block = Image.Exif()
    block[0x011A], block[0x011B], block[ORIENTATION_TAG] = across, down, orientation
    return encode(Image.fromarray(np.ascontiguousarray(samples)), "PNG", exif=block)


def is_square(film):
    assert film.pixels.shape == SQUARE.shape
    assert np.corrcoef(film.pixels.ravel(), SQUARE.ravel())[0, 1] > 0.99
    assert any("to 1 made square" in step for step in film.steps)
    return True


@pytest.mark.parametrize("made", [png, jpeg, exif])
def test_film_sampled_half_as_densely_one_way(made):
    assert is_square(decode_film(made(WIDE, 200, 100)))
    assert is_square(decode_film(made(TALL, 100, 200)))


@pytest.mark.parametrize("made", [png, jpeg])
def test_ratio_counts_without_a_unit(made):
    assert is_square(decode_film(made(WIDE, 2, 1, unit=0)))


def test_deep_films_keep_their_depth():
    film = decode_film(png(phantom_levels(160, 144, 16)[::2], 200, 100))
    assert is_square(film)
    assert film.bit_depth == 16


@pytest.mark.parametrize("orientation", range(1, 9))
def test_density_is_that_of_the_rows_as_they_are_stored(orientation):
    stored = lying(SQUARE, orientation)[::2]
    film = decode_film(exif(stored, 200, 100, orientation))
    assert is_square(film)


@pytest.mark.parametrize("made", [png, jpeg])
@pytest.mark.parametrize("density", [(1, 1), (2835, 2835), (0, 0), (300, 301)])
def test_equal_densities_leave_a_film_as_it_is(made, density):
    film = decode_film(made(SQUARE, *density))
    assert film.pixels.shape == SQUARE.shape
    assert film.steps == ()


@pytest.mark.parametrize("made", [png, jpeg])
@pytest.mark.parametrize("density", [(0, 72), (72, 0), (72, 1), (1, 65_535)])
def test_density_that_no_film_has_is_left_out_and_told(made, density):
    film = decode_film(made(SQUARE, *density))
    assert film.pixels.shape == SQUARE.shape
    assert film.steps == ("in the file, but cannot be read and so left out: pixel density",)


@pytest.mark.parametrize(
    "data",
    [
        png(WIDE, 200, 100, unit=2),
        jpeg(WIDE, 200, 100, unit=3),
        png(WIDE, 200, 100)[:51] + b"\0" + png(WIDE, 200, 100)[52:],  # the check sum
        png_bytes(WIDE, chunks=[chunk(b"pHYs", bytes(4))]),
        png_bytes(WIDE)[:-12] + chunk(b"pHYs", struct.pack(">IIB", 200, 100, 1)) + chunk(b"IEND"),  # after the pixels
    ],
    ids=["unit of PNG", "unit of JPEG", "damaged", "short", "late"],
)
def test_what_says_nothing_counts_as_absent(data):
    film = decode_film(data)
    assert film.pixels.shape == WIDE.shape
    assert film.steps == ()


def test_film_that_would_become_too_large_is_reduced():
    assert decode_film(png(phantom_levels(200, 9000), 100, 200)).pixels.shape == (100, 9000)
