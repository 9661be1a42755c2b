"""What the classifiers see: the same shape, scale and contrast, whatever the film."""

import sys

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxr_core.imaging import Box, decode_film, draw_phantom, model_input, placement, square_input
from cxr_core.imaging.model_input import INPUT_VERSION
from tests.drawing import film_of, phantom_levels, png_bytes

sides = st.integers(64, 10_000)
both = pytest.mark.parametrize("prepare", [model_input, square_input])


@pytest.mark.parametrize("size", [64, 224, 299, 512])
@pytest.mark.parametrize(("height", "width"), [(300, 300), (2000, 1500), (64, 64), (100, 3000)])
@both
def test_shape_type_and_range(height, width, size, prepare):
    pixels = prepare(draw_phantom(height, width), size)
    assert pixels.shape == (size, size, 1)
    assert pixels.dtype == np.float32
    assert np.isfinite(pixels).all()
    assert pixels.min() >= 0
    assert pixels.max() <= 1
    assert np.ptp(pixels) > 0.5


@given(height=sides, width=sides, size=st.integers(32, 1024))
def test_placement_fits_centred_with_the_longer_side_full(height, width, size):
    place = placement(height, width, size)
    assert max(place.height, place.width) == size
    assert min(place.height, place.width) >= 1
    below, right = size - place.top - place.height, size - place.left - place.width
    assert 0 <= below - place.top <= 1
    assert 0 <= right - place.left <= 1
    scale = size / max(height, width)
    assert place.height == pytest.approx(max(1, height * scale), abs=0.5)
    assert place.width == pytest.approx(max(1, width * scale), abs=0.5)


@pytest.mark.parametrize(
    ("height", "width", "expected"),
    [(1000, 1000, (0, 0, 224, 224)), (1000, 500, (0, 56, 224, 112)), (500, 1000, (56, 0, 112, 224)), (10_000, 64, (0, 111, 224, 1))],
)
def test_placement_by_hand(height, width, expected):
    place = placement(height, width, 224)
    assert (place.top, place.left, place.height, place.width) == expected


@pytest.mark.parametrize(("height", "width"), [(1200, 800), (800, 1200), (700, 700)], ids=["portrait", "landscape", "square"])
def test_padding_is_black_and_film_fills_the_rest(height, width):
    film = film_of(0.5 + 0.5 * draw_phantom(height, width).pixels)
    pixels = square_input(film, 224)[..., 0]
    place = placement(height, width, 224)
    inside = np.zeros((224, 224), bool)
    inside[place.top : place.top + place.height, place.left : place.left + place.width] = True
    assert (pixels[~inside] == 0).all()
    assert (pixels[inside] > 0).mean() > 0.9
    assert (model_input(film, 224) > 0).mean() > 0.9  # which has no padding


