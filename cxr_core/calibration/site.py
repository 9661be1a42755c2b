"""A temperature and an operating point fitted to a site's own films, and what they reach on films that they were not fitted on."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from cxr_core.artifacts import OperatingPoint, Rule
from cxr_core.calibration.errors import CalibrationFitError
from cxr_core.calibration.operating import choose_point
from cxr_core.calibration.temperature import calibrated, fit_temperature
from cxr_core.labels import CLASS_NAMES, COVID
from cxr_core.site_cards import FEWEST_FILMS, FEWEST_OF_A_KIND
from cxr_core.stats import wilson

FOLDS: Final = 5


@dataclass(frozen=True, eq=False)
class SiteFit:
    """What was fitted to a site's films, and what cross-validation makes of each of them.

    Attributes
    ----------
    temperature : float
        Fitted to all films.
    operating_point : OperatingPoint
        Chosen on all films at that temperature. Its sensitivity and specificity are of the cross-validation: each film called at a
        temperature and a threshold that were fitted to the folds without it.
    probabilities : numpy.ndarray
        Shape (n, 4): of each film, at the temperature that was fitted to the folds without it.
    folds : int
        Number of parts.
    """

    temperature: float
    operating_point: OperatingPoint
    probabilities: np.ndarray
    folds: int


def fit_site(logits: np.ndarray, y_true: np.ndarray, rule: Rule = "sensitivity", folds: int = FOLDS, seed: int = 0) -> SiteFit:
    """Fit temperature and operating point to a site's films by stratified cross-validation.

    Both are fitted to all films. What they are worth is measured on each film with the two that were fitted to the folds without it
    (Stone 1974, J. R. Statist. Soc. B 36:111); folds are drawn by class.

    Parameters
    ----------
    logits : numpy.ndarray
        Floating, shape (n, 4).
    y_true : numpy.ndarray
        int, shape (n,): class codes.
    rule : {"sensitivity", "youden"}
        How the operating point is chosen; see `choose_point`.
    folds : int
        Number of parts, from 2 to `FEWEST_OF_A_KIND`.
    seed : int
        Seed of the draw.

    Returns
    -------
    SiteFit

    Raises
    ------
    CalibrationFitError
        There are too few films, of COVID or of other classes or in all, with how many there are.
    """
    is_covid = y_true == COVID
    cases, others = int(is_covid.sum()), int((~is_covid).sum())
    if cases + others < FEWEST_FILMS or min(cases, others) < FEWEST_OF_A_KIND:
        raise CalibrationFitError(
            f"A temperature and an operating point are fitted to {FEWEST_FILMS} films or more, at least {FEWEST_OF_A_KIND} of COVID and "
            f"{FEWEST_OF_A_KIND} of other classes among them; here are {cases} of COVID and {others} of other classes."
        )
    probabilities = np.empty_like(logits, dtype=np.float64)
    called = np.empty(len(y_true), bool)
    for fold in _folds(y_true, folds, seed):
        rest = ~fold
        temperature, point = _fit(logits[rest], y_true[rest], rule)
        probabilities[fold] = calibrated(logits[fold].astype(np.float64), temperature)
        called[fold] = probabilities[fold, COVID] >= point.threshold
    temperature, point = _fit(logits, y_true, rule)
    found, cleared = int((called & is_covid).sum()), int((~called & ~is_covid).sum())
    measured = {"sensitivity": wilson(found, cases), "specificity": wilson(cleared, others)}
    return SiteFit(temperature, point.model_copy(update=measured), probabilities, folds)


def retempered(probabilities: np.ndarray, temperature: float, other: float) -> np.ndarray:
    """Turn probabilities at one temperature into those at another: p ** (temperature / other), scaled to sum to 1.

    Parameters
    ----------
    probabilities : numpy.ndarray
        Shape (..., 4), rows summing to 1.
    temperature, other : float
        Positive: what the logits were divided by, and what they are to be divided by.

    Returns
    -------
    numpy.ndarray
        The same shape and dtype.
    """
    tiny = np.finfo(probabilities.dtype).tiny
    return calibrated(np.log(np.maximum(probabilities, tiny)) * temperature, other)


def _fit(logits: np.ndarray, y_true: np.ndarray, rule: Rule) -> tuple[float, OperatingPoint]:
    temperature = fit_temperature(logits, y_true)
    probability = calibrated(logits.astype(np.float64), temperature)[:, COVID]
    return temperature, choose_point(y_true == COVID, probability, rule)


def _folds(y_true: np.ndarray, folds: int, seed: int) -> list[np.ndarray]:
    """Deal the films of each class to the folds in turn, in random order; a row of bool a fold."""
    rng = np.random.default_rng(seed)
    order = np.concatenate([rng.permutation(np.flatnonzero(y_true == code)) for code in range(len(CLASS_NAMES))])
    place = np.empty(len(y_true), np.int64)
    place[order] = np.arange(len(y_true)) % folds
    return [place == fold for fold in range(folds)]
