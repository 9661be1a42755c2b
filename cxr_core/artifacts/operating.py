"""An operating point: where a classifier draws the line for COVID, and what was measured of it there."""

from typing import Literal

from pydantic import Field

from cxr_core.artifacts.part import CardPart
from cxr_core.stats import Interval

Rule = Literal["sensitivity", "youden"]
"""How an operating point is chosen: the fewest false positives at `LEAST_SENSITIVITY` or more, or the largest Youden index."""

LEAST_SENSITIVITY = 0.95


class OperatingPoint(CardPart):
    """A threshold with its sensitivity and specificity, COVID against all else.

    Attributes
    ----------
    threshold : float or None
        Calibrated probability of COVID, in [0, 1], from which a film is called positive; None where the most probable class decides.
    sensitivity, specificity : Interval
        Shares of the cases that are called positive and of the others that are not; without a value where there were none.
    cases, others : int
        Films of COVID and of other classes that these were measured on.
    rule : {"sensitivity", "youden"} or None
        How the threshold was chosen; None where no rule chose it.
    """

    threshold: float | None = Field(ge=0, le=1)
    sensitivity: Interval
    specificity: Interval
    cases: int = Field(ge=0)
    others: int = Field(ge=0)
    rule: Rule | None = None

    @property
    def found(self) -> int:
        """Films of COVID that are called so."""
        return round((self.sensitivity.value or 0) * self.cases)

    @property
    def cleared(self) -> int:
        """Films of other classes that are not called COVID."""
        return round((self.specificity.value or 0) * self.others)
