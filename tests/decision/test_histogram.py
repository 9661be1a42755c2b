"""Draws in bins: none lost, and none of both tests in one bin."""

import dataclasses

import numpy as np
import pytest

from cxr_core.calculator import CalculatorState
from cxr_core.decision import histogram, simulate


def simulation(**fields):
    state = CalculatorState(**fields)
    return simulate(state.xray(), state.pcr(), state.scenario(), state.uncertainty())


@pytest.mark.parametrize("fields", [{}, {"spread": 0.3}, {"value": 1e12}, {"value": 1e-3, "cost_importance": 1e-6}, {"cost_xray": 80}])
def test_every_draw_is_counted_and_no_bin_spans_zero(fields):
    drawn = simulation(**fields)
    bins = histogram(drawn)
    assert bins.counts.sum() == len(drawn.difference)
    assert len(bins.edges) == len(bins.counts) + 1
    assert np.allclose(np.diff(bins.edges), np.diff(bins.edges)[0])
    assert not ((bins.edges[:-1] < 0) & (bins.edges[1:] > 0)).any()
    assert bins.counts[bins.edges[:-1] >= 0].sum() == pytest.approx((drawn.difference >= 0).sum(), abs=1)


@pytest.mark.parametrize("difference", [0.0, 3.75, -2.0])
def test_draws_that_are_all_the_same_make_one_bin(difference):
    drawn = dataclasses.replace(simulation(cases_xray=0, cases_pcr=0), difference=np.full(100, difference))
    bins = histogram(drawn)
    assert bins.counts.tolist() == [100]
    assert bins.edges[0] < difference < bins.edges[1]
