"""Numbers as text, rounded so that those which stand side by side agree with one another."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final

import numpy as np

from cxr_core.decision import Comparison, Parameter

DIGITS: Final = 3
"""Of a number that stands alone."""

_MOST_DIGITS: Final = 15
_MORE_DECIMALS: Final = 4
_MOST_EXTRA: Final = 6
_SMALLEST, _LARGEST = 1e-6, 1e15
"""Beyond these a number is written with an exponent."""


def share_text(share: float, digits: int = DIGITS) -> str:
    """Write a share in [0, 1] as a percentage of so many digits, or of as many as keep it from reading as 0% or 100% when it is not."""
    for enough in range(digits, _MOST_DIGITS + 1):
        text = plain(100 * share, enough)
        if 0 < share < 1 and text in ("0", "100"):
            continue
        return text + "%"
    return "almost 100%"


def amount_text(amount: float) -> str:
    """Write an amount with three digits, more if it is a larger number, with commas between thousands."""
    return plain(amount, DIGITS)


def parameter_text(parameter: Parameter, value: float, digits: int = DIGITS) -> str:
    """Write a parameter's value for people: a share as a percentage, an amount as it is."""
    return share_text(value, digits) if parameter.share else plain(value, digits)


def apart(parameter: Parameter, first: float, second: float) -> tuple[str, str]:
    """Write two values of a parameter with as many digits as it takes to tell which is the larger.

    Parameters
    ----------
    parameter : Parameter
    first, second : float

    Returns
    -------
    tuple of (str, str)
        Both with the same number of digits, three if these tell them apart.
    """
    for digits in range(DIGITS, _MOST_DIGITS + 1):
        texts = parameter_text(parameter, first, digits), parameter_text(parameter, second, digits)
        if texts[0] != texts[1] or first == second:
            break
    return texts


def plain(number: float, digits: int) -> str:
    """Write a number with so many digits, more if it is a larger one, with commas between thousands."""
    if number == 0:
        return "0"
    if not _SMALLEST <= abs(number) < _LARGEST:
        return f"{number:.{digits - 1}e}"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(number))))
    rounded = round(number, decimals)
    if abs(rounded) < 1000:
        return np.format_float_positional(rounded, trim="-")
    text = f"{rounded:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text


@dataclass(frozen=True)
class ShownComparison:
    """A comparison as it is written: `xray` minus `pcr`, and `left` minus `right`, is `difference` to the last digit shown.

    Attributes
    ----------
    xray, pcr : str
        The net benefits.
    left, right : str
        The sides of the inequality.
    difference : str
        Its size, without a sign.
    """

    xray: str
    pcr: str
    left: str
    right: str
    difference: str


def shown_comparison(comparison: Comparison) -> ShownComparison:
    """Write the figures of a comparison so that the reader's own subtraction gives the difference that is stated."""
    pairs = ((comparison.net_benefit_xray, comparison.net_benefit_pcr), (comparison.left, comparison.right))
    ((xray, pcr), (left, right)), difference = subtractable(pairs, comparison.difference)
    return ShownComparison(xray, pcr, left, right, difference.removeprefix("-"))


def subtractable(pairs: Sequence[tuple[float, float]], difference: float) -> tuple[tuple[tuple[str, str], ...], str]:
    """Write pairs of numbers with the difference that all of them have, so that the written ones subtract to the written difference.

    Three digits of the difference set the decimals of all. Where plain rounding leaves a last digit over with these and with a few more,
    the second number of a pair gives way: each written number then is within one unit of its last digit of the true one, as in controlled
    rounding (Cox 1987, doi:10.1080/01621459.1987.10478456). Numbers with an exponent are only told apart.

    Parameters
    ----------
    pairs : sequence of (float, float)
        First minus second is the difference, but for floating-point error.
    difference : float
        Exactly 0 where the numbers of a pair count as equal.

    Returns
    -------
    pairs : tuple of (str, str)
    difference : str
    """
    if difference == 0:
        return tuple((amount_text(first), amount_text(first)) for first, _ in pairs), "0"
    if abs(difference) < _SMALLEST or max(abs(number) for pair in pairs for number in pair) >= _LARGEST:
        return tuple(_with_digits_apart(*pair) for pair in pairs), amount_text(difference)
    decimals = _decimals(pairs, difference)
    with localcontext() as context:
        context.prec = 60
        for enough in range(decimals, decimals + _MORE_DECIMALS):
            rounded = [(_rounded(first, enough), _rounded(second, enough)) for first, second in pairs]
            stated = _rounded(difference, enough)
            if all(first - second == stated for first, second in rounded):
                return tuple((_decimal_text(first), _decimal_text(second)) for first, second in rounded), _decimal_text(stated)
        stated = _rounded(difference, decimals)
        firsts = [_rounded(first, decimals) for first, _ in pairs]
        return tuple((_decimal_text(first), _decimal_text(first - stated)) for first in firsts), _decimal_text(stated)


def to_decimals(number: float, decimals: int) -> str:
    """Write a number with at most so many decimals, with commas between thousands."""
    if abs(number) >= _LARGEST:
        return amount_text(number)
    with localcontext() as context:
        context.prec = 60
        return _decimal_text(_rounded(number, decimals))


def _decimals(pairs: Sequence[tuple[float, float]], difference: float) -> int:
    """Decimals that leave the difference its digits, and the smallest number two."""
    smallest = min((abs(number) for pair in pairs for number in pair if number), default=1.0)
    wanted = min(1 - math.floor(math.log10(smallest)), _MOST_EXTRA)
    return max(0, DIGITS - 1 - math.floor(math.log10(abs(difference))), wanted)


def _rounded(number: float, decimals: int) -> Decimal:
    return Decimal(repr(float(number))).quantize(Decimal(1).scaleb(-decimals))


def _decimal_text(number: Decimal) -> str:
    text = f"{number:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    whole, _, rest = text.partition(".")
    if abs(number) < 1000:
        whole = whole.replace(",", "")
    text = f"{whole}.{rest}" if rest else whole
    return "0" if text == "-0" else text


def _with_digits_apart(first: float, second: float) -> tuple[str, str]:
    for digits in range(DIGITS, _MOST_DIGITS + 1):
        texts = plain(first, digits), plain(second, digits)
        if texts[0] != texts[1]:
            break
    return texts
