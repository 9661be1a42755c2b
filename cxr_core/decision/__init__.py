"""Net benefit and what follows from it: X-ray or PCR first? Needs no TensorFlow."""

from cxr_core.decision.axes import axis_values, far_apart, prevalence_end, prevalences, shown_prevalences
from cxr_core.decision.comparison import Comparison, Quadrant, Verdict, compare
from cxr_core.decision.controls import CONTROLS, Control
from cxr_core.decision.crossing import BreakEven, Outcome, break_even, break_evens
from cxr_core.decision.decision_curve import DecisionCurve, decision_curve
from cxr_core.decision.errors import InvalidParameterError
from cxr_core.decision.export import PrevalenceCurves, curves_table, methods_paragraph, prevalence_curves, scenario_table
from cxr_core.decision.formula import NO_DECAY, Scenario, Test, net_benefit
from cxr_core.decision.histogram import Histogram, histogram
from cxr_core.decision.mathematics import derivation, inequality_lines, symbol_latex
from cxr_core.decision.model_point import (
    HANDOVER_KEY,
    NO_MODEL,
    ModelOffer,
    ModelPoint,
    as_typed,
    handover_query,
    point_of,
    reconcile,
    with_point,
    with_source,
)
from cxr_core.decision.notes import CONTRADICTIONS, LEFT_OUT
from cxr_core.decision.offer import model_offer, origin_sentence
from cxr_core.decision.oneway import Ranges, TornadoBar, default_ranges, tornado
from cxr_core.decision.parameters import BASE_PARAMETERS, MAX_AMOUNT, PARAMETERS, Parameter, ParameterName
from cxr_core.decision.presets import Preset, load_presets, with_preset
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
    break_even_rows,
    flip_sentence,
    headline,
    parameter_text,
    share_text,
    special_cases,
    strategy_rows,
    turning_sentence,
    verdict_sentence,
    what_would_flip,
)
from cxr_core.decision.state import CalculatorState, Source
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
    "HANDOVER_KEY",
    "LEFT_OUT",
    "MAX_AMOUNT",
    "NO_DECAY",
    "NO_MODEL",
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
    "ModelOffer",
    "ModelPoint",
    "Outcome",
    "Parameter",
    "ParameterName",
    "Preset",
    "PrevalenceCurves",
    "Quadrant",
    "Ranges",
    "Scenario",
    "Simulation",
    "Source",
    "Strategy",
    "StrategyResult",
    "Test",
    "TornadoBar",
    "TwoWay",
    "Uncertainty",
    "Verdict",
    "acceptability",
    "amount_text",
    "as_typed",
    "axis_values",
    "best_strategies",
    "beta_from_counts",
    "beta_from_interval",
    "break_even",
    "break_even_rows",
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
    "handover_query",
    "headline",
    "histogram",
    "inequality_lines",
    "load_presets",
    "methods_paragraph",
    "model_offer",
    "net_benefit",
    "origin_sentence",
    "parameter_text",
    "point_of",
    "prevalence_curves",
    "prevalence_end",
    "prevalences",
    "reconcile",
    "scenario_table",
    "share_text",
    "shown_prevalences",
    "simulate",
    "special_cases",
    "strategy_curve",
    "strategy_rows",
    "symbol_latex",
    "to_query",
    "tornado",
    "turning_sentence",
    "two_way",
    "verdict_sentence",
    "what_would_flip",
    "with_point",
    "with_preset",
    "with_source",
]
