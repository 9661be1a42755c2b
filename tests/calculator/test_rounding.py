"""Numbers as text: they never contradict the numbers beside them."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cxr_core.calculator import amount_text, apart, parameter_text, share_text, shown_comparison
from cxr_core.calculator.rounding import subtractable
from cxr_core.decision import PARAMETERS, Scenario, Test, Verdict, compare
from tests.decision.draws import DECIMAL_SCENARIOS, DECIMAL_TESTS, FULL_SCENARIOS, FULL_TESTS


def number(text):
    return Decimal(text.replace(",", ""))


def shown(*tests):
    return shown_comparison(compare(*tests))


def test_reports_net_benefits_differ_by_what_is_said():
    found = shown(Test(0.92, 30), Test(0.985, 50), Scenario(0.25, 1000, 1))
    assert (found.xray, found.pcr, found.difference) == ("200", "196.25", "3.75")
    assert (found.left, found.right) == ("-16.25", "-20")


def check_subtraction(xray, pcr, scenario):
    comparison = compare(xray, pcr, scenario)
    found = shown_comparison(comparison)
    assume(comparison.difference == 0 or abs(comparison.difference) >= 1e-6)
    difference = number(found.difference) * (-1 if comparison.verdict is Verdict.PCR else 1)
    assert number(found.xray) - number(found.pcr) == difference
    assert number(found.left) - number(found.right) == difference
    assert (difference == 0) is (comparison.verdict is Verdict.TIE)
    for text, true in zip(
        (found.xray, found.pcr, found.left, found.right),
        (comparison.net_benefit_xray, comparison.net_benefit_pcr, comparison.left, comparison.right),
        strict=True,
    ):
        assert float(number(text)) == pytest.approx(true, rel=0.006, abs=0.011 * abs(comparison.difference) + 1e-9)


@given(DECIMAL_TESTS, DECIMAL_TESTS, DECIMAL_SCENARIOS)
def test_shown_numbers_subtract_to_the_shown_difference(xray, pcr, scenario):
    check_subtraction(xray, pcr, scenario)


@given(FULL_TESTS, FULL_TESTS, FULL_SCENARIOS)
def test_shown_numbers_subtract_with_all_extensions_too(xray, pcr, scenario):
    check_subtraction(xray, pcr, scenario)


def test_second_number_gives_way_where_rounding_leaves_a_digit_over():
    assert subtractable([(20 / 3, 10 / 3)], 10 / 3) == ((("6.67", "3.34"),), "3.33")


@pytest.mark.parametrize(
    ("pair", "difference", "texts", "text"),
    [
        ((541.0, 522.0), 19.0, ("541", "522"), "19"),
        ((2.0, 2.0 + 1e-17), 0.0, ("2", "2"), "0"),
        ((1234567.5, 1234566.25), 1.25, ("1,234,567.5", "1,234,566.25"), "1.25"),
        ((-25.4, -45.075), 19.675, ("-25.4", "-45.1"), "19.7"),
        ((3e15, 1e15), 2e15, ("3.00e+15", "1.00e+15"), "2.00e+15"),
        ((2e-9, 0.0), 2e-9, ("2.00e-09", "0"), "2.00e-09"),
    ],
)
def test_pairs(pair, difference, texts, text):
    assert subtractable([pair], difference) == ((texts,), text)


@pytest.mark.parametrize(
    ("name", "first", "second", "texts"),
    [
        ("prevalence", 0.308, 4 / 13, ("30.8%", "30.77%")),
        ("prevalence", 0.25, 4 / 13, ("25%", "30.8%")),
        ("value", 1230.0, 1230.769, ("1,230", "1,231")),
        ("value", 1231.0, 1230.769, ("1,231", "1,230.8")),
        ("value", 5.0, 5.0, ("5", "5")),
    ],
)
def test_values_on_two_sides_of_a_tie_are_never_written_alike(name, first, second, texts):
    assert apart(PARAMETERS[name], first, second) == texts


@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_the_larger_reads_as_the_larger(first, second):
    one, other = (float(text.removesuffix("%")) for text in apart(PARAMETERS["prevalence"], first, second))
    assert (one > other) is (first > second) or abs(first - second) < 1e-14


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0%"),
        (1, "100%"),
        (0.068, "6.8%"),
        (4 / 13, "30.8%"),
        (0.00005, "0.005%"),
        (0.9999, "99.99%"),
        (0.99951, "99.95%"),
        (1 - 1e-9, "99.9999999%"),
        (1 - 2**-53, "almost 100%"),
        (1e-12, "1.00e-10%"),
    ],
)
def test_shares_for_people(share, text):
    assert share_text(share) == text


@given(st.floats(0, 1))
def test_only_the_ends_read_as_the_ends(share):
    text = share_text(share)
    assert (text == "0%") is (share == 0)
    assert (text == "100%") is (share == 1)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0"),
        (3.75, "3.75"),
        (-3.754, "-3.75"),
        (62.5, "62.5"),
        (999.96, "1,000"),
        (1230.77, "1,231"),
        (1234567.8, "1,234,568"),
        (0.0001234, "0.000123"),
        (1e-9, "1.00e-09"),
        (1e12, "1,000,000,000,000"),
    ],
)
def test_amounts_for_people(amount, text):
    assert amount_text(amount) == text


def test_parameters_for_people():
    assert parameter_text(PARAMETERS["prevalence"], 0.5) == "50%"
    assert parameter_text(PARAMETERS["value"], 0.5) == "0.5"
