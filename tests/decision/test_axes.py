"""How far axes reach."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_core.calculator import CalculatorState
from cxr_core.decision import PARAMETERS, axis_values, break_even, prevalence_end, prevalences, shown_prevalences
from cxr_core.decision.axes import LOWEST_PREVALENCE, PREVALENCE_ENDS, far_apart, round_up


def crossing(name, **fields):
    state = CalculatorState(**fields)
    return break_even(name, state.xray(), state.pcr(), state.scenario())


@pytest.mark.parametrize(
    ("fields", "end"),
    [
        ({"prevalence": 0.001, "value": 100_000}, 0.01),  # tie at 0.31%
        ({"prevalence": 0.05, "value": 100_000}, 0.1),
        ({"prevalence": 0.001, "value": 10_000}, 0.1),  # tie at 3.1%
        ({"prevalence": 0.001}, 1.0),  # tie at 30.8%
        ({"prevalence": 0.001, "cost_xray": 80}, 0.01),  # no tie
        ({"prevalence": 1.0}, 1.0),
    ],
)
def test_prevalence_axis_holds_the_current_one_and_the_tie(fields, end):
    assert prevalence_end(crossing("prevalence", **fields)) == end


def test_even_and_logarithmic_prevalences():
    even, log = prevalences(0.1), prevalences(None)
    assert (even[0], even[-1]) == (0, 0.1)
    assert (log[0], log[-1]) == pytest.approx((LOWEST_PREVALENCE, 1))
    assert log[-1] <= 1
    assert np.allclose(np.diff(np.log(log)), np.diff(np.log(log))[0])


def test_far_apart_only_where_one_even_axis_cannot_show_both():
    assert far_apart(crossing("prevalence", prevalence=0.005))
    assert not far_apart(crossing("prevalence", prevalence=0.05))
    assert not far_apart(crossing("prevalence", prevalence=0))
    assert not far_apart(crossing("prevalence", prevalence=0.005, cost_xray=80))


def test_axis_that_a_reader_asks_for_is_the_one_shown():
    near, far = crossing("prevalence"), crossing("prevalence", prevalence=0.005)
    for found, axis, ends, log in (
        (near, "auto", (0, 1), False),
        (far, "auto", (LOWEST_PREVALENCE, 1), True),
        (near, "log", (LOWEST_PREVALENCE, 1), True),
        (far, "0.1", (0, 0.1), False),
    ):
        places, logarithmic = shown_prevalences(found, axis)
        assert (places[0], places[-1]) == pytest.approx(ends)
        assert logarithmic is log


@pytest.mark.parametrize(("number", "rounded"), [(1, 1), (1.01, 2), (4, 5), (5.1, 10), (0.03, 0.05), (1250, 2000)])
def test_round_up(number, rounded):
    assert round_up(number) == pytest.approx(rounded)


def test_amounts_reach_beyond_the_current_one_and_the_tie():
    values = axis_values(crossing("value"))  # 1000, tie at 1231
    assert values[0] == 0
    assert values[-1] == 2000
    assert axis_values(crossing("value", value=0))[-1] > 0
    assert axis_values(crossing("value", value=5e-324, cost_xray=50))[-1] == 1  # an axis over so little would hold one number
    assert axis_values(crossing("value", prevalence=0))[-1] == 2000
    assert axis_values(crossing("value", value=1, prevalence=0.001))[-1] == 2  # the tie at 307,692 is out of reach


def test_sensitivities_start_at_a_half_unless_they_are_lower():
    assert tuple(axis_values(crossing("sensitivity_xray"))[[0, -1]]) == (0.5, 1)
    assert tuple(axis_values(crossing("sensitivity_xray", sensitivity_xray=0.3))[[0, -1]]) == (0, 1)


@given(
    st.sampled_from(list(PARAMETERS)),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 1e12),
    st.floats(0, 1e12),
    st.floats(0, 1e12),
)
def test_axes_are_valid_and_hold_the_current_value(name, prevalence, sensitivity, value, cost, importance):
    found = crossing(
        name,
        prevalence=prevalence,
        sensitivity_xray=sensitivity,
        value=value,
        cost_xray=cost,
        cost_importance=importance,
        false_positives=True,
    )
    values = axis_values(found)
    assert (np.diff(values) > 0).all()
    assert PARAMETERS[name].low <= values[0] <= found.current <= values[-1] <= PARAMETERS[name].high
    assert prevalence_end(found) in PREVALENCE_ENDS
