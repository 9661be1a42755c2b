"""Break-even: by hand, in every degenerate case, and by putting it back in."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxr_core.decision import (
    BASE_PARAMETERS,
    PARAMETERS,
    InvalidParameterError,
    Outcome,
    Scenario,
    Test,
    Verdict,
    break_even,
    break_evens,
    compare,
)
from tests.decision.draws import DECIMAL_SCENARIOS, DECIMAL_TESTS, FULL_SCENARIOS, FULL_TESTS, scale

XRAY, PCR, SCENARIO = Test(0.92, 30), Test(0.985, 50), Scenario(0.25, 1000, 1)


def with_parameter(name, value, xray, pcr, scenario):
    if name.endswith("_xray"):
        return replace(xray, **{name.removesuffix("_xray"): value}), pcr, scenario
    if name.endswith("_pcr"):
        return xray, replace(pcr, **{name.removesuffix("_pcr"): value}), scenario
    return xray, pcr, replace(scenario, **{name: value})


@pytest.mark.parametrize(
    ("name", "value", "side", "inside"),
    [
        ("prevalence", 20 / 65, "below", True),
        ("value", 20 / 0.065 / 0.25, "below", True),
        ("cost_importance", 16.25 / 20, "above", True),
        ("sensitivity_xray", 0.985 - 0.08, "above", True),
        ("sensitivity_pcr", 0.92 + 0.08, "below", True),
        ("cost_xray", 50 - 16.25, "below", True),
        ("cost_pcr", 30 + 16.25, "above", True),
    ],
)
def test_all_seven_worked_by_hand(name, value, side, inside):
    found = break_evens(XRAY, PCR, SCENARIO)[name]
    assert found == break_even(name, XRAY, PCR, SCENARIO)
    assert found.outcome is Outcome.CROSSES
    assert found.value == pytest.approx(value)
    assert (found.xray_side, found.inside) == (side, inside)
    assert found.verdict is Verdict.XRAY
    assert found.parameter is PARAMETERS[name]


def test_dearer_and_more_sensitive_wins_above():
    found = break_even("prevalence", Test(0.9, 80), Test(0.7, 50), Scenario(0.1, 1000, 1))
    assert found.value == pytest.approx(0.15)
    assert found.xray_side == "above"


X, P, N, T = Outcome.CROSSES, Outcome.ALWAYS_XRAY, Outcome.NEVER_XRAY, Outcome.ALWAYS_TIE


@pytest.mark.parametrize(
    ("xray", "pcr", "scenario", "expected"),
    [
        # In the order P, V, A, S_xray, S_pcr, C_xray, C_pcr; a number is a break-even, negative and above-range ones included.
        # equal sensitivities, X-ray cheaper: only an A of 0 makes a tie, or a cost
        ((0.9, 30), (0.9, 40), (0.2, 100, 1), (P, P, 0, 0.4, 1.4, 40, 30)),
        # equal sensitivities, X-ray dearer
        ((0.9, 40), (0.9, 30), (0.2, 100, 1), (N, N, 0, 1.4, 0.4, 30, 40)),
        # equal costs, X-ray more sensitive
        ((0.9, 40), (0.8, 40), (0.2, 100, 1), (0, 0, P, 0.8, 0.9, 42, 38)),
        # equal costs, X-ray less sensitive
        ((0.8, 40), (0.9, 40), (0.2, 100, 1), (0, 0, N, 0.9, 0.8, 38, 42)),
        # equal in both
        ((0.9, 40), (0.9, 40), (0.2, 100, 1), (T, T, T, 0.9, 0.9, 40, 40)),
        # V = 0: only cost counts, X-ray cheaper
        ((0.8, 30), (0.9, 40), (0.2, 0, 1), (P, 500, 0, P, P, 40, 30)),
        # V = 0, X-ray dearer
        ((0.8, 40), (0.9, 30), (0.2, 0, 1), (N, -500, 0, N, N, 30, 40)),
        # A = 0: only sensitivity counts, X-ray less sensitive; then more
        ((0.8, 30), (0.9, 40), (0.2, 100, 0), (0, 0, 0.2, 0.9, 0.8, N, N)),
        ((0.9, 30), (0.8, 40), (0.2, 100, 0), (0, 0, -0.2, 0.8, 0.9, P, P)),
        # P = 0: only cost counts
        ((0.8, 30), (0.9, 40), (0, 100, 1), (1, P, 0, P, P, 40, 30)),
        ((0.9, 40), (0.8, 30), (0, 100, 1), (1, N, 0, N, N, 30, 40)),
        # nothing counts
        ((0.8, 30), (0.9, 40), (0.2, 0, 0), (T, 0, 0, T, T, T, T)),
        ((0.8, 30), (0.9, 40), (0, 100, 0), (0, T, 0, T, T, T, T)),
        # a prevalence that cannot be: X-ray always preferred, and never
        ((0.8, 10), (0.9, 40), (0.2, 100, 1), (3, 1500, 1 / 15, -0.6, 2.3, 38, 12)),
        ((0.8, 40), (0.9, 10), (0.2, 100, 1), (-3, -1500, -1 / 15, 2.4, -0.7, 8, 42)),
    ],
)
def test_degenerate_cases_worked_by_hand(xray, pcr, scenario, expected):
    found = break_evens(Test(*xray), Test(*pcr), Scenario(*scenario))
    for name, answer in zip(BASE_PARAMETERS, expected, strict=True):
        if isinstance(answer, Outcome):
            assert found[name].outcome is answer, name
            assert (found[name].value, found[name].xray_side, found[name].inside) == (None, None, False)
        else:
            assert found[name].outcome is Outcome.CROSSES, name
            assert found[name].value == pytest.approx(answer, abs=1e-12), name
            parameter = PARAMETERS[name]
            assert found[name].inside is (parameter.low <= answer <= parameter.high), name


def test_a_break_even_on_the_edge_of_the_range_is_on_it():
    # P* = 1·(0.3-0.1)/(2·(0.7-0.6)) is 1, but not in floats
    found = break_even("prevalence", Test(0.7, 0.3), Test(0.6, 0.1), Scenario(0.5, 2, 1))
    assert found.value == 1
    assert found.inside


def test_in_a_tie_the_break_even_is_where_one_is():
    found = break_even("prevalence", XRAY, PCR, Scenario(20 / 65, 1000, 1))
    assert found.verdict is Verdict.TIE
    assert found.value == found.current == 20 / 65


def test_unknown_parameters_are_refused():
    with pytest.raises(InvalidParameterError, match="prevalence, value") as caught:
        break_even("half_life_hours", XRAY, PCR, SCENARIO)
    assert caught.value.parameter == "parameter"


def check(name, xray, pcr, scenario):
    found = break_even(name, xray, pcr, scenario)
    now = compare(xray, pcr, scenario)
    assert found.verdict is now.verdict
    parameter = PARAMETERS[name]
    if found.outcome is not Outcome.CROSSES:
        for end in (parameter.low, min(parameter.high, 1000.0)):
            assert compare(*with_parameter(name, end, xray, pcr, scenario)).verdict is now.verdict
        return
    if found.verdict is not Verdict.TIE:
        assert (found.current <= found.value) is ((found.xray_side == "below") is (found.verdict is Verdict.XRAY)) or (
            found.current == pytest.approx(found.value)
        )
    if not found.inside:
        return
    there = with_parameter(name, found.value, xray, pcr, scenario)
    assert compare(*there).difference == pytest.approx(0, abs=1e-14 * scale(*there))
    step = 1e-6 * max(found.value, 1e-3)
    for side, place in (("below", found.value - step), ("above", found.value + step)):
        if parameter.low <= place <= parameter.high:
            beside = compare(*with_parameter(name, place, xray, pcr, scenario))
            expected = Verdict.XRAY if found.xray_side == side else Verdict.PCR
            if abs(beside.difference) > 1e-13 * scale(*there):
                assert beside.verdict is expected


@settings(max_examples=300)
@given(st.sampled_from(BASE_PARAMETERS), DECIMAL_TESTS, DECIMAL_TESTS, DECIMAL_SCENARIOS)
def test_at_the_break_even_the_two_tie_and_the_sides_are_right(name, xray, pcr, scenario):
    check(name, xray, pcr, scenario)


@settings(max_examples=300)
@given(st.sampled_from(list(PARAMETERS)), FULL_TESTS, FULL_TESTS, FULL_SCENARIOS)
def test_the_same_with_every_extension_on(name, xray, pcr, scenario):
    check(name, xray, pcr, scenario)


@settings(max_examples=300)
@given(DECIMAL_TESTS, DECIMAL_TESTS, DECIMAL_SCENARIOS)
def test_at_the_break_even_prevalence_the_verdict_is_a_tie(xray, pcr, scenario):
    found = break_even("prevalence", xray, pcr, scenario)
    if found.inside:
        assert compare(xray, pcr, replace(scenario, prevalence=found.value)).verdict is Verdict.TIE


@given(st.sampled_from(BASE_PARAMETERS), DECIMAL_TESTS, DECIMAL_TESTS, DECIMAL_SCENARIOS)
def test_extensions_that_are_off_leave_the_break_even_exactly(name, xray, pcr, scenario):
    decorated = replace(xray, specificity=0.5, turnaround_hours=3), replace(pcr, specificity=0.7, turnaround_hours=30)
    assert break_even(name, *decorated, scenario) == break_even(name, xray, pcr, scenario)
