"""Verdicts: by hand, against exact arithmetic, and at ties."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cxr_core.decision import Quadrant, Scenario, Test, Verdict, compare
from cxr_core.decision.comparison import difference_of, values_of
from tests.decision.draws import (
    DECIMAL_SCENARIOS,
    DECIMAL_SHARES,
    DECIMAL_TESTS,
    FULL_SCENARIOS,
    FULL_TESTS,
    SCENARIOS,
    TESTS,
    as_typed,
    scale,
)

SCENARIO = Scenario(prevalence=0.25, value=1000, cost_importance=1)


def exact_sides(xray, pcr, scenario, number=as_typed):
    left = number(scenario.prevalence) * number(scenario.value) * (number(xray.sensitivity) - number(pcr.sensitivity))
    right = number(scenario.cost_importance) * (number(xray.cost) - number(pcr.cost))
    return left, right


@pytest.mark.parametrize(
    ("xray", "pcr", "prevalence", "difference", "verdict", "quadrant"),
    [
        # cheaper and less sensitive: 0.25·1000·(-0.065) = -16.25 against -20; at 0.4 it is -26
        ((0.92, 30), (0.985, 50), 0.25, 3.75, Verdict.XRAY, Quadrant.CHEAPER_LESS_SENSITIVE),
        ((0.92, 30), (0.985, 50), 0.40, -6.0, Verdict.PCR, Quadrant.CHEAPER_LESS_SENSITIVE),
        # dearer and more sensitive: 0.1·1000·0.2 = 20 against 30; at 0.25 it is 50
        ((0.9, 80), (0.7, 50), 0.10, -10.0, Verdict.PCR, Quadrant.DEARER_MORE_SENSITIVE),
        ((0.9, 80), (0.7, 50), 0.25, 20.0, Verdict.XRAY, Quadrant.DEARER_MORE_SENSITIVE),
        # never worse in either
        ((0.9, 50), (0.7, 80), 0.25, 80.0, Verdict.XRAY, Quadrant.DOMINATES),
        ((0.9, 50), (0.9, 80), 0.25, 30.0, Verdict.XRAY, Quadrant.DOMINATES),
        ((0.9, 50), (0.7, 50), 0.25, 50.0, Verdict.XRAY, Quadrant.DOMINATES),
        # never better in either
        ((0.7, 80), (0.9, 50), 0.25, -80.0, Verdict.PCR, Quadrant.DOMINATED),
        ((0.9, 80), (0.9, 50), 0.25, -30.0, Verdict.PCR, Quadrant.DOMINATED),
        ((0.7, 50), (0.9, 50), 0.25, -50.0, Verdict.PCR, Quadrant.DOMINATED),
        ((0.9, 50), (0.9, 50), 0.25, 0.0, Verdict.TIE, Quadrant.EQUAL),
    ],
)
def test_quadrants_worked_by_hand(xray, pcr, prevalence, difference, verdict, quadrant):
    found = compare(Test(*xray), Test(*pcr), Scenario(prevalence, 1000, 1))
    assert found.difference == pytest.approx(difference)
    assert (found.verdict, found.quadrant) == (verdict, quadrant)


def test_every_figure_worked_by_hand():
    found = compare(Test(0.92, 30), Test(0.985, 50), SCENARIO)
    assert found.net_benefit_xray == pytest.approx(200)
    assert found.net_benefit_pcr == pytest.approx(196.25)
    assert found.left == pytest.approx(-16.25)
    assert found.right == pytest.approx(-20)
    assert found.delta_sensitivity == pytest.approx(-0.065)
    assert found.delta_cost == -20


@pytest.mark.parametrize(
    ("scenario", "verdict"),
    [
        (Scenario(0, 1000, 1), Verdict.XRAY),
        (Scenario(0.25, 0, 1), Verdict.XRAY),
        (Scenario(0.25, 1000, 0), Verdict.PCR),
        (Scenario(0, 1000, 0), Verdict.TIE),
        (Scenario(0.25, 0, 0), Verdict.TIE),
        (Scenario(1, 1e12, 1), Verdict.PCR),
    ],
)
def test_degenerate_scenarios_with_a_cheaper_less_sensitive_xray(scenario, verdict):
    assert compare(Test(0.9, 30), Test(0.95, 50), scenario).verdict is verdict


@pytest.mark.parametrize(
    ("xray", "pcr", "scenario"),
    [
        # 0.1·3·(0.3-0.2) = 0.03 = 0.1·(0.6-0.3), and in floats neither side is
        ((0.3, 0.6), (0.2, 0.3), (0.1, 3, 0.1)),
        ((0.92, 30), (0.985, 50), (20 / 65, 1000, 1)),
        ((0.7, 0.1), (0.8, 0.3), (0.2, 10, 1)),
        ((0.1 + 0.2, 5), (0.3, 5), (1, 1e12, 1)),
        ((0.5, 0.1 + 0.2), (0.5, 0.3), (1, 1, 1e12)),
    ],
)
def test_ties_of_decimal_inputs_are_ties(xray, pcr, scenario):
    found = compare(Test(*xray), Test(*pcr), Scenario(*scenario))
    assert found.verdict is Verdict.TIE
    assert found.difference == 0


def test_a_small_advantage_is_not_lost_beside_large_equal_costs():
    found = compare(Test(0.9, 1e12), Test(0.8, 1e12), Scenario(1e-12, 1, 1))
    assert found.verdict is Verdict.XRAY
    assert found.difference == pytest.approx(1e-13)


@settings(max_examples=500)
@given(TESTS, TESTS, SCENARIOS)
def test_verdict_agrees_with_exact_arithmetic(xray, pcr, scenario):
    found = compare(xray, pcr, scenario)
    left, right = exact_sides(xray, pcr, scenario, as_typed)
    doubt = 1e-14 * scale(xray, pcr, scenario)
    if abs(left - right) > doubt:
        assert found.verdict is (Verdict.XRAY if left > right else Verdict.PCR)
    assert found.difference == pytest.approx(float(left - right), abs=doubt)


@settings(max_examples=500)
@given(DECIMAL_TESTS, DECIMAL_TESTS, DECIMAL_SCENARIOS)
def test_verdict_of_decimals_is_the_exact_one(xray, pcr, scenario):
    left, right = exact_sides(xray, pcr, scenario)
    expected = Verdict.TIE if left == right else Verdict.XRAY if left > right else Verdict.PCR
    assert compare(xray, pcr, scenario).verdict is expected


@settings(max_examples=300)
@given(DECIMAL_SHARES, st.integers(1, 1000), st.integers(1, 500), st.integers(-9, 9), st.integers(0, 1000))
def test_decimals_that_tie_are_told_to_tie(share, value, importance, points, cost):
    # P·V·ΔS = A·ΔC with ΔC made to fit, kept only if it is a decimal again
    pcr, xray = 0.5, (500 + points) / 1000
    delta = as_typed(share) * value * (as_typed(xray) - as_typed(pcr)) / importance
    typed = float(as_typed(float(cost)) + delta)
    assume(typed >= 0)
    assume(as_typed(typed) == cost + delta)
    assert compare(Test(xray, typed), Test(pcr, cost), Scenario(share, value, importance)).verdict is Verdict.TIE


@given(FULL_TESTS, FULL_TESTS, FULL_SCENARIOS)
def test_sides_net_benefits_and_difference_agree(xray, pcr, scenario):
    found = compare(xray, pcr, scenario)
    doubt = 1e-14 * scale(xray, pcr, scenario)
    assert found.net_benefit_xray - found.net_benefit_pcr == pytest.approx(found.difference, abs=doubt)
    assert found.left - found.right == pytest.approx(found.difference, abs=doubt)
    assert {1: Verdict.XRAY, 0: Verdict.TIE, -1: Verdict.PCR}[np.sign(found.difference)] is found.verdict


@given(FULL_TESTS, FULL_TESTS, FULL_SCENARIOS)
def test_changing_places_changes_the_winner(xray, pcr, scenario):
    assert compare(xray, pcr, scenario).difference == -compare(pcr, xray, scenario).difference


@given(DECIMAL_TESTS, DECIMAL_TESTS, DECIMAL_SCENARIOS, st.floats(1e-3, 1e3))
def test_scaling_value_and_importance_together_leaves_the_verdict(xray, pcr, scenario, factor):
    scaled = Scenario(scenario.prevalence, scenario.value * factor, scenario.cost_importance * factor)
    assert compare(xray, pcr, scaled).verdict is compare(xray, pcr, scenario).verdict


@given(DECIMAL_TESTS, DECIMAL_TESTS, DECIMAL_SCENARIOS, DECIMAL_SHARES, st.floats(0, 100))
def test_extensions_that_are_off_leave_the_comparison_exactly(xray, pcr, scenario, specificity, hours):
    plain = compare(xray, pcr, scenario)
    decorated = compare(
        Test(xray.sensitivity, xray.cost, specificity, hours), Test(pcr.sensitivity, pcr.cost, 1 - specificity, 2 * hours), scenario
    )
    assert decorated == plain


def test_extensions_worked_by_hand():
    # X-ray finds 0.8 at once, PCR 0.9 after two half-lives: 0.5·100·(0.8-0.225) = 28.75.
    # X-ray's extra false alarms: 0.5·20·(0.95-0.9) = 0.5; costs 1·(10-5) = 5.
    found = compare(Test(0.8, 10, 0.9, 0), Test(0.9, 5, 0.95, 24), Scenario(0.5, 100, 1, 20, 12))
    assert found.left == pytest.approx(28.75)
    assert found.right == pytest.approx(5.5)
    assert found.difference == pytest.approx(23.25)


def test_arrays_are_compared_as_scalars_are():
    values = values_of(Test(0.92, 30), Test(0.985, 50), SCENARIO)
    places = np.linspace(0, 1, 14)
    found = difference_of({**values, "prevalence": places})
    singly = [compare(Test(0.92, 30), Test(0.985, 50), Scenario(place, 1000, 1)).difference for place in places]
    np.testing.assert_array_equal(found, singly)
