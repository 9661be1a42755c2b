"""Probabilistic sensitivity analysis."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cxr_core.decision import (
    DRAWS,
    Beta,
    InvalidParameterError,
    Scenario,
    Test,
    Uncertainty,
    acceptability,
    beta_from_counts,
    beta_from_interval,
    compare,
    simulate,
)
from cxr_core.decision.comparison import difference_of
from tests.decision.draws import DECIMAL_SCENARIOS, DECIMAL_TESTS

XRAY, PCR, SCENARIO = Test(0.89, 30), Test(0.985, 50), Scenario(0.2, 1000, 1)
KNOWN = Uncertainty(beta_from_counts(643, 80), beta_from_counts(475, 7))


def test_counts_are_read_with_a_jeffreys_prior():
    assert beta_from_counts(643, 80) == Beta(643.5, 80.5)
    assert beta_from_counts(0, 0) == Beta(0.5, 0.5)
    assert beta_from_counts(9, 1).mean == pytest.approx(9.5 / 11)
    assert beta_from_counts(9, 1).interval() == pytest.approx(stats.beta(9.5, 1.5).interval(0.95))


@pytest.mark.parametrize(
    ("hits", "misses", "parameter"), [(-1, 3, "true_positives"), (3, np.nan, "false_negatives"), (3, np.inf, "false_negatives")]
)
def test_impossible_counts_are_refused(hits, misses, parameter):
    with pytest.raises(InvalidParameterError) as caught:
        beta_from_counts(hits, misses)
    assert caught.value.parameter == parameter


@pytest.mark.parametrize("parameters", [(0, 1), (1, -1), (np.inf, 1), (np.nan, 1)])
def test_impossible_distributions_are_refused(parameters):
    with pytest.raises(InvalidParameterError):
        Beta(*parameters)


@pytest.mark.parametrize("ends", [(0.975, 0.995), (0.854, 0.918), (0.51, 0.6), (0.7, 0.88), (0.01, 0.99), (0.001, 0.002)])
def test_intervals_are_met(ends):
    fitted = beta_from_interval(*ends)
    assert stats.beta(fitted.alpha, fitted.beta).interval(0.95) == pytest.approx(ends, abs=1e-9)
    assert ends[0] < fitted.mean < ends[1]


@settings(max_examples=50)
@given(st.floats(1, 2000), st.floats(1, 2000))
def test_the_interval_of_a_beta_distribution_gives_it_back(alpha, beta):
    fitted = beta_from_interval(*Beta(alpha, beta).interval())
    assert (fitted.alpha, fitted.beta) == pytest.approx((alpha, beta), rel=1e-4)


@pytest.mark.parametrize(
    ("low", "high", "parameter"),
    [
        (0, 0.5, "low"),
        (0.5, 1, "high"),
        (0.6, 0.5, "high"),
        (0.5, 0.5, "high"),
        (np.nan, 0.5, "low"),
        (-1, 0.5, "low"),
        (0.5, 0.50001, "high"),
    ],
)
def test_impossible_intervals_are_refused(low, high, parameter):
    with pytest.raises(InvalidParameterError) as caught:
        beta_from_interval(low, high)
    assert caught.value.parameter == parameter


def test_draws_follow_their_distributions():
    found = simulate(XRAY, PCR, SCENARIO, Uncertainty(KNOWN.sensitivity_xray, KNOWN.sensitivity_pcr, {"prevalence": (0.1, 0.3)}))
    assert stats.kstest(found.values["sensitivity_xray"], stats.beta(643.5, 80.5).cdf).pvalue > 0.01
    assert stats.kstest(found.values["sensitivity_pcr"], stats.beta(475.5, 7.5).cdf).pvalue > 0.01
    assert stats.kstest(found.values["prevalence"], stats.uniform(0.1, 0.2).cdf).pvalue > 0.01
    assert abs(np.corrcoef(found.values["sensitivity_xray"], found.values["sensitivity_pcr"])[0, 1]) < 0.03


def test_summary_against_the_normal_approximation():
    found = simulate(XRAY, PCR, SCENARIO, KNOWN)
    mean = 200 * (643.5 / 724 - 475.5 / 483) + 20
    spread = 200 * np.sqrt(stats.beta(643.5, 80.5).var() + stats.beta(475.5, 7.5).var())
    assert found.mean == pytest.approx(mean, abs=0.1)
    assert (found.low, found.high) == pytest.approx((mean - 1.96 * spread, mean + 1.96 * spread), abs=0.4)
    assert found.probability_xray == pytest.approx(stats.norm.cdf(mean / spread), abs=0.02)
    assert found.probability_tie == 0


def test_same_seed_same_draws():
    first, again, other = (simulate(XRAY, PCR, SCENARIO, KNOWN, seed=seed) for seed in (4, 4, 5))
    np.testing.assert_array_equal(first.difference, again.difference)
    assert first.difference.shape == (DRAWS,)
    assert (first.difference != other.difference).any()
    assert (first.probability_xray, first.mean, first.low, first.high) == (again.probability_xray, again.mean, again.low, again.high)


def test_one_more_uncertainty_leaves_the_other_draws():
    plain = simulate(XRAY, PCR, SCENARIO, KNOWN)
    wider = simulate(XRAY, PCR, SCENARIO, Uncertainty(KNOWN.sensitivity_xray, None, {"cost_xray": (20, 40)}))
    np.testing.assert_array_equal(plain.values["sensitivity_xray"], wider.values["sensitivity_xray"])
    assert wider.values["sensitivity_pcr"] == 0.985


def test_without_uncertainty_every_draw_is_the_comparison():
    found = simulate(XRAY, PCR, SCENARIO, Uncertainty(), draws=10)
    np.testing.assert_array_equal(found.difference, compare(XRAY, PCR, SCENARIO).difference)
    assert found.probability_xray == 1
    tied = simulate(XRAY, XRAY, SCENARIO, Uncertainty(), draws=10)
    assert (tied.probability_xray, tied.probability_tie) == (0, 1)


def test_extensions_take_part():
    xray, pcr, scenario = Test(0.89, 30, 0.9, 0.25), Test(0.985, 50, 0.99, 18), Scenario(0.2, 1000, 1, 100, 48)
    known = Uncertainty(KNOWN.sensitivity_xray, KNOWN.sensitivity_pcr, {"false_positive_harm": (0, 200), "specificity_xray": (0.8, 1)})
    found = simulate(xray, pcr, scenario, known)
    assert found.mean == pytest.approx(compare(xray, pcr, scenario).difference, abs=0.5)


@pytest.mark.parametrize(
    ("ranges", "parameter"),
    [
        ({"prevalence": (0.3, 0.1)}, "prevalence"),
        ({"cost_xray": (-1, 3)}, "cost_xray"),
        ({"sensitivity_xray": (0.8, 0.9)}, "sensitivity_xray"),
        ({"half_life_hours": (1, 3)}, "parameter"),
    ],
)
def test_bad_ranges_are_refused(ranges, parameter):
    with pytest.raises(InvalidParameterError) as caught:
        Uncertainty(ranges=ranges)
    assert caught.value.parameter == parameter


@pytest.mark.parametrize("draws", [0, -1, 2_000_000])
def test_bad_numbers_of_draws_are_refused(draws):
    with pytest.raises(InvalidParameterError, match="draws"):
        simulate(XRAY, PCR, SCENARIO, KNOWN, draws=draws)


@pytest.mark.parametrize(("parameter", "grid"), [("cost_importance", np.linspace(0, 3, 31)), ("value", np.linspace(0, 3000, 31))])
@pytest.mark.parametrize("costs", [(30, 50), (50, 30), (40, 40)])
def test_acceptability_against_counting_afresh(parameter, grid, costs):
    known = Uncertainty(KNOWN.sensitivity_xray, beta_from_counts(90, 10), {"prevalence": (0.1, 0.3), "cost_importance": (0.5, 1.5)})
    found = simulate(Test(0.89, costs[0], 0.9, 1), Test(0.9, costs[1], 0.95, 9), Scenario(0.2, 1000, 1, 20, 100), known, draws=2000)
    counted = [(np.broadcast_to(difference_of({**found.values, parameter: place}), 2000) > 0).mean() for place in grid]
    np.testing.assert_allclose(acceptability(found, parameter, grid), counted)


@given(DECIMAL_TESTS, DECIMAL_TESTS, DECIMAL_SCENARIOS)
def test_acceptability_of_what_is_certain_is_the_verdict(xray, pcr, scenario):
    found = simulate(xray, pcr, scenario, Uncertainty(), draws=1)
    expected = compare(xray, pcr, scenario).difference > 0
    assert acceptability(found, "cost_importance", [scenario.cost_importance]) == expected
    assert acceptability(found, "value", [scenario.value]) == expected


def test_acceptability_is_over_two_parameters_only():
    found = simulate(XRAY, PCR, SCENARIO, KNOWN, draws=10)
    with pytest.raises(InvalidParameterError, match="cost_importance or value"):
        acceptability(found, "prevalence", [0.1])
    with pytest.raises(InvalidParameterError, match="value"):
        acceptability(found, "value", [-1])
