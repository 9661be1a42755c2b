"""How the calibration fares on a set of films: what the card says of it."""

import numpy as np

from cxr_core.artifacts import Calibration, CalibrationResult
from cxr_core.calibration import calibrated, set_members
from cxr_core.evaluation.curves import reliability
from cxr_core.evaluation.metrics import expected_calibration_error
from cxr_core.labels import CLASS_NAMES, COVID, split_films
from cxr_core.stats import share, share_among


def calibration_result(
    calibration: Calibration, logits: np.ndarray, y_true: np.ndarray, groups: np.ndarray, split: str
) -> CalibrationResult:
    """Measure calibration, prediction sets and operating point.

    Parameters
    ----------
    calibration : Calibration
        Fitted on the validation films.
    logits : numpy.ndarray
        Floating, shape (n, 4).
    y_true : numpy.ndarray
        int, shape (n,): class codes.
    groups : numpy.ndarray
        Shape (n,): near-duplicate group of each film.
    split : str
        The split that the films are of.

    Returns
    -------
    CalibrationResult
    """
    plain, probabilities = calibrated(logits, 1.0), calibrated(logits, calibration.temperature)
    members = set_members(probabilities, calibration.set_thresholds)
    covered, sizes = members[np.arange(len(y_true)), y_true], members.sum(1)
    called, is_covid = probabilities[:, COVID] >= calibration.operating_point.threshold, y_true == COVID
    return CalibrationResult(
        note=_note(calibration, split),
        temperature=calibration.temperature,
        expected_calibration_error_before=expected_calibration_error(plain.argmax(1) == y_true, plain.max(1)),
        reliability_before=reliability(plain.argmax(1) == y_true, plain.max(1)),
        aimed_coverage=calibration.coverage,
        coverage=share(covered, groups),
        class_coverage={name: share_among(covered, y_true == code, groups) for code, name in enumerate(CLASS_NAMES) if code in y_true},
        mean_set_size=float(sizes.mean()),
        set_sizes=[float((sizes == size).mean()) for size in range(len(CLASS_NAMES) + 1)],
        rule=calibration.operating_point.rule,
        threshold=calibration.operating_point.threshold,
        sensitivity=share_among(called, is_covid, groups),
        specificity=share_among(~called, ~is_covid, groups),
    )


def _note(calibration: Calibration, split: str) -> str:
    films = f"Fitted on the {sum(calibration.films.values()):,} {split_films(calibration.split)}"
    if split == calibration.split:
        return f"{films}, which these figures are of as well: they flatter it."
    return f"{films}; these figures are of the {split_films(split)}."
