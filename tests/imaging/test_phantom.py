"""The phantom is a plausible, repeatable film."""

import numpy as np
import pytest

from cxr_core.imaging import decode_film, draw_phantom
from tests.drawing import png_bytes


@pytest.mark.parametrize(("height", "width"), [(64, 64), (1024, 1024), (300, 200), (64, 500)])
def test_phantom_is_a_film_of_the_wanted_size(height, width):
    film = draw_phantom(height, width)
    assert (film.height, film.width) == (height, width)
    assert film.pixels.dtype == np.float32
    assert film.pixels.min() >= 0
    assert film.pixels.max() <= 1
    assert np.isfinite(film.pixels).all()
    assert film.format == "drawing"


def test_phantom_says_that_it_is_no_patient():
    assert any("not a patient" in step for step in draw_phantom(64, 64).steps)


def test_same_seed_draws_the_same_film():
    np.testing.assert_array_equal(draw_phantom(200, 200, seed=3).pixels, draw_phantom(200, 200, seed=3).pixels)


def test_other_seed_draws_another_film():
    assert np.abs(draw_phantom(200, 200, seed=3).pixels - draw_phantom(200, 200, seed=4).pixels).mean() > 0.005


def test_lungs_are_darker_than_spine_and_belly():
    pixels = draw_phantom(400, 400).pixels
    lungs = (pixels[150:220, 100:130].mean(), pixels[150:220, 270:300].mean())
    assert max(lungs) < pixels[150:220, 195:205].mean() - 0.1
    assert max(lungs) < pixels[370:390, 150:250].mean() - 0.1


def test_opacity_brightens_the_right_lung_alone():
    gain = draw_phantom(400, 400, opacity=1.0).pixels - draw_phantom(400, 400).pixels
    rows, columns = np.indices(gain.shape) / 400
    shadow = np.hypot((columns - 0.28) / 0.08, (rows - 0.6) / 0.09)
    assert gain[shadow < 0.5].mean() > 0.2
    assert np.abs(gain[shadow > 2.5]).max() < 1e-3


def test_denser_opacity_is_brighter():
    means = [draw_phantom(200, 200, opacity=opacity).pixels[110:130, 50:62].mean() for opacity in (0.0, 0.5, 1.0)]
    assert means[0] < means[1] < means[2]


def test_phantom_survives_a_file():
    levels = np.rint(draw_phantom(64, 80).pixels * 255).astype(np.uint8)
    np.testing.assert_array_equal(decode_film(png_bytes(levels)).pixels, levels / np.float32(255))
