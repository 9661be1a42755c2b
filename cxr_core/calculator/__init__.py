"""The calculator's scenario: what its controls say, in links, presets, sentences, formulas and files. Needs no TensorFlow."""

from cxr_core.calculator.answer import (
    STRATEGY_NAMES,
    answer,
    lead_sentence,
    ranking_of,
    region_rows,
    results_of,
    shown_benefits,
    strategy_rows,
)
from cxr_core.calculator.controls import CONTROLS, Control
from cxr_core.calculator.export import curves_table, methods_paragraph, scenario_table
from cxr_core.calculator.frequencies import (
    TestFrequencies,
    difference_sentence,
    frequency_sentence,
    natural_frequencies,
    predictive_sentences,
    rare_sentence,
)
from cxr_core.calculator.history import History
from cxr_core.calculator.link import NoScenarioError, from_text, is_own_address, to_text
from cxr_core.calculator.mathematics import derivation, inequality_lines, symbol_latex
from cxr_core.calculator.notes import CONTRADICTIONS, LEFT_OUT
from cxr_core.calculator.offer import model_offer, origin_sentence, site_offer
from cxr_core.calculator.point import HANDOVER_KEY, NO_MODEL, Handover, ModelOffer, reconcile, with_point, with_source
from cxr_core.calculator.presets import load_presets, with_preset
from cxr_core.calculator.query import from_query, to_query
from cxr_core.calculator.rounding import amount_text, apart, parameter_text, share_text, shown_comparison
from cxr_core.calculator.sentences import (
    QUADRANT_SENTENCES,
    break_even_rows,
    quadrant_bounds,
    quadrant_sentence,
    special_cases,
    turning_sentence,
)
from cxr_core.calculator.state import CalculatorState

__all__ = [
    "CONTRADICTIONS",
    "CONTROLS",
    "HANDOVER_KEY",
    "LEFT_OUT",
    "NO_MODEL",
    "QUADRANT_SENTENCES",
    "STRATEGY_NAMES",
    "CalculatorState",
    "Control",
    "Handover",
    "History",
    "ModelOffer",
    "NoScenarioError",
    "TestFrequencies",
    "amount_text",
    "answer",
    "apart",
    "break_even_rows",
    "curves_table",
    "derivation",
    "difference_sentence",
    "frequency_sentence",
    "from_query",
    "from_text",
    "inequality_lines",
    "is_own_address",
    "lead_sentence",
    "load_presets",
    "methods_paragraph",
    "model_offer",
    "natural_frequencies",
    "origin_sentence",
    "parameter_text",
    "predictive_sentences",
    "quadrant_bounds",
    "quadrant_sentence",
    "ranking_of",
    "rare_sentence",
    "reconcile",
    "region_rows",
    "results_of",
    "scenario_table",
    "share_text",
    "shown_benefits",
    "shown_comparison",
    "site_offer",
    "special_cases",
    "strategy_rows",
    "symbol_latex",
    "to_query",
    "to_text",
    "turning_sentence",
    "with_point",
    "with_preset",
    "with_source",
]
