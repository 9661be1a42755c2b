"""Masks as what the lung network learns from."""

import cv2
import numpy as np
import pytest

from cxr_core.imaging import ImageError, decode_film, read_film_file, square_input
from cxr_core.training.lungs.masks import load_pair, sides_of
from tests.conftest import distinct_phantom


def mask(*boxes, shape=(60, 80)):
    """A mask of boxes, each (top, bottom, left, right)."""
    pixels = np.zeros(shape, bool)
    for top, bottom, left, right in boxes:
        pixels[top:bottom, left:right] = True
    return pixels


def test_pieces_go_to_the_side_that_they_lie_on():
    right_lung, small, left_lung = (10, 50, 10, 34), (52, 56, 12, 18), (12, 50, 46, 70)
    right, left = sides_of(mask(right_lung, small, left_lung))
    np.testing.assert_array_equal(right, mask(right_lung, small))
    np.testing.assert_array_equal(left, mask(left_lung))


def test_a_lung_that_reaches_over_the_middle_of_the_film_stays_whole():
    right, left = sides_of(mask((10, 50, 8, 44), (10, 50, 52, 74)))
    np.testing.assert_array_equal(right, mask((10, 50, 8, 44)))
    np.testing.assert_array_equal(left, mask((10, 50, 52, 74)))


def test_lungs_that_touch_are_cut_where_they_are_narrowest():
    right, left = sides_of(mask((10, 50, 8, 36), (30, 33, 36, 44), (10, 50, 44, 72)))
    assert not (right & left).any()
    assert (right | left).sum() == mask((10, 50, 8, 36), (30, 33, 36, 44), (10, 50, 44, 72)).sum()
    assert right[:, :36].sum() == 40 * 28
    assert left[:, 44:].sum() == 40 * 28
    assert 36 <= np.flatnonzero(left.any(0))[0] <= 44


def test_nothing_is_no_lung():
    right, left = sides_of(np.zeros((20, 30), bool))
    assert not right.any()
    assert not left.any()


@pytest.fixture
def pair(tmp_path):
    """A film that is higher than wide, and a smaller mask of the same proportions."""
    film, lungs = tmp_path / "film.png", tmp_path / "mask.png"
    cv2.imwrite(str(film), np.rint(distinct_phantom(1, side=200).pixels[:, 40:160] * 255).astype(np.uint8))
    drawn = mask((30, 120, 12, 39), (30, 120, 51, 78), shape=(150, 90))
    cv2.imwrite(str(lungs), drawn.astype(np.uint8) * 255)
    return film, lungs


def test_film_is_what_the_network_will_be_shown(pair):
    film, lungs = load_pair(*pair, 64)
    shown = square_input(decode_film(read_film_file(pair[0])), 64)[..., 0]
    np.testing.assert_array_equal(film, np.rint(shown * 255).astype(np.uint8))
    assert lungs.shape == (64, 64, 2)
    assert lungs.dtype == np.uint8


def test_masks_lie_where_the_film_does(pair):
    _, lungs = load_pair(*pair, 100)
    # The film fills 60 of 100 columns, from the 20th on.
    np.testing.assert_array_equal(lungs[..., 0] > 127, mask((20, 80, 28, 46), shape=(100, 100)))
    np.testing.assert_array_equal(lungs[..., 1] > 127, mask((20, 80, 54, 72), shape=(100, 100)))


@pytest.mark.parametrize("number", [0, 1])
def test_file_that_cannot_be_read_is_refused(pair, number):
    pair[number].write_bytes(b"no picture")
    with pytest.raises(ImageError):
        load_pair(*pair, 64)
