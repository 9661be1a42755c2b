"""Strategies of two tests, by hand and by counting patients."""

import numpy as np
import pytest
from hypothesis import given

from cxr_core.decision import InvalidParameterError, Scenario, Strategy, Test, compare, compare_strategies
from cxr_core.decision.strategies import strategy_curve
from tests.decision.draws import DECIMAL_SCENARIOS, DECIMAL_TESTS, FULL_SCENARIOS, FULL_TESTS


def by_strategy(xray, pcr, scenario):
    return {result.strategy: result for result in compare_strategies(xray, pcr, scenario)}


def test_all_five_come_in_order():
    assert tuple(by_strategy(Test(0.9, 1), Test(0.9, 1), Scenario(0.5, 1, 1))) == tuple(Strategy)


def test_worked_by_hand_without_false_alarms():
    # P 0.2, S 0.8 and 0.9, V 1000, A 1, C 30 and 50; specificity is 1
    found = by_strategy(Test(0.8, 30), Test(0.9, 50), Scenario(0.2, 1000, 1))
    # negative: 0.2·0.2 + 0.8 = 0.84 go on; found 0.8 + 0.2·0.9 = 0.98; cost 30 + 42
    after_negative = found[Strategy.PCR_IF_NEGATIVE]
    assert after_negative.second_tests == pytest.approx(0.84)
    assert after_negative.sensitivity == pytest.approx(0.98)
    assert after_negative.expected_cost == pytest.approx(72)
    assert after_negative.net_benefit == pytest.approx(0.2 * 980 - 72)
    # positive: 0.16 go on; found 0.72; cost 30 + 8
    after_positive = found[Strategy.PCR_IF_POSITIVE]
    assert after_positive.second_tests == pytest.approx(0.16)
    assert after_positive.sensitivity == pytest.approx(0.72)
    assert after_positive.expected_cost == pytest.approx(38)
    assert after_positive.net_benefit == pytest.approx(0.2 * 720 - 38)
    assert found[Strategy.NOBODY].net_benefit == 0
    assert found[Strategy.NOBODY].expected_cost == 0


def test_worked_by_hand_with_false_alarms_and_waiting():
    # X-ray 0.8/0.9 at once, PCR 0.9/0.95 after one half-life; P 0.5, V 100, A 1, F 40
    found = by_strategy(Test(0.8, 10, 0.9, 0), Test(0.9, 20, 0.95, 12), Scenario(0.5, 100, 1, 40, 12))
    # 50·(0.8 + 0.18·0.5) - 0.5·40·(1 - 0.855) - (10 + 20·(0.1 + 0.45))
    assert found[Strategy.PCR_IF_NEGATIVE].net_benefit == pytest.approx(44.5 - 2.9 - 21)
    # 50·0.72·0.5 - 0.5·40·0.005 - (10 + 20·(0.4 + 0.05))
    assert found[Strategy.PCR_IF_POSITIVE].net_benefit == pytest.approx(18 - 0.1 - 19)


def test_against_simulated_patients():
    rng = np.random.default_rng(0)
    patients = 400_000
    xray, pcr, scenario = Test(0.7, 30, 0.8), Test(0.9, 50, 0.95), Scenario(0.3, 100, 1, 20)
    sick = rng.random(patients) < scenario.prevalence
    positive = [rng.random(patients) < np.where(sick, test.sensitivity, 1 - test.specificity) for test in (xray, pcr)]
    for strategy, second, called in (
        (Strategy.PCR_IF_NEGATIVE, ~positive[0], positive[0] | positive[1]),
        (Strategy.PCR_IF_POSITIVE, positive[0], positive[0] & positive[1]),
    ):
        benefit = 100 * (called & sick) - 20 * (called & ~sick) - 30 - 50 * second
        result = by_strategy(xray, pcr, scenario)[strategy]
        assert result.net_benefit == pytest.approx(benefit.mean(), abs=0.5)
        assert result.second_tests == pytest.approx(second.mean(), abs=0.005)
        assert result.sensitivity == pytest.approx(called[sick].mean(), abs=0.005)
        assert result.specificity == pytest.approx(1 - called[~sick].mean(), abs=0.005)


@given(FULL_TESTS, FULL_TESTS, FULL_SCENARIOS)
def test_single_tests_are_those_of_the_comparison(xray, pcr, scenario):
    found, compared = by_strategy(xray, pcr, scenario), compare(xray, pcr, scenario)
    assert found[Strategy.XRAY].net_benefit == pytest.approx(compared.net_benefit_xray, rel=1e-12, abs=1e-9)
    assert found[Strategy.PCR].net_benefit == pytest.approx(compared.net_benefit_pcr, rel=1e-12, abs=1e-9)


@given(DECIMAL_TESTS, DECIMAL_TESTS, DECIMAL_SCENARIOS)
def test_single_tests_are_the_report_formula_exactly_without_extensions(xray, pcr, scenario):
    found, compared = by_strategy(xray, pcr, scenario), compare(xray, pcr, scenario)
    assert found[Strategy.XRAY].net_benefit == compared.net_benefit_xray
    assert found[Strategy.PCR].net_benefit == compared.net_benefit_pcr


@given(DECIMAL_TESTS, DECIMAL_SCENARIOS)
def test_a_free_second_test_that_finds_nothing_changes_nothing(xray, scenario):
    found = by_strategy(xray, Test(0, 0), scenario)
    assert found[Strategy.PCR_IF_NEGATIVE].net_benefit == pytest.approx(found[Strategy.XRAY].net_benefit)
    agreeing = by_strategy(xray, Test(1, 0, 0), scenario)
    assert agreeing[Strategy.PCR_IF_POSITIVE].net_benefit == pytest.approx(agreeing[Strategy.XRAY].net_benefit)


def test_curves_pass_through_the_results():
    tests = Test(0.7, 30, 0.8, 1), Test(0.9, 50, 0.95, 20)
    places = np.array([0, 0.01, 0.3, 1])
    for strategy in Strategy:
        curve = strategy_curve(strategy, *tests, Scenario(0.9, 100, 1, 20, 30), places)
        singly = [by_strategy(*tests, Scenario(place, 100, 1, 20, 30))[strategy].net_benefit for place in places]
        np.testing.assert_allclose(curve, singly, atol=1e-12)


def test_curves_check_their_prevalences():
    with pytest.raises(InvalidParameterError, match="prevalence"):
        strategy_curve(Strategy.XRAY, Test(0.7, 30), Test(0.9, 50), Scenario(0.9, 100, 1), [0.5, 1.5])
