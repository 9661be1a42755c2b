"""What small changes do to the answer, counted by hand."""

import numpy as np
import pytest

from cxr_core.calibration import TTA_VIEWS, tta_views
from cxr_core.evaluation.stability import one_view, stability_result
from cxr_core.imaging import draw_phantom
from cxr_core.lungs import prepare

WHOLE = np.array([[0.7, 0.1, 0.1, 0.1], [0.1, 0.6, 0.2, 0.1], [0.2, 0.2, 0.5, 0.1], [0.1, 0.1, 0.1, 0.7]])
GROUPS = np.arange(4)


def test_views_are_those_of_a_read():
    film = prepare(draw_phantom(200, 160), 64)
    np.testing.assert_array_equal(np.stack([one_view(film, number) for number in range(TTA_VIEWS)]), tta_views(film.canonical))


def test_a_class_that_changes_in_one_view_has_changed():
    first, second = WHOLE.copy(), WHOLE.copy()
    first[0] = [0.3, 0.4, 0.2, 0.1]  # another class
    second[1] = [0.1, 0.5, 0.3, 0.1]  # the same, less sure
    found = stability_result(np.array([1, 1, 2, 3]), WHOLE, [first, second], GROUPS)
    assert (found.films, found.views) == (4, 2)
    assert found.flipped.value == 0.25
    assert found.mean_range == pytest.approx((0.4 + 0.1) / 4)
    assert found.accuracy_flipped.value == 0
    assert found.accuracy_steady.value == 1


def test_where_nothing_changes_there_is_no_accuracy_of_what_does():
    found = stability_result(np.array([0, 1, 2, 0]), WHOLE, [WHOLE], GROUPS)
    assert found.flipped.value == found.mean_range == 0
    assert found.accuracy_flipped.value is None
    assert found.accuracy_steady.value == 0.75
