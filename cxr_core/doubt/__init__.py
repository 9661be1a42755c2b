"""Doubt, stated: calibrated probabilities, prediction sets, the operating point, and how far a read moves when the film does.

Needs no TensorFlow, so that any page may use it.
"""

from cxr_core.doubt.conformal import COVERAGE, prediction_set, set_members, set_thresholds
from cxr_core.doubt.errors import DoubtFitError
from cxr_core.doubt.fit import fit_doubt
from cxr_core.doubt.operating import Counts, choose_point, count_at, predictive_values, wilson
from cxr_core.doubt.sentences import RULES, set_sentence
from cxr_core.doubt.stability import VIEWS, changed_views, spread
from cxr_core.doubt.temperature import calibrated, fit_temperature

__all__ = [
    "COVERAGE",
    "RULES",
    "VIEWS",
    "Counts",
    "DoubtFitError",
    "calibrated",
    "changed_views",
    "choose_point",
    "count_at",
    "fit_doubt",
    "fit_temperature",
    "prediction_set",
    "predictive_values",
    "set_members",
    "set_sentence",
    "set_thresholds",
    "spread",
    "wilson",
]
