"""All that is fitted on the validation films, in one."""

import numpy as np

from cxr_core.artifacts import Calibration, Rule
from cxr_core.calibration.conformal import COVERAGE, set_thresholds
from cxr_core.calibration.operating import choose_point
from cxr_core.calibration.temperature import calibrated, fit_temperature
from cxr_core.labels import CLASS_NAMES, COVID


def fit_calibration(logits: np.ndarray, y_true: np.ndarray, weights_sha256: str, rule: Rule = "sensitivity") -> Calibration:
    """Fit the temperature, the thresholds of the prediction sets and the operating point on the validation films.

    Parameters
    ----------
    logits : numpy.ndarray
        Floating, shape (n, 4): of the validation films.
    y_true : numpy.ndarray
        int, shape (n,): class codes.
    weights_sha256 : str
        Hash of the weights that gave the logits.
    rule : {"sensitivity", "youden"}
        How the operating point is chosen; see `choose_point`.

    Returns
    -------
    Calibration

    Raises
    ------
    CalibrationFitError
        All films are of COVID, or none is.
    """
    temperature = fit_temperature(logits, y_true)
    probabilities = calibrated(logits, temperature)
    return Calibration(
        weights_sha256=weights_sha256,
        films={name: int((y_true == code).sum()) for code, name in enumerate(CLASS_NAMES)},
        temperature=temperature,
        coverage=COVERAGE,
        set_thresholds=set_thresholds(probabilities, y_true),
        operating_point=choose_point(y_true == COVID, probabilities[:, COVID], rule),
    )
