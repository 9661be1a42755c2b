"""Operating points, and links to the calculator as another program would write them."""

from cxr_core.artifacts import OperatingPoint
from cxr_core.calculator import CalculatorState, to_query, with_point
from cxr_core.stats import Interval


def point(sensitivity, specificity, threshold=None, cases=0):
    """An operating point without intervals, measured on as many others as cases."""
    return OperatingPoint(
        threshold=threshold,
        sensitivity=Interval(value=sensitivity),
        specificity=Interval(value=specificity),
        cases=cases,
        others=cases,
    )


def handed_link(handed, model=""):
    """The parameters of a link that hands an operating point over, the report's numbers beside it."""
    return to_query(with_point(CalculatorState(), "point", handed, model))