@pytest.mark.parametrize(("height", "width"), [(1600, 800), (800, 1600), (900, 900)], ids=["portrait", "landscape", "square"])
def test_a_disc_stays_round_in_the_square_and_fills_as_much_of_the_input_as_of_the_film(height, width):
    pixels = np.full((height, width), 0.1, np.float32)
    cv2.circle(pixels, (width // 2, height // 2), 300, 0.9, -1)
    disc = square_input(film_of(pixels), 224)[..., 0] > 0.5
    rows, columns = disc.any(1).sum(), disc.any(0).sum()
    assert abs(int(rows) - int(columns)) <= 1
    assert rows == pytest.approx(600 * 224 / max(height, width), abs=2)
    disc = model_input(film_of(pixels), 224)[..., 0] > 0.5
    assert disc.any(1).sum() == pytest.approx(600 * 224 / height, abs=2)
    assert disc.any(0).sum() == pytest.approx(600 * 224 / width, abs=2)


@pytest.mark.parametrize(("height", "width"), [(1200, 800), (512, 512), (100, 150)])
def test_box_is_what_is_seen_of_the_film_brought_to_a_square(height, width):
    film = draw_phantom(height, width, 3)
    box = Box(0.25, 0.125, 0.75, 0.875)
    cut = film_of(film.pixels[round(0.25 * height) : round(0.75 * height), round(0.125 * width) : round(0.875 * width)])
    seen, expected = model_input(film, 96, box), model_input(cut, 96)
    assert np.abs(seen - expected).mean() < 0.02
    assert np.abs(seen - model_input(film, 96)).mean() > 0.05


def test_contrast_is_that_of_the_box():
    pixels = draw_phantom(512, 512).pixels * 0.3
    pixels[:, :100] = 1.0
    seen = model_input(film_of(pixels), 96, Box(0, 0.25, 1, 1))
    assert np.percentile(seen, 99) > 0.9


@pytest.mark.parametrize("side", [1000, 1024, 2048])
def test_fine_checkerboard_becomes_flat_grey(side):
    pixels = np.zeros((side, side), np.float32)
    left, right = round(0.3 * side), round(0.7 * side)
    pixels[:, right:] = 1
    pixels[:, left:right] = np.indices((side, right - left)).sum(0) % 2
    board = slice(round(0.35 * 224), round(0.65 * 224))
    seen = model_input(film_of(pixels), 224)[:, board, 0]
    np.testing.assert_allclose(seen, 0.5, atol=0.01)
    plain = cv2.resize(pixels, (224, 224), interpolation=cv2.INTER_NEAREST)[:, board]
    assert plain.std() > 0.3  # what a resize without anti-aliasing makes of it


def test_12_bit_content_in_a_16_bit_file_looks_as_in_an_8_bit_one():
    levels = phantom_levels(600, 500, bits=12)
    shallow = decode_film(png_bytes((levels >> 4).astype(np.uint8)))
    deep = decode_film(png_bytes(levels))
    assert deep.pixels.max() < 0.07
    np.testing.assert_allclose(model_input(deep, 224), model_input(shallow, 224), atol=0.01)


@pytest.mark.parametrize(("gain", "offset"), [(0.3, 0.0), (0.5, 0.4), (0.05, 0.9)])
def test_brightness_and_contrast_of_the_export_do_not_matter(gain, offset):
    film = draw_phantom(500, 500)
    changed = film_of(film.pixels * gain + offset)
    np.testing.assert_allclose(model_input(changed, 224), model_input(film, 224), atol=1e-3)


def test_film_of_512_and_2048_pixels_is_nearly_the_same_input():
    large = draw_phantom(2048, 2048)
    small = film_of(cv2.resize(large.pixels, (512, 512), interpolation=cv2.INTER_AREA))
    smooth = film_of(cv2.GaussianBlur(large.pixels, (0, 0), 2.0)[::4, ::4])
    np.testing.assert_allclose(model_input(small, 224), model_input(large, 224), atol=1e-4)
    assert np.abs(model_input(smooth, 224) - model_input(large, 224)).mean() < 0.02


# By version: 4 x 4 points of the inputs at 224 pixels of a tall film that is reduced and of a wide one that is enlarged.
PINNED_FILMS = ((700, 500), (90, 120))
PINNED_POINTS = np.ix_((60, 96, 128, 165), (60, 90, 131, 160))
PINNED = {
    2: [
        [
            [0.05889999866485596, 0.13654999434947968, 0.26197999715805054, 0.09982000291347504],
            [0.1509300023317337, 0.5145900249481201, 0.4437200129032135, 0.17207999527454376],
            [0.03658000007271767, 0.3119400143623352, 0.7213799953460693, 0.07040999829769135],
            [0.5563799738883972, 0.5685499906539917, 0.8486899733543396, 0.6581000089645386],
        ],
        [
            [0.04732000082731247, 0.09917999804019928, 0.29433000087738037, 0.10070999711751938],
            [0.16750000417232513, 0.5166900157928467, 0.4629400074481964, 0.13418999314308167],
            [0.036660000681877136, 0.25633999705314636, 0.7136499881744385, 0.06994999945163727],
            [0.5404899716377258, 0.4922899901866913, 0.852649986743927, 0.5563499927520752],
        ],
    ],
}


def pinned_points():
    films = [draw_phantom(*sides, seed=4).pixels * np.linspace(0.6, 1, sides[1], dtype=np.float32) for sides in PINNED_FILMS]
    return np.array([model_input(film_of(film), 224)[..., 0][PINNED_POINTS] for film in films])


def test_another_input_has_another_version():
    # If this fails and the change is meant: raise INPUT_VERSION, so that films prepared before are prepared anew, and add its figures.
    np.testing.assert_allclose(pinned_points(), PINNED[INPUT_VERSION], atol=1e-4)


@pytest.mark.parametrize(
    ("constant", "value"), [("HARMONISED_SIDE", 257), ("HARMONISING_SIGMA", 0.51), ("CONTRAST_PERCENTILES", (0.5, 99.4))]
)
def test_a_slight_change_of_the_input_is_noticed(monkeypatch, constant, value):
    monkeypatch.setattr(sys.modules[model_input.__module__], constant, value)
    assert np.abs(pinned_points() - PINNED[INPUT_VERSION]).max() > 2e-4


@both
def test_same_film_gives_the_same_input_and_is_left_alone(prepare):
    film = draw_phantom(400, 300)
    before = film.pixels.copy()
    np.testing.assert_array_equal(prepare(film, 224), prepare(film, 224))
    np.testing.assert_array_equal(film.pixels, before)


@pytest.mark.parametrize(("height", "width"), [(64, 10_000), (10_000, 64), (64, 64), (64, 65)])
@pytest.mark.parametrize("size", [224, 299])
def test_tiny_and_extreme_films_work(height, width, size):
    pixels = np.tile(np.linspace(0.2, 0.8, width, dtype=np.float32), (height, 1))
    pixels += np.linspace(0, 0.2, height, dtype=np.float32)[:, None]
    assert np.ptp(model_input(film_of(pixels), size)) > 0.3
    seen = square_input(film_of(pixels), size)[..., 0]
    place = placement(height, width, size)
    assert np.isfinite(seen).all()
    film = seen[place.top : place.top + place.height, place.left : place.left + place.width]
    assert film.max() - film.min() > 0.3  # the longer side's gradient survives even where the shorter one is a pixel wide


def test_few_burnt_in_pixels_do_not_darken_the_film():
    film = film_of(0.2 + 0.4 * draw_phantom(512, 512).pixels)
    marked = film.pixels.copy()
    marked[4:20, 4:20] = 1.0
    away = slice(40, None)
    assert np.abs(model_input(film_of(marked), 224)[away] - model_input(film, 224)[away]).max() < 0.03


def fine_power(pixels):
    """Power at more than 0.35 cycles a pixel, in decibels."""
    power = np.abs(np.fft.fft2(pixels - pixels.mean())) ** 2
    rows, columns = (np.fft.fftfreq(side) for side in pixels.shape)
    return 10 * np.log10(power[np.hypot(rows[:, None], columns) > 0.35].sum())


@pytest.mark.parametrize("side", [299, 400, 512, 700])
@pytest.mark.parametrize("seed", [0, 1])
def test_input_hides_how_its_source_was_resampled(side, seed):
    film = draw_phantom(1024, 1024, seed)
    copies = [cv2.resize(film.pixels, (side, side), interpolation=way) for way in (cv2.INTER_NEAREST, cv2.INTER_AREA)]
    inputs = [model_input(film_of(copy), 224)[..., 0] for copy in copies]
    spread = np.ptp(np.percentile(copies[1], (0.5, 99.5)))
    assert np.abs(inputs[0] - inputs[1]).mean() < 0.9 * np.abs(copies[0] - copies[1]).mean() / spread
    before, after = (abs(fine_power(one) - fine_power(other)) for one, other in (copies, inputs))
    assert before > 2.5
    assert after < before / 10


@settings(max_examples=25, deadline=None)
@given(height=st.integers(64, 400), width=st.integers(64, 400), size=st.integers(32, 400), seed=st.integers(0, 2**16))
def test_any_film_gives_a_valid_input(height, width, size, seed):
    pixels = np.random.default_rng(seed).random((height, width), np.float32)
    seen = model_input(film_of(pixels), size)
    assert seen.shape == (size, size, 1)
    assert np.isfinite(seen).all()
    assert seen.min() >= 0
    assert seen.max() <= 1
