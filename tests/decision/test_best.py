"""The best of several strategies, now and over a parameter: by hand, and against the strategies worked out one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxr_core.decision import (
    BASE_PARAMETERS,
    PARAMETERS,
    SINGLE_TESTS,
    InvalidParameterError,
    Scenario,
    Strategy,
    Test,
    Verdict,
    best_regions,
    break_even,
    compare,
    compare_strategies,
    default_ranges,
    lead_tornado,
    rank,
)
from tests.decision.draws import DECIMAL_SCENARIOS, DECIMAL_TESTS, FULL_SCENARIOS, FULL_TESTS

REPORT = Test(0.92, 30), Test(0.985, 50)


def benefits(xray, pcr, scenario):
    return {result.strategy: result.net_benefit for result in compare_strategies(xray, pcr, scenario)}


def test_in_an_outbreak_both_in_turn_beat_either_alone():
    found = rank(*REPORT, Scenario(0.6, 1000, 1))
    # found 0.92 + 0.08·0.985 = 0.9988, of 600; PCR for 0.6·0.08 + 0.4 = 0.448: 30 + 22.4
    assert found.net_benefit[Strategy.PCR_IF_NEGATIVE] == pytest.approx(600 * 0.9988 - 52.4)
    assert found.best == (Strategy.PCR_IF_NEGATIVE,)
    assert found.second is Strategy.PCR
    assert found.lead == pytest.approx(546.88 - 541)


def test_where_hardly_anybody_is_ill_testing_nobody_is_best():
    found = rank(*REPORT, Scenario(0.005, 1000, 1))
    assert (found.best, found.second) == ((Strategy.NOBODY,), Strategy.XRAY)
    assert found.lead == pytest.approx(25.4)


def test_those_that_tie_are_named_together_and_lead_by_nothing():
    tied = rank(Test(0.9, 5), Test(0.9, 5), Scenario(0.3, 100, 1))
    assert (tied.best, tied.lead) == (SINGLE_TESTS, 0)
    free = rank(Test(0, 0), Test(0, 0), Scenario(0.3, 100, 1))
    assert (free.best, free.second, free.lead) == (tuple(Strategy), None, 0)
    # 0.1·3 and 0.3 are not the same float
    assert rank(Test(0.1, 0.3), Test(0, 50), Scenario(1, 3, 1), (Strategy.NOBODY, Strategy.XRAY)).second is None


@given(DECIMAL_TESTS, DECIMAL_TESTS, DECIMAL_SCENARIOS)
def test_of_the_two_tests_the_best_is_that_of_the_comparison(xray, pcr, scenario):
    expected = {Verdict.XRAY: (Strategy.XRAY,), Verdict.PCR: (Strategy.PCR,), Verdict.TIE: SINGLE_TESTS}
    assert rank(xray, pcr, scenario, SINGLE_TESTS).best == expected[compare(xray, pcr, scenario).verdict]


def test_regions_of_the_report():
    regions = best_regions("prevalence", *REPORT, Scenario(0.25, 1000, 1))
    assert [region.best for region in regions] == [
        (Strategy.NOBODY,),
        (Strategy.XRAY,),
        (Strategy.PCR,),
        (Strategy.PCR_IF_NEGATIVE,),
    ]
    # 920·P = 30; 65·P = 20; 998.8·P - (30 + 50·(0.08·P + 1 - P)) = 985·P - 50
    assert [region.end for region in regions] == pytest.approx([30 / 920, 20 / 65, 30 / 59.8, 1])
    assert [region.start for region in regions[1:]] == [region.end for region in regions[:-1]]


def test_regions_of_two_tests_meet_where_they_break_even():
    scenario = Scenario(0.25, 1000, 1)
    for name in BASE_PARAMETERS:
        crossing = break_even(name, *REPORT, scenario)
        regions = best_regions(name, *REPORT, scenario, SINGLE_TESTS)
        assert [region.end for region in regions[:-1]] == (
            [crossing.value] if crossing.inside and crossing.value < PARAMETERS[name].high else []
        )
        assert (regions[0].best == (Strategy.XRAY,)) is (crossing.xray_side == "below")


def test_lines_that_meet_in_one_point_leave_no_sliver():
    # Without costs, X-ray + PCR = both strategies of two tests: two pairs cross at one prevalence.
    tests = Test(0.92, 30, 0.9), Test(0.985, 50, 0.99)
    regions = best_regions("prevalence", *tests, Scenario(0.6, 1000, 0, 100))
    assert all(len(region.best) == 1 and region.end - region.start > 1e-6 for region in regions)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(list(PARAMETERS)), FULL_TESTS, FULL_TESTS, FULL_SCENARIOS, st.floats(0, 1))
def test_what_a_region_names_is_best_there(name, xray, pcr, scenario, place):
    regions = best_regions(name, xray, pcr, scenario)
    assert (regions[0].start, regions[-1].end) == (PARAMETERS[name].low, PARAMETERS[name].high)
    region = regions[min(int(place * len(regions)), len(regions) - 1)]
    value = region.start + 0.5 * (region.end - region.start)
    moved = {"xray": xray.__dict__.copy(), "pcr": pcr.__dict__.copy(), "scenario": scenario.__dict__.copy()}
    field, _, test = name.rpartition("_")
    if test in ("xray", "pcr"):
        moved[test][field] = value
    else:
        moved["scenario"][name] = value
    found = benefits(Test(**moved["xray"]), Test(**moved["pcr"]), Scenario(**moved["scenario"]))
    highest = max(found.values())
    assert found[region.best[0]] == pytest.approx(highest, rel=1e-9, abs=1e-6)


def test_an_unknown_parameter_is_refused():
    with pytest.raises(InvalidParameterError):
        best_regions("radiation", *REPORT, Scenario(0.25, 1000, 1))


def test_lead_over_a_range_is_the_best_less_the_best_other():
    scenario = Scenario(0.25, 1000, 1)
    bars = {bar.parameter.name: bar for bar in lead_tornado(*REPORT, scenario, default_ranges(*REPORT, scenario))}
    assert set(bars) == set(BASE_PARAMETERS)
    bar = bars["prevalence"]  # from 12.5% to 50%: X-ray 920·P - 30, PCR 985·P - 50
    assert (bar.least_at, bar.best_at_least) == (0.5, Strategy.PCR)
    assert bar.least == pytest.approx(430 - 442.5)
    assert bar.taken_over_by == (Strategy.PCR,)
    # The next best changes from X-ray then PCR if positive to PCR within the range, where the lead is largest.
    places = np.linspace(0.125, 0.5, 2001)
    leads = []
    for place in places:
        found = benefits(*REPORT, Scenario(place, 1000, 1))
        leads.append(found[Strategy.XRAY] - max(value for key, value in found.items() if key is not Strategy.XRAY))
    assert bar.most == pytest.approx(max(leads), abs=0.02)
    assert bar.most_at == pytest.approx(places[int(np.argmax(leads))], abs=0.001)


def test_longest_bar_is_on_top_and_a_range_that_changes_nothing_names_nobody():
    scenario = Scenario(0.005, 1000, 1)
    bars = lead_tornado(*REPORT, scenario, default_ranges(*REPORT, scenario))
    assert [bar.swing for bar in bars] == sorted((bar.swing for bar in bars), reverse=True)
    assert not any(bar.taken_over_by for bar in bars)
    assert {bar.best_at_least for bar in bars} == {Strategy.NOBODY}
