"""Test-time augmentation of a film, and how far the probabilities move."""

import numpy as np
import pytest

from cxr_core.calibration import TTA_VIEWS, spread, tta_views
from cxr_core.calibration.stability import GAMMA, SHIFT, ZOOM
from cxr_core.imaging import model_input
from tests.conftest import distinct_phantom


@pytest.fixture(scope="module")
def film():
    return model_input(distinct_phantom(5), 64)


def centre(view):
    rows, columns = np.mgrid[: len(view), : len(view)]
    return np.array([(view * rows).sum(), (view * columns).sum()]) / view.sum()


def blob(size=200, row=99.5, column=99.5, width=6.0):
    rows, columns = np.mgrid[:size, :size]
    return np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / (2 * width**2)).astype(np.float32)[..., np.newaxis]


def test_views_are_films_like_the_first(film):
    views = tta_views(film)
    assert views.shape == (TTA_VIEWS, 64, 64, 1)
    assert views.dtype == np.float32
    assert views.min() >= 0
    assert views.max() <= 1


def test_the_same_film_gives_the_same_views_and_is_left_alone(film):
    before = film.copy()
    np.testing.assert_array_equal(tta_views(film), tta_views(film))
    np.testing.assert_array_equal(film, before)


def test_views_differ_a_little_from_the_film_and_more_from_each_other(film):
    first, second = tta_views(film)
    apart = np.abs(first - second).mean()
    for view in (first, second):
        assert 0.005 < np.abs(view - film).mean() < apart < 0.3
        assert np.corrcoef(view.ravel(), film.ravel())[0, 1] > 0.7


def test_the_views_are_shifted_in_opposite_directions():
    first, second = tta_views(blob())
    np.testing.assert_allclose(centre(first[..., 0]), 99.5 + 200 * SHIFT, atol=0.05)
    np.testing.assert_allclose(centre(second[..., 0]), 99.5 - 200 * SHIFT, atol=0.05)


def test_one_view_is_a_crop_and_the_other_has_a_margin():
    first, second = tta_views(blob(row=59.5, column=139.5))
    for view, zoom, shift in ((first, ZOOM, SHIFT), (second, 1 / ZOOM, -SHIFT)):
        expected = 99.5 + zoom * (np.array([59.5, 139.5]) - 99.5) + 200 * shift
        np.testing.assert_allclose(centre(view[..., 0]), expected, atol=0.1)
    white = tta_views(np.ones((200, 200, 1), np.float32))
    assert white[1][-7:].max() == 0  # the reduced film ends above the last rows
    assert white[1][:-9, :-9].min() == white[0][5:, 5:].min() == 1


def test_one_view_is_darker_and_the_other_brighter():
    first, second = tta_views(np.full((100, 100, 1), 0.5, np.float32))[:, 50, 50, 0]
    assert first == pytest.approx(0.5**GAMMA)
    assert second == pytest.approx(0.5 ** (1 / GAMMA))


def test_spread_is_the_range_of_each_class():
    low, high = spread(np.array([[0.6, 0.2, 0.1, 0.1], [0.5, 0.3, 0.1, 0.1], [0.7, 0.0, 0.2, 0.1]]))
    np.testing.assert_array_equal(low, [0.5, 0.0, 0.1, 0.1])
    np.testing.assert_array_equal(high, [0.7, 0.3, 0.2, 0.1])
