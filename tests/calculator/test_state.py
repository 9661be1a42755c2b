"""The calculator's state: what counts when an extension is off, and what is drawn."""

import pytest
from pydantic import ValidationError

from cxr_core.calculator import CalculatorState
from cxr_core.decision import NO_DECAY, Beta, Scenario, Test


def test_extensions_that_are_off_do_not_count():
    state = CalculatorState(specificity_xray=0.5, false_positive_harm=70, xray_minutes=30, half_life_hours=3)
    assert state.xray() == Test(0.92, 30)
    assert state.pcr() == Test(0.985, 50)
    assert state.scenario() == Scenario(0.25, 1000, 1, 0, NO_DECAY)


def test_extensions_that_are_on_count_in_their_units():
    state = CalculatorState(false_positives=True, waiting=True, specificity_xray=0.5, xray_minutes=30, pcr_hours=20, half_life_hours=3)
    assert state.xray() == Test(0.92, 30, 0.5, 0.5)
    assert state.pcr() == Test(0.985, 50, 0.99, 20)
    assert state.scenario() == Scenario(0.25, 1000, 1, 100, 3)


def test_sensitivities_are_drawn_around_where_they_are():
    known = CalculatorState(sensitivity_xray=0.9, cases_xray=100, cases_pcr=0).uncertainty()
    assert (known.sensitivity_xray.alpha, known.sensitivity_xray.beta) == pytest.approx((90.5, 10.5))
    assert isinstance(known.sensitivity_xray, Beta)
    assert known.sensitivity_pcr is None
    assert known.ranges == {}


def test_spread_is_relative_and_stays_valid():
    ranges = CalculatorState(prevalence=0.9, spread=0.5).uncertainty().ranges
    assert ranges["prevalence"] == pytest.approx((0.45, 1))
    assert ranges["cost_xray"] == pytest.approx((15, 45))
    assert set(ranges) == {"prevalence", "cost_xray", "cost_pcr"}


@pytest.mark.parametrize(
    "bad",
    [
        {"prevalence": 1.1},
        {"value": float("inf")},
        {"value": float("nan")},
        {"cost_xray": -1},
        {"half_life_hours": 0},
        {"map_x": "value", "map_y": "value"},
        {"map_x": "turnaround"},
        {"unknown": 1},
        {"preset": "<b>"},
    ],
)
def test_invalid_states_cannot_be_made(bad):
    with pytest.raises(ValidationError):
        CalculatorState(**bad)
