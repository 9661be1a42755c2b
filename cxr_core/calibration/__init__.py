"""Calibrated probabilities, prediction sets, the operating point, a site's own, and how far a read moves when the film does.

Needs no TensorFlow, so that any page may use it.
"""

from cxr_core.calibration.call import DEFAULT_PREVALENCE, Call, MeasuredFilms, call_film
from cxr_core.calibration.conformal import prediction_set, set_members
from cxr_core.calibration.disagreement import disagreement
from cxr_core.calibration.errors import CalibrationFitError
from cxr_core.calibration.fit import fit_calibration
from cxr_core.calibration.operating import point_at
from cxr_core.calibration.sentences import (
    LIKE_TRAINING,
    beside_the_set,
    disagreement_sentence,
    elsewhere_sentence,
    probability_text,
    set_meaning,
    set_sentence,
)
from cxr_core.calibration.site import fit_site, retempered
from cxr_core.calibration.stability import TTA_VIEWS, spread, tta_views
from cxr_core.calibration.temperature import calibrated, fit_temperature

__all__ = [
    "DEFAULT_PREVALENCE",
    "LIKE_TRAINING",
    "TTA_VIEWS",
    "CalibrationFitError",
    "Call",
    "MeasuredFilms",
    "beside_the_set",
    "calibrated",
    "call_film",
    "disagreement",
    "disagreement_sentence",
    "elsewhere_sentence",
    "fit_calibration",
    "fit_site",
    "fit_temperature",
    "point_at",
    "prediction_set",
    "probability_text",
    "retempered",
    "set_meaning",
    "set_members",
    "set_sentence",
    "spread",
    "tta_views",
]
