"""How far a plot's axes reach, so that the current scenario and the break-even are in sight and the frame seldom jumps."""

import math
from typing import Final

import numpy as np

from cxr_core.decision.crossing import BreakEven

PREVALENCE_ENDS: Final = (0.01, 0.1, 1.0)
"""Where a prevalence axis may end. There are only three, so that it stands still while a slider moves."""

LOWEST_PREVALENCE: Final = 1e-4
"""Left end of a logarithmic prevalence axis: one patient in ten thousand."""

_SHARE_START: Final = 0.5
_FAR: Final = 10.0
_APART: Final = 20.0
_TINY: Final = 1e-12
"""Amounts up to this are drawn as 0: an axis over them would have no room for its numbers."""


def prevalence_end(crossing: BreakEven) -> float:
    """Choose where a prevalence axis ends: behind the current prevalence and, if there is one, the break-even.

    Parameters
    ----------
    crossing : BreakEven
        Of the prevalence.

    Returns
    -------
    float
        One of `PREVALENCE_ENDS`.
    """
    places = [crossing.current] + ([crossing.value] if crossing.inside and crossing.value is not None else [])
    return next((end for end in PREVALENCE_ENDS if max(places) <= 0.95 * end), PREVALENCE_ENDS[-1])


def far_apart(crossing: BreakEven) -> bool:
    """Say whether the current prevalence and the break-even are too far apart to be seen on one even axis."""
    if not crossing.inside or crossing.value is None or min(crossing.value, crossing.current) < LOWEST_PREVALENCE:
        return False
    return max(crossing.value, crossing.current) > _APART * min(crossing.value, crossing.current)


def prevalences(end: float | None, points: int = 201) -> np.ndarray:
    """Prevalences to draw a curve at.

    Parameters
    ----------
    end : float or None
        Where an even axis from 0 ends; None for a logarithmic axis from `LOWEST_PREVALENCE` to 1.
    points : int

    Returns
    -------
    numpy.ndarray
        Increasing, shape (points,).
    """
    return np.geomspace(LOWEST_PREVALENCE, 1, points) if end is None else np.linspace(0, end, points)


def shown_prevalences(crossing: BreakEven, axis: str, points: int = 201) -> tuple[np.ndarray, bool]:
    """Prevalences for the axis that a reader asked for.

    Parameters
    ----------
    crossing : BreakEven
        Of the prevalence.
    axis : str
        "auto" for one that suits the scenario, "log", or where an even axis ends, as a number.
    points : int

    Returns
    -------
    prevalences : numpy.ndarray
        Increasing, shape (points,).
    log : bool
        Whether the axis is logarithmic.
    """
    if axis == "log" or (axis == "auto" and far_apart(crossing)):
        return prevalences(None, points), True
    return prevalences(prevalence_end(crossing) if axis == "auto" else float(axis), points), False


def axis_values(crossing: BreakEven, points: int = 61) -> np.ndarray:
    """Values of any parameter for the axis of a map.

    Shares other than prevalence run from one half, or from 0 if the current one lies lower, to 1. Amounts run from 0 to a round number
    beyond the current one, and beyond the break-even unless that is out of reach.

    Parameters
    ----------
    crossing : BreakEven
        Of the parameter.
    points : int

    Returns
    -------
    numpy.ndarray
        Increasing, shape (points,).
    """
    parameter, current = crossing.parameter, crossing.current
    if parameter.name == "prevalence":
        return prevalences(prevalence_end(crossing), points)
    if parameter.share:
        tie = crossing.value if crossing.inside and crossing.value is not None else 1.0
        return np.linspace(0.0 if min(current, tie) < _SHARE_START else _SHARE_START, 1.0, points)
    return np.linspace(0, amount_end(crossing), points)


def amount_end(crossing: BreakEven) -> float:
    """Choose where the axis of an amount ends; see `axis_values`."""
    parameter, current = crossing.parameter, crossing.current
    tie = crossing.value if crossing.inside and crossing.value is not None else 0.0
    reach = current if current and tie > _FAR * current else max(current, tie)
    return min(parameter.high, round_up(1.25 * reach)) if reach > _TINY else 1.0


def round_up(number: float) -> float:
    """Return the smallest of 1, 2 and 5 times a power of ten that is not below a positive number."""
    power = 10.0 ** math.floor(math.log10(number))
    return next((step * power for step in (1, 2, 5) if step * power >= number), 10 * power)
