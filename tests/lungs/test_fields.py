"""What is told from a mask of lungs: box, doubt, angle, and which edge cuts them off. The masks are drawn."""

import numpy as np
import pytest

from cxr_core.imaging import WHOLE_FILM, Box, Placement
from cxr_core.lungs import LungFields

SIDE = 64
WHOLE = Placement(SIDE, 0, 0, SIDE, SIDE)


def lungs(right=(16, 8, 52, 26), left=(16, 38, 52, 56), certainty=1.0, place=WHOLE):
    """Draw two lungs, each a rectangle (top, left, bottom, right) in the square's places."""
    found = np.full((SIDE, SIDE, 2), (1 - certainty) / 2, np.float32)
    for side, box in enumerate((right, left)):
        if box is not None:
            top, start, bottom, end = box
            found[top:bottom, start:end, side] = (1 + certainty) / 2
    return LungFields(found, place)


def test_lungs_are_boxed_with_a_margin():
    box = lungs().box()
    assert box.top == pytest.approx((16 - 0.08 * 36) / SIDE)
    assert box.bottom == pytest.approx((52 + 0.08 * 36) / SIDE)
    assert box.left == pytest.approx((8 - 0.08 * 48) / SIDE)
    assert box.right == pytest.approx((56 + 0.08 * 48) / SIDE)


def test_box_ends_at_the_film():
    box = lungs(right=(0, 0, SIDE, 26), left=(0, 38, SIDE, SIDE)).box()
    assert box == WHOLE_FILM


def test_box_is_in_shares_of_the_film_not_of_the_padded_square():
    # A film twice as high as wide lies in the middle of the square.
    found = lungs(right=(16, 20, 48, 30), left=(16, 34, 48, 44), place=Placement(SIDE, 0, 16, SIDE, 32))
    box = found.box()
    assert box.left == pytest.approx((4 - 0.08 * 24) / 32)
    assert box.right == pytest.approx((28 + 0.08 * 24) / 32)
    assert found.area == pytest.approx(2 * 32 * 10 / (SIDE * 32))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (lungs(right=None, left=None), "No lungs were found"),
        (lungs(right=(20, 8, 30, 16), left=None), "No lungs were found"),
        (lungs(certainty=0.5), "doubtful"),
        (lungs(left=None), "Only one lung"),
    ],
)
def test_doubtful_lungs_say_so_and_nothing_is_cropped(found, words):
    assert words in found.doubt
    assert found.box() == WHOLE_FILM


def test_clear_lungs_raise_no_doubt():
    assert lungs().doubt is None
    assert lungs().cut_off == ()


def test_specks_are_dropped():
    found = lungs()
    found.probabilities[2:4, 2:4, 0] = 1
    assert not found.mask[2:4, 2:4].any()
    assert found.box() == lungs().box()


@pytest.mark.parametrize(
    ("right", "left", "angle"),
    [
        ((16, 8, 52, 26), (16, 38, 52, 56), 0),
        ((16, 38, 52, 56), (16, 8, 52, 26), 180),
        ((8, 16, 26, 52), (38, 16, 56, 52), 90),
        ((38, 16, 56, 52), (8, 16, 26, 52), -90),
    ],
)
def test_angle_goes_from_the_right_lung_to_the_left(right, left, angle):
    assert lungs(right, left).angle == pytest.approx(angle)


@pytest.mark.parametrize(
    ("right", "left", "edges"),
    [
        ((0, 8, 40, 26), (0, 38, 40, 56), ("top",)),
        ((30, 8, SIDE, 26), (30, 38, SIDE, 56), ("bottom",)),
        ((16, 0, 52, 26), (16, 38, 52, 56), ("left",)),
        ((16, 8, 52, 26), (16, 38, 52, SIDE), ("right",)),
    ],
)
def test_edges_that_cut_a_lung_off_are_named(right, left, edges):
    assert lungs(right, left).cut_off == edges


def test_lungs_come_back_onto_the_film_and_onto_a_box_of_it():
    found = lungs()
    film = found.on_film(128, 256)
    assert film.shape == (128, 256)
    assert film[64, 64]
    assert film[64, 190]
    assert not film[64, 128]
    assert not film[5, 5]
    inside = found.within(Box(16 / SIDE, 8 / SIDE, 52 / SIDE, 26 / SIDE), 40, 40)
    assert inside[5:-5, 5:-5].min() > 0.99
