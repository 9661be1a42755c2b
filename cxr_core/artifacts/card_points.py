"""Operating points that a card gives: what the calculator takes from it."""

from cxr_core.artifacts.operating import OperatingPoint
from cxr_core.artifacts.schema import ModelCard
from cxr_core.labels import DISEASE
from cxr_core.stats import Interval


def top_class_point(card: ModelCard) -> OperatingPoint | None:
    """Return how the classifier does where a film is called by its most probable class; None if the card does not say."""
    result = card.results.classes[DISEASE]
    if not result.support or result.recall.value is None or result.specificity.value is None:
        return None
    others = card.results.films - result.support
    return OperatingPoint(threshold=None, sensitivity=result.recall, specificity=result.specificity, cases=result.support, others=others)


def threshold_points(card: ModelCard) -> tuple[OperatingPoint, ...]:
    """Return the points of the ROC, from the strictest threshold to the laxest, that differ when their threshold is written to four digits.

    The card leaves out points on a straight line between two others; empty if it has no curve. They have no intervals.
    """
    result, curves = card.results.classes[DISEASE], card.curves.get(DISEASE)
    if curves is None or not result.support:
        return ()
    cases, others = result.support, card.results.films - result.support
    points: dict[str, OperatingPoint] = {}
    for x, y, threshold in zip(curves.roc.x, curves.roc.y, curves.roc.threshold, strict=True):
        if threshold is not None:
            point = OperatingPoint(
                threshold=threshold,
                sensitivity=Interval(value=round(y * cases) / cases),
                specificity=Interval(value=min(1.0, max(0.0, 1 - x))),
                cases=cases,
                others=others,
            )
            points.setdefault(f"{threshold:.4f}", point)
    return tuple(points.values())
