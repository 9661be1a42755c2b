"""How the stated doubt fares on a set of films: what the card says of it."""

import numpy as np

from cxr_core.card import Doubt, DoubtResult
from cxr_core.doubt import calibrated, set_members
from cxr_core.evaluation.curves import reliability
from cxr_core.evaluation.metrics import expected_calibration_error
from cxr_core.evaluation.resampling import share, share_among
from cxr_core.labels import CLASS_NAMES, COVID


def doubt_result(doubt: Doubt, logits: np.ndarray, y_true: np.ndarray, groups: np.ndarray, split: str) -> DoubtResult:
    """Measure calibration, prediction sets and operating point.

    Parameters
    ----------
    doubt : Doubt
        Fitted on val.
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
    DoubtResult
    """
    plain, probabilities = calibrated(logits, 1.0), calibrated(logits, doubt.temperature)
    members = set_members(probabilities, doubt.set_thresholds)
    covered, sizes = members[np.arange(len(y_true)), y_true], members.sum(1)
    called, is_covid = probabilities[:, COVID] >= doubt.operating_point.threshold, y_true == COVID
    return DoubtResult(
        note=_note(doubt, split),
        temperature=doubt.temperature,
        expected_calibration_error_before=expected_calibration_error(plain.argmax(1) == y_true, plain.max(1)),
        reliability_before=reliability(plain.argmax(1) == y_true, plain.max(1)),
        aimed_coverage=doubt.coverage,
        coverage=share(covered, groups),
        class_coverage={name: share_among(covered, y_true == code, groups) for code, name in enumerate(CLASS_NAMES) if code in y_true},
        mean_set_size=float(sizes.mean()),
        set_sizes=[float((sizes == size).mean()) for size in range(len(CLASS_NAMES) + 1)],
        rule=doubt.operating_point.rule,
        threshold=doubt.operating_point.threshold,
        sensitivity=share_among(called, is_covid, groups),
        specificity=share_among(~called, ~is_covid, groups),
    )


def _note(doubt: Doubt, split: str) -> str:
    films = f"Fitted on the {sum(doubt.films.values()):,} films of the {doubt.split} split"
    if split == doubt.split:
        return f"{films}, which these figures are of as well: they flatter it."
    return f"{films}; these figures are of the {split} split."
