"""Net benefit and what follows from it: X-ray or PCR first? Needs no TensorFlow."""

from cxr_core.decision.axes import axis_values, far_apart, prevalence_end, prevalences
from cxr_core.decision.comparison import Comparison, Quadrant, Verdict, compare
from cxr_core.decision.controls import CONTROLS, Control
from cxr_core.decision.crossing import BreakEven, Outcome, break_even, break_evens
from cxr_core.decision.decision_curve import DecisionCurve, decision_curve
from cxr_core.decision.errors import InvalidParameterError
from cxr_core.decision.export import PrevalenceCurves, curves_table, methods_paragraph, prevalence_curves, scenario_table
from cxr_core.decision.formula import NO_DECAY, Scenario, Test, net_benefit
from cxr_core.decision.histogram import Histogram, histogram
from cxr_core.decision.mathematics import derivation, inequality_latex, symbol_latex
from cxr_core.decision.notes import CONTRADICTIONS, LEFT_OUT
from cxr_core.decision.oneway import Ranges, TornadoBar, default_ranges, tornado
from cxr_core.decision.parameters import BASE_PARAMETERS, MAX_AMOUNT, PARAMETERS, Parameter, ParameterName
from cxr_core.decision.presets import Preset, load_presets
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
from cxr_core.decision.query import from_query, to_query
from cxr_core.decision.sentences import (
    QUADRANT_SENTENCES,
    amount_text,
    flip_sentence,
    headline,
    parameter_text,
    share_text,
    special_cases,
    verdict_sentence,
)
from cxr_core.decision.state import CalculatorState
from cxr_core.decision.strategies import (
    SINGLE_TESTS,
    Strategy,
    StrategyResult,
    best_strategies,
    compare_strategies,
    strategy_curve,
)
from cxr_core.decision.tolerance import TOLERANCE
from cxr_core.decision.twoway import TwoWay, two_way

__all__ = [
    "BASE_PARAMETERS",
    "CONTRADICTIONS",
    "CONTROLS",
    "DRAWS",
    "LEFT_OUT",
    "MAX_AMOUNT",
    "NO_DECAY",
    "PARAMETERS",
    "QUADRANT_SENTENCES",
    "SINGLE_TESTS",
    "TOLERANCE",
    "Beta",
    "BreakEven",
    "CalculatorState",
    "Comparison",
    "Control",
    "DecisionCurve",
    "Histogram",
    "InvalidParameterError",
    "Outcome",
    "Parameter",
    "ParameterName",
    "Preset",
    "PrevalenceCurves",
    "Quadrant",
    "Ranges",
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
    "amount_text",
    "axis_values",
    "best_strategies",
    "beta_from_counts",
    "beta_from_interval",
    "break_even",
    "break_evens",
    "compare",
    "compare_strategies",
    "curves_table",
    "decision_curve",
    "default_ranges",
    "derivation",
    "far_apart",
    "flip_sentence",
    "from_query",
    "headline",
    "histogram",
    "inequality_latex",
    "load_presets",
    "methods_paragraph",
    "net_benefit",
    "parameter_text",
    "prevalence_curves",
    "prevalence_end",
    "prevalences",
    "scenario_table",
    "share_text",
    "simulate",
    "special_cases",
    "strategy_curve",
    "symbol_latex",
    "to_query",
    "tornado",
    "two_way",
    "verdict_sentence",
]
