"""Changed films: what is changed, and that nothing else is."""

import numpy as np
import pytest

from cxr_core.imaging import Box, draw_phantom
from cxr_core.lecture import CHANGES, changed_share, changed_views
from cxr_core.lecture.changes import AS_IT_IS, framed, marked, mirrored
from cxr_core.lungs import prepare

SIZE = 64


@pytest.fixture(scope="module")
def film():
    return draw_phantom(256, 240, opacity=0.5)


@pytest.fixture(scope="module")
def prepared(film):
    return prepare(film, SIZE, "none")


@pytest.fixture(scope="module")
def views(film, prepared):
    return changed_views(film, prepared, "none")


def test_frame_is_white_and_around_the_film(film):
    result = framed(film)
    wide = (result.height - film.height) // 2
    np.testing.assert_array_equal(result.pixels[wide:-wide, wide:-wide], film.pixels)
    assert result.pixels[:wide].min() == 1


def test_marker_is_white_within_the_corner_of_the_box(film):
    box = Box(0.25, 0.5, 0.75, 1.0)
    changed = marked(film, box).pixels != film.pixels
    rows, columns = np.nonzero(changed)
    assert 0.25 * film.height < rows.min() <= rows.max() < 0.35 * film.height
    assert 0.5 * film.width < columns.min() <= columns.max() < 0.6 * film.width
    assert set(marked(film, box).pixels[changed]) == {1.0}


def test_mirror_exchanges_left_and_right(film):
    np.testing.assert_array_equal(mirrored(mirrored(film)).pixels, film.pixels)
    np.testing.assert_array_equal(mirrored(film).pixels[:, 0], film.pixels[:, -1])


def test_all_changes_are_seen_and_each_changes_something(views, prepared):
    assert list(views) == [AS_IT_IS, *CHANGES]
    np.testing.assert_array_equal(views[AS_IT_IS], prepared.canonical)
    for name in CHANGES:
        assert views[name].shape == (SIZE, SIZE, 1)
        assert 0 < changed_share(prepared.canonical, views[name]) <= 1, name


def test_blanked_lungs_and_surroundings_are_each_others_rest(views, prepared):
    inside = prepared.lung_mask > 0.5
    assert 0.1 < inside.mean() < 0.6
    assert np.ptp(views["Lungs blanked"][inside]) == 0
    np.testing.assert_array_equal(views["Surroundings blanked"][inside], prepared.canonical[inside])


def test_without_lungs_nothing_is_blanked_by_them():
    blank = draw_phantom(128, 128)
    blank.pixels[:] = np.linspace(0, 1, 128, dtype=np.float32)
    found = prepare(blank, SIZE, "lungs")
    assert found.lungs.doubt is not None
    assert list(changed_views(blank, found, "lungs")) == [AS_IT_IS, "Border added", "Marker added", "Mirrored"]


def test_share_counts_places():
    after = np.zeros((2, 2, 1), np.float32)
    after[0, 0] = 0.5
    assert changed_share(np.zeros((2, 2, 1), np.float32), after) == 0.25
