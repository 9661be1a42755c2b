"""The controls of the calculator: what each is called, what its slider offers, and how a number is shown. Needs no widget library."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cxr_core.calculator.state import MAX_CASES, MINUTES_PER_HOUR
from cxr_core.decision import MAX_HOURS, PARAMETERS, ParameterName

PERCENT: Final = 100.0


@dataclass(frozen=True)
class Control:
    """One number of `CalculatorState`, set by a slider, a box, or both.

    The slider offers the steps of `grid` and nothing else; the box takes any number from `low` to `high`, on the slider or not.

    Attributes
    ----------
    field : str
        The field of `CalculatorState`.
    symbol : str
        As in the formula.
    name : str
        As in a sentence.
    unit : str
        What the shown number is counted in.
    meaning : str
        One line for whoever sets it.
    scale : float
        The shown number is the field's value times this: shares are shown in per cent.
    low, high : float
        What the box admits, as shown.
    step : float
        Of the box's own arrows.
    grid : tuple of float
        The slider's steps, as shown, increasing; empty for a number that has a box alone.
    """

    field: str
    symbol: str
    name: str
    unit: str
    meaning: str
    scale: float
    low: float
    high: float
    step: float
    grid: tuple[float, ...]

    def shown(self, value: float) -> float:
        """Turn a field's value into the number that is shown, without the rounding of the multiplication."""
        return float(f"{value * self.scale:.14g}")

    def value(self, shown: float) -> float:
        """Turn a shown number into the field's value."""
        return float(f"{shown / self.scale:.14g}")

    def nearest(self, value: float) -> float:
        """Return the slider's step that is nearest to a field's value; the lower of two that are as near."""
        shown = self.shown(value)
        place = bisect_left(self.grid, shown)
        around = self.grid[max(0, place - 1) : place + 1]
        return min(around, key=lambda step: abs(step - shown))

    @property
    def box_format(self) -> str:
        """How the box writes its number: with every digit that was typed, so that it never seems to stand on the other side of a tie."""
        return "%.10g"

    def text(self, shown: float) -> str:
        """Write a step of the slider."""
        return f"{shown:,.10g}" + ("%" if self.unit == "%" else "")


def _decades(first: int, last: int, mantissas: tuple[float, ...]) -> tuple[float, ...]:
    """List steps from 0 and then from 10^first up to 10^last, the same ones in each decade: a logarithmic scale."""
    steps = [float(f"{mantissa}e{decade}") for decade in range(first, last) for mantissa in mantissas]
    return (0.0, *steps, float(f"1e{last}"))


def _even(low: float, high: float, per_unit: int) -> tuple[float, ...]:
    return tuple(number / per_unit for number in range(round(low * per_unit), round(high * per_unit) + 1))


_COARSE: Final = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
_TWO_DIGITS: Final = tuple(number / 10 for number in range(10, 100))
# Two digits from 0.1% up, and every 0.01% below: half of the slider lies below 2%, where screening is decided.
_PREVALENCE: Final = (*_even(0, 0.09, 100), *_decades(-1, 2, _TWO_DIGITS)[1:])


def _cases(test: str, name: str) -> Control:
    label, meaning = f"the patients behind the sensitivity of {name}", "COVID patients it was measured on."
    return Control(f"cases_{test}", f"n_{test}", label, "patients", meaning, 1.0, 0.0, MAX_CASES, 1.0, ())


def _parameter(name: ParameterName, step: float, grid: tuple[float, ...]) -> Control:
    about = PARAMETERS[name]
    scale, unit = (PERCENT, "%") if about.share else (1.0, about.unit)
    return Control(name, about.symbol, about.label, unit, about.meaning, scale, about.low * scale, about.high * scale, step, grid)


_HALF_PERCENTS: Final = _even(0, 100, 2)
_COSTS: Final = _even(0, 200, 1)

CONTROLS: Final[Mapping[str, Control]] = MappingProxyType(
    {
        control.field: control
        for control in (
            _parameter("prevalence", 0.01, _PREVALENCE),
            _parameter("value", 10.0, _decades(0, 5, _COARSE)),
            _parameter("sensitivity_xray", 0.1, _HALF_PERCENTS),
            _parameter("sensitivity_pcr", 0.1, _HALF_PERCENTS),
            _parameter("cost_xray", 1.0, _COSTS),
            _parameter("cost_pcr", 1.0, _COSTS),
            _parameter("cost_importance", 0.01, _decades(-2, 2, _COARSE)),
            _parameter("specificity_xray", 0.1, _HALF_PERCENTS),
            _parameter("specificity_pcr", 0.1, _HALF_PERCENTS),
            _parameter("false_positive_harm", 10.0, _decades(0, 4, _COARSE)),
            Control(
                "xray_minutes",
                "t_xray",
                "the turnaround of X-ray",
                "minutes",
                "Time until the X-ray is read.",
                1.0,
                0.0,
                MAX_HOURS,
                1.0,
                _even(0, 120, 1),
            ),
            Control(
                "pcr_hours",
                "t_pcr",
                "the turnaround of PCR",
                "hours",
                "Time until PCR's answer is there.",
                1.0,
                0.0,
                MAX_HOURS,
                1.0,
                _even(0, 96, 1),
            ),
            Control(
                "half_life_hours",
                "h",
                "the half-life of the value",
                "hours",
                "Wait after which a detection is worth half.",
                1.0,
                1 / MINUTES_PER_HOUR,
                MAX_HOURS,
                1.0,
                _decades(0, 3, _COARSE)[1:],
            ),
            _cases("xray", "X-ray"),
            _cases("pcr", "PCR"),
            Control(
                "spread",
                "±",
                "the spread of prevalence and costs",
                "%",
                "How far prevalence and both costs may be off.",
                PERCENT,
                0.0,
                100.0,
                5.0,
                (),
            ),
        )
    }
)
"""By field, the report's seven first."""
