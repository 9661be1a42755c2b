"""The operating point as everything else takes it."""

import pytest
from pydantic import ValidationError

from cxr_core.artifacts import OperatingPoint
from cxr_core.stats import Interval

POINT = {"threshold": 0.5, "sensitivity": {"value": 0.9}, "specificity": {"value": 0.9}, "cases": 20, "others": 10}


def test_counts_are_whole_films():
    point = OperatingPoint(threshold=0.5, sensitivity=Interval(value=19 / 21), specificity=Interval(value=1 / 3), cases=21, others=9)
    assert (point.found, point.cleared) == (19, 3)


def test_point_without_films_counts_none():
    point = OperatingPoint(threshold=None, sensitivity=Interval(value=None), specificity=Interval(value=None), cases=0, others=0)
    assert (point.found, point.cleared) == (0, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"sensitivity": {"value": 1.1}},
        {"specificity": {"value": float("nan")}},
        {"threshold": -0.1},
        {"threshold": float("nan")},
        {"cases": -1},
        {"cases": float("inf")},
        {"others": 1.5},
        {"rule": "whim"},
        {"more": 1},
    ],
    ids=str,
)
def test_impossible_points_are_refused(change):
    assert OperatingPoint.model_validate(POINT).found == 18
    with pytest.raises(ValidationError):
        OperatingPoint.model_validate(POINT | change)
