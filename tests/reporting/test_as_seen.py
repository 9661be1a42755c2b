"""The film as it is looked at, as a picture to take away."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from cxr_core.imaging import Box, FilmWindow, display_grey, draw_phantom
from cxr_core.reporting import Look, MapShown, picture_as_seen
from cxr_core.saliency import colour_layer, film_map, overlay

FILM = draw_phantom(300, 200)
GREY = display_grey(FILM)
BOX = Box(0.1, 0.2, 0.8, 0.9)
SALIENCY = np.random.default_rng(0).random((7, 7), np.float32)
SHOWN = MapShown("Grad-CAM", "COVID", SALIENCY, 0.45)
COLOURED = overlay(GREY, colour_layer(film_map(SALIENCY, BOX, 300, 200)), 0.45)


def seen(shown=None, film=FILM, lungs=None, caption="", texts=(), **look):
    look = {"window": film.windows[0], **look}
    return np.asarray(Image.open(io.BytesIO(picture_as_seen(film, Look(**look), shown, BOX, lungs, caption, texts))))


def test_picture_follows_map_opacity_and_strength():
    np.testing.assert_array_equal(seen(), GREY)
    np.testing.assert_array_equal(seen(SHOWN), COLOURED)
    np.testing.assert_array_equal(seen(replace(SHOWN, opacity=0)), np.dstack([GREY] * 3))
    np.testing.assert_array_equal(seen(replace(SHOWN, strength=0.05)), np.dstack([GREY] * 3))  # as weak as that it has no tint


def test_picture_with_a_map_ends_in_what_it_is_told_with_and_a_bare_film_does_not():
    picture = seen(SHOWN, texts=["Input gate: REFUSED"])
    np.testing.assert_array_equal(picture[:300], COLOURED)
    assert picture[300:].max() > 100
    np.testing.assert_array_equal(seen(texts=["Input gate: REFUSED"]), GREY)


def test_picture_follows_window_and_invert():
    np.testing.assert_array_equal(seen(invert=True), 255 - GREY)
    shown = seen(window=FilmWindow("own", "Set by hand", 64, 128))
    assert (shown[GREY > 128] == 255).all()
    assert shown[GREY < 120].max() < 255


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("mirror", [False, True])
def test_turned_and_mirrored_picture_says_so_in_its_corner(rotate, mirror):
    expected = np.rot90(GREY, -rotate // 90)
    expected = expected[:, ::-1] if mirror else expected
    shown = seen(rotate=rotate, mirror=mirror)
    np.testing.assert_array_equal(shown[60:], expected[60:])
    assert (shown[:8, :30] != expected[:8, :30]).any() == bool(rotate or mirror)


@pytest.mark.parametrize(
    ("rotate", "mirror", "letters"),
    [(0, False, "R..L"), (0, True, "L..R"), (90, False, ".RL."), (180, False, "L..R"), (270, False, ".LR."), (90, True, ".RL.")],
)
def test_letters_stand_where_the_patients_sides_are_seen(rotate, mirror, letters):
    """In the order left, top, bottom, right."""
    plain, lettered = seen(rotate=rotate, mirror=mirror), seen(film=replace(FILM, orientation="L\\F"), rotate=rotate, mirror=mirror)
    height, width = plain.shape
    places = [(height // 2, 12), (12, width // 2), (height - 12, width // 2), (height // 2, width - 12)]
    for letter, (y, x) in zip(letters, places, strict=True):
        part = slice(max(0, y - 12), y + 12), slice(max(0, x - 12), x + 12)
        assert (plain[part] != lettered[part]).any() == (letter != "."), letter
    # The letters themselves: what was drawn at a place is the same however the film was turned.
    assert (plain != lettered).sum() > 60


def test_which_film_it_is_stands_in_the_corner():
    shown = seen(caption="left hip 2754e87d4df6")
    np.testing.assert_array_equal(shown[20:], GREY[20:])
    assert (shown[:8, :60] != GREY[:8, :60]).any()


def test_lung_fields_are_outlined_where_they_are():
    lungs = np.zeros((300, 200), bool)
    lungs[:150, :50] = True
    rows, columns = np.nonzero(seen(lungs=lungs).astype(int) != GREY)
    assert rows.max() == pytest.approx(150, abs=6)
    assert columns.max() == pytest.approx(50, abs=6)


def test_film_itself_is_left_alone():
    before = FILM.levels.copy()
    seen(SHOWN, invert=True, mirror=True, rotate=90, caption="film")
    np.testing.assert_array_equal(FILM.levels, before)
