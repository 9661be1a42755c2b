"""Figures with their intervals."""

import pytest
from pydantic import ValidationError

from cxr_core.stats import Interval


def test_interval_bounds_default_to_none():
    assert Interval(value=0.5) == Interval(value=0.5, low=None, high=None)


def test_interval_needs_a_value():
    with pytest.raises(ValidationError):
        Interval()


@pytest.mark.parametrize("bounds", [{"low": 0.4}, {"high": 0.6}, {"low": 0.6, "high": 0.4}, {"low": -0.1, "high": 0.6}])
def test_bounds_come_together_in_order_and_within_zero_and_one(bounds):
    with pytest.raises(ValidationError):
        Interval(value=0.5, **bounds)


def test_interval_is_written_behind_its_value():
    assert str(Interval(value=0.5, low=0.4, high=0.6)) == "0.500 [0.400, 0.600]"
    assert str(Interval(value=0.5)) == "0.500"
    assert str(Interval(value=None)) == "not measured"
