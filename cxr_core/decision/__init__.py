"""Net benefit and what follows from it: X-ray or PCR first? Pure NumPy, and SciPy where it is needed."""

from cxr_core.decision.axes import axis_values, prevalence_end, prevalences, shown_prevalences
from cxr_core.decision.best import Ranking, Region, best_regions, rank
from cxr_core.decision.comparison import Comparison, Quadrant, Verdict, compare
from cxr_core.decision.crossing import BreakEven, Outcome, break_even, break_evens
from cxr_core.decision.decision_curve import DecisionCurve, decision_curve
from cxr_core.decision.errors import InvalidParameterError
from cxr_core.decision.formula import NO_DECAY, Scenario, Test, remaining
from cxr_core.decision.frequencies import PATIENTS, Frequencies, frequencies
from cxr_core.decision.histogram import Histogram, histogram
from cxr_core.decision.lead import LeadBar, lead_tornado
from cxr_core.decision.oneway import Ranges, TornadoBar, default_ranges, tornado
from cxr_core.decision.parameters import BASE_PARAMETERS, MAX_AMOUNT, MAX_HOURS, PARAMETERS, Parameter, ParameterName
from cxr_core.decision.prevalence_curves import PrevalenceCurves, prevalence_curves
from cxr_core.decision.probabilistic import (
    DRAWS,
    Beta,
    Simulation,
    Uncertainty,
    acceptability,
    beta_from_counts,
    beta_from_interval,
    simulate,
)
from cxr_core.decision.strategies import SINGLE_TESTS, Strategy, StrategyResult, compare_strategies
from cxr_core.decision.twoway import TwoWay, two_way

__all__ = [
    "BASE_PARAMETERS",
    "DRAWS",
    "MAX_AMOUNT",
    "MAX_HOURS",
    "NO_DECAY",
    "PARAMETERS",
    "PATIENTS",
    "SINGLE_TESTS",
    "Beta",
    "BreakEven",
    "Comparison",
    "DecisionCurve",
    "Frequencies",
    "Histogram",
    "InvalidParameterError",
    "LeadBar",
    "Outcome",
    "Parameter",
    "ParameterName",
    "PrevalenceCurves",
    "Quadrant",
    "Ranges",
    "Ranking",
    "Region",
    "Scenario",
    "Simulation",
    "Strategy",
    "StrategyResult",
    "Test",
    "TornadoBar",
    "TwoWay",
    "Uncertainty",
    "Verdict",
    "acceptability",
    "axis_values",
    "best_regions",
    "beta_from_counts",
    "beta_from_interval",
    "break_even",
    "break_evens",
    "compare",
    "compare_strategies",
    "decision_curve",
    "default_ranges",
    "frequencies",
    "histogram",
    "lead_tornado",
    "prevalence_curves",
    "prevalence_end",
    "prevalences",
    "rank",
    "remaining",
    "shown_prevalences",
    "simulate",
    "tornado",
    "two_way",
]
