"""What the property tests draw: valid tests and scenarios, in floats of any size and in the decimals that people type."""

from fractions import Fraction

from hypothesis import strategies as st

from cxr_core.decision import MAX_AMOUNT, Scenario, Test

SHARES = st.floats(0, 1, allow_subnormal=False).filter(lambda share: share == 0 or share > 1e-60)
AMOUNTS = st.floats(0, MAX_AMOUNT, allow_subnormal=False).filter(lambda amount: amount == 0 or amount > 1e-60)
HOURS = st.floats(0, 1000)

DECIMAL_SHARES = st.integers(0, 1000).map(lambda count: count / 1000)
DECIMAL_AMOUNTS = st.integers(0, 100_000).map(lambda count: count / 100)

TESTS = st.builds(Test, SHARES, AMOUNTS)
SCENARIOS = st.builds(Scenario, SHARES, AMOUNTS, AMOUNTS)
DECIMAL_TESTS = st.builds(Test, DECIMAL_SHARES, DECIMAL_AMOUNTS)
DECIMAL_SCENARIOS = st.builds(Scenario, DECIMAL_SHARES, DECIMAL_AMOUNTS, DECIMAL_AMOUNTS)

# Of ordinary size, with all extensions on.
FULL_TESTS = st.builds(Test, DECIMAL_SHARES, DECIMAL_AMOUNTS, DECIMAL_SHARES, HOURS)
FULL_SCENARIOS = st.builds(Scenario, DECIMAL_SHARES, DECIMAL_AMOUNTS, DECIMAL_AMOUNTS, DECIMAL_AMOUNTS, st.floats(1, 1000))


def as_typed(number):
    """The decimal that a float stands for."""
    return Fraction(repr(number))


def scale(xray, pcr, scenario):
    """Size of what goes into the difference."""
    return (
        scenario.prevalence * scenario.value * (xray.sensitivity + pcr.sensitivity)
        + scenario.cost_importance * (xray.cost + pcr.cost)
        + 2 * scenario.false_positive_harm  # 1 - Sp is rounded in units of 1
    )
