"""The report's formula, and that nothing invalid gets through it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_core.decision import MAX_AMOUNT, InvalidParameterError, Scenario, Test
from cxr_core.decision.formula import net_benefit
from cxr_core.errors import SecondLookError
from tests.decision.draws import AMOUNTS, DECIMAL_AMOUNTS, DECIMAL_SHARES, SHARES

VALID = {"prevalence": 0.25, "sensitivity": 0.92, "value": 1000, "cost_importance": 1, "cost": 30}
BAD_NUMBERS = [np.nan, np.inf, -np.inf, -0.001, "0.5", None, True, 1j, [0.1, np.nan], [[1], [1, 2]], {}]


def test_worked_by_hand():
    assert net_benefit(0.25, 0.92, 1000, 1, 30) == pytest.approx(200)
    assert net_benefit(0.1, 0.5, 20, 2, 3) == pytest.approx(-5)


def test_false_positives_and_waiting_worked_by_hand():
    # 0.25·0.8·1000·½ - 0.75·0.1·40 - 1·30 = 100 - 3 - 30
    found = net_benefit(0.25, 0.8, 1000, 1, 30, specificity=0.9, false_positive_harm=40, turnaround_hours=12, half_life_hours=12)
    assert found == pytest.approx(67)


def test_parameters_broadcast():
    found = net_benefit(np.array([0.1, 0.2, 0.3]), np.array([[0.5], [1.0]]), 10, 1, 0)
    np.testing.assert_allclose(found, [[0.5, 1, 1.5], [1, 2, 3]])


def test_scalars_give_a_scalar_and_empty_arrays_nothing():
    assert isinstance(net_benefit(**VALID), float)
    assert net_benefit([], 0.9, 1, 1, 1).shape == (0,)


@pytest.mark.parametrize("name", VALID)
def test_bad_numbers_are_refused_by_name(name):
    for bad in BAD_NUMBERS:
        with pytest.raises(InvalidParameterError, match=name) as caught:
            net_benefit(**{**VALID, name: bad})
        assert caught.value.parameter == name, bad
        assert isinstance(caught.value, ValueError)
        assert isinstance(caught.value, SecondLookError)


@pytest.mark.parametrize("name", ["prevalence", "sensitivity"])
def test_shares_end_at_one(name):
    with pytest.raises(InvalidParameterError, match=r"between 0 and 1, and 1\.01 is not"):
        net_benefit(**{**VALID, name: 1.01})


@pytest.mark.parametrize("name", ["value", "cost_importance", "cost"])
def test_amounts_end_somewhere(name):
    assert np.isfinite(net_benefit(**{**VALID, name: MAX_AMOUNT}))
    with pytest.raises(InvalidParameterError, match=name):
        net_benefit(**{**VALID, name: 2 * MAX_AMOUNT})


@pytest.mark.parametrize(
    ("name", "bad"), [("specificity", 1.5), ("false_positive_harm", -1), ("turnaround_hours", np.inf), ("half_life_hours", 0)]
)
def test_extensions_are_checked_too(name, bad):
    with pytest.raises(InvalidParameterError) as caught:
        net_benefit(**VALID, **{name: bad})
    assert caught.value.parameter == name


def test_shapes_that_do_not_fit_are_refused_by_name():
    with pytest.raises(InvalidParameterError, match="does not broadcast") as caught:
        net_benefit(np.ones(3), 0.5, np.ones(4), 1, 1)
    assert caught.value.parameter == "value"


@pytest.mark.parametrize("name", ["sensitivity", "cost", "specificity", "turnaround_hours"])
def test_a_test_checks_its_numbers(name):
    with pytest.raises(InvalidParameterError) as caught:
        Test(**{**{"sensitivity": 0.5, "cost": 1}, name: -1})
    assert caught.value.parameter == name
    with pytest.raises(InvalidParameterError, match="single number"):
        Test(**{**{"sensitivity": 0.5, "cost": 1}, name: [0.5, 0.6]})


@pytest.mark.parametrize("name", ["prevalence", "value", "cost_importance", "false_positive_harm", "half_life_hours"])
def test_a_scenario_checks_its_numbers(name):
    with pytest.raises(InvalidParameterError) as caught:
        Scenario(**{**{"prevalence": 0.5, "value": 1, "cost_importance": 1}, name: -1})
    assert caught.value.parameter == name


@given(SHARES, SHARES, AMOUNTS, AMOUNTS, AMOUNTS)
def test_extensions_that_are_off_leave_the_report_formula_exactly(prevalence, sensitivity, value, importance, cost):
    base = net_benefit(prevalence, sensitivity, value, importance, cost)
    assert base == prevalence * value * sensitivity - importance * cost
    assert base == net_benefit(prevalence, sensitivity, value, importance, cost, specificity=0.3, turnaround_hours=70)
    assert base == net_benefit(prevalence, sensitivity, value, importance, cost, false_positive_harm=50)
    assert base == net_benefit(prevalence, sensitivity, value, importance, cost, half_life_hours=3)


@given(DECIMAL_SHARES, DECIMAL_SHARES, DECIMAL_AMOUNTS, st.floats(0, 100), st.floats(0.1, 100))
def test_waiting_and_false_alarms_never_help(prevalence, sensitivity, value, hours, half_life):
    base = net_benefit(prevalence, sensitivity, value, 1, 1)
    assert net_benefit(prevalence, sensitivity, value, 1, 1, turnaround_hours=hours, half_life_hours=half_life) <= base
    assert net_benefit(prevalence, sensitivity, value, 1, 1, specificity=0.8, false_positive_harm=10) <= base
