"""The chart of what helps draws its rows where their figures are."""

import pytest

from cxr_core.figures import HelpsPoint, helps_figure
from cxr_core.stats import Interval
from tests.helps import around


def test_rows_stand_at_their_accuracies_with_both_intervals():
    points = [HelpsPoint("1", "one", around(0.9), around(0.2)), HelpsPoint("2", "two", around(0.8, 0.05), around(0.5))]
    rows = helps_figure(points).data[1]
    assert list(rows.x) == [0.9, 0.8]
    assert list(rows.y) == [0.2, 0.5]
    assert list(rows.text) == ["1", "2"]
    assert rows.error_x.array == pytest.approx([0.02, 0.05])
    assert rows.error_y.arrayminus == pytest.approx([0.02, 0.02])


def test_what_was_not_measured_is_left_out_and_values_without_intervals_have_no_bars():
    points = [HelpsPoint("1", "one", Interval(value=0.9), around(0.2)), HelpsPoint("2", "two", around(0.8), Interval(value=None))]
    rows = helps_figure(points).data[1]
    assert list(rows.text) == ["1"]
    assert list(rows.error_x.array) == [0]
