"""The tornado."""

import pytest
from hypothesis import given

from cxr_core.decision import BASE_PARAMETERS, InvalidParameterError, Scenario, Test, compare, default_ranges, tornado
from tests.decision.draws import DECIMAL_SCENARIOS, DECIMAL_TESTS

XRAY, PCR, SCENARIO = Test(0.92, 30), Test(0.985, 50), Scenario(0.25, 1000, 1)


def test_worked_by_hand():
    bars = tornado(XRAY, PCR, SCENARIO, {"prevalence": (0.1, 0.4), "cost_xray": (20, 32), "value": (900, 1100)})
    assert [bar.parameter.name for bar in bars] == ["prevalence", "cost_xray", "value"]
    prevalence, cost, value = bars
    assert (prevalence.at_low, prevalence.at_high) == pytest.approx((13.5, -6))
    assert (cost.at_low, cost.at_high) == pytest.approx((13.75, 1.75))
    assert (value.at_low, value.at_high) == pytest.approx((5.375, 2.125))
    assert [bar.swing for bar in bars] == pytest.approx([19.5, 12, 3.25])
    assert [bar.changes_verdict for bar in bars] == [True, False, False]


def test_a_range_beside_the_current_value_can_change_the_verdict_all_the_same():
    (bar,) = tornado(XRAY, PCR, SCENARIO, {"prevalence": (0.5, 0.6)})
    assert bar.changes_verdict


def test_extensions_take_part():
    bars = tornado(Test(0.92, 30, 0.9, 1), Test(0.985, 50, 0.99, 20), Scenario(0.25, 1000, 1, 50, 24), {"specificity_xray": (0.5, 1)})
    assert bars[0].swing == pytest.approx(0.75 * 50 * 0.5)


@given(DECIMAL_TESTS, DECIMAL_TESTS, DECIMAL_SCENARIOS)
def test_default_ranges_are_valid_and_hold_the_current_value(xray, pcr, scenario):
    ranges = default_ranges(xray, pcr, scenario)
    assert tuple(ranges) == BASE_PARAMETERS
    assert ranges["prevalence"][0] <= scenario.prevalence <= ranges["prevalence"][1]
    assert ranges["sensitivity_pcr"][0] <= pcr.sensitivity <= ranges["sensitivity_pcr"][1]
    bars = tornado(xray, pcr, scenario, ranges)
    assert [bar.swing for bar in bars] == sorted((bar.swing for bar in bars), reverse=True)
    now = compare(xray, pcr, scenario).difference
    slack = 1e-9 * (1 + abs(now))
    assert all(min(bar.at_low, bar.at_high) - slack <= now <= max(bar.at_low, bar.at_high) + slack for bar in bars)


@pytest.mark.parametrize(
    ("ranges", "parameter"),
    [
        ({"prevalence": (0.4, 0.1)}, "prevalence"),
        ({"prevalence": (0.1, 1.1)}, "prevalence"),
        ({"value": (0.1,)}, "value"),
        ({"value": 3}, "value"),
        ({"half_life_hours": (1, 2)}, "parameter"),
    ],
)
def test_bad_ranges_are_refused(ranges, parameter):
    with pytest.raises(InvalidParameterError) as caught:
        tornado(XRAY, PCR, SCENARIO, ranges)
    assert caught.value.parameter == parameter
