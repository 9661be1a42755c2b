"""What an audit found, and the turns of phrase that all parts of a card share."""

from collections.abc import Sequence
from dataclasses import dataclass

from cxr_core.stats import Interval


@dataclass(frozen=True)
class AuditFinding:
    """What an audit asks, what a good and a bad value look like, and what this model's value says."""

    asks: str
    good: str
    bad: str
    meaning: str


def against_aim(figure: Interval, aim: float, *, at_most: bool) -> str:
    """Say whether a share keeps to what was aimed at, and whether all of its interval does.

    Parameters
    ----------
    figure : Interval
        The share.
    aim : float
        In [0, 1].
    at_most : bool
        Whether the share shall be at most the aim; else at least.

    Returns
    -------
    str
    """

    def keeps(value: float) -> bool:
        return value <= aim if at_most else value >= aim

    if figure.value is None:
        return "not measured"
    best, worst = (figure.low, figure.high) if at_most else (figure.high, figure.low)
    if keeps(figure.value):
        return "the aim is met" if worst is None or keeps(worst) else "the aim is met, though not by all of the interval"
    return "the aim is missed, though the interval reaches it" if best is not None and keeps(best) else "the aim is missed"


def listed(names: Sequence[str]) -> str:
    """Join names as a sentence does."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
