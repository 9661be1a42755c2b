"""Operating points of a shipped classifier: what the calculator takes from its card."""

from dataclasses import dataclass
from typing import Final

from cxr_core.card.results import Interval
from cxr_core.card.schema import ModelCard

DISEASE: Final = "COVID"


@dataclass(frozen=True)
class OperatingPoint:
    """A threshold with the sensitivity and specificity that it gives, COVID against all else.

    Attributes
    ----------
    threshold : float or None
        Probability of COVID from which a film is called positive; None where the top class decides.
    found, cases : int
        Films of COVID that are called so, and all of them.
    specificity : float
        In [0, 1].
    interval : Interval or None
        Of the sensitivity, where it was measured.
    """

    threshold: float | None
    found: int
    cases: int
    specificity: float
    interval: Interval | None = None

    @property
    def sensitivity(self) -> float:
        """Share of the cases that are found."""
        return self.found / self.cases


def top_class_point(card: ModelCard) -> OperatingPoint | None:
    """Return how the classifier does where a film is called by its most probable class; None if the card does not say."""
    result = card.results.classes[DISEASE]
    if not result.support or result.recall.value is None or result.specificity.value is None:
        return None
    return OperatingPoint(None, round(result.recall.value * result.support), result.support, result.specificity.value, result.recall)


def threshold_points(card: ModelCard) -> tuple[OperatingPoint, ...]:
    """Return the points of the ROC, from the strictest threshold to the laxest, that differ when their threshold is written to four digits.

    The card leaves out points on a straight line between two others; empty if it has no curve.
    """
    result, curves = card.results.classes[DISEASE], card.curves.get(DISEASE)
    if curves is None or not result.support:
        return ()
    points: dict[str, OperatingPoint] = {}
    for x, y, threshold in zip(curves.roc.x, curves.roc.y, curves.roc.threshold, strict=True):
        if threshold is not None:
            points.setdefault(
                f"{threshold:.4f}", OperatingPoint(threshold, round(y * result.support), result.support, min(1.0, max(0.0, 1 - x)))
            )
    return tuple(points.values())
