"""How the model does on a user's own films, and whether that differs from its card."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Final

import numpy as np
import pandas as pd
from sklearn.metrics import confusion_matrix, roc_auc_score

from cxr_core.artifacts import Calibration, ModelCard, ModelIdentity
from cxr_core.calibration import calibrated, fit_site, point_at
from cxr_core.data import without_repeats
from cxr_core.errors import SecondLookError
from cxr_core.evaluation.against_card import compared_with_card
from cxr_core.evaluation.metrics import expected_calibration_error
from cxr_core.gate import InputGate
from cxr_core.labels import CLASS_NAMES, COVID
from cxr_core.models import Classifier
from cxr_core.reading import FileRead, read_files
from cxr_core.site_cards import CURVE_STEP, FEWEST_FILMS, SiteCard, SiteCurve, SiteFigures
from cxr_core.stats import Interval, auc_estimate, wilson

CHANCE_DRAWS: Final = 1000


class NoFilmsReadError(SecondLookError):
    """Of a user's own films none was read, so there is nothing to measure."""


@dataclass(frozen=True, eq=False)
class OwnReads:
    """What became of a user's own films. No file names: those may tell of patients.

    Attributes
    ----------
    y_true : numpy.ndarray
        int, shape (n,): class codes of the films that were read.
    logits : numpy.ndarray
        float64, shape (n, 4).
    warned, refused, broken, repeated : int
        See `cxr_core.artifacts.SiteFigures`.
    reasons : dict of str to int
        Refused films by the gate's code.
    """

    y_true: np.ndarray
    logits: np.ndarray
    warned: int
    refused: int
    broken: int
    repeated: int
    reasons: dict[str, int]


def measure_own(
    listed: pd.DataFrame,
    classifier: Classifier,
    gate: InputGate,
    card: ModelCard,
    watch: Callable[[Iterator[FileRead], int], Iterable[FileRead]] = lambda reads, films: reads,
) -> tuple[OwnReads, SiteFigures]:
    """Read a user's own films and measure how the model does on them.

    Parameters
    ----------
    listed : pandas.DataFrame
        From `cxr_core.data.list_own_films`.
    classifier : Classifier
        The model.
    gate : InputGate
        Films that it refuses are counted and left out.
    card : ModelCard
        Of the same weights.
    watch : callable, optional
        Takes the reads as they come and their number, and passes them on: for progress, and for files that cannot be read.

    Returns
    -------
    tuple of OwnReads and SiteFigures

    Raises
    ------
    NoFilmsReadError
        The gate refused all of them, or none can be read, with how many.
    """
    films = without_repeats(listed)
    files = watch(read_files(classifier, gate, films["path"]), len(films))
    reads = gather_reads(films["label"], files, repeated=len(listed) - len(films))
    return reads, site_figures(reads, classifier.calibration, card)


def gather_reads(labels: Sequence[str], reads: Iterable[FileRead], repeated: int = 0) -> OwnReads:
    """Gather what `read_files` says of films with known classes.

    Parameters
    ----------
    labels : sequence of str
        Class of each film.
    reads : iterable of FileRead
        One a film, in the same order.
    repeated : int
        Files that were left out before, because another holds the same bytes.

    Returns
    -------
    OwnReads

    Raises
    ------
    NoFilmsReadError
        The gate refused all of them, or none can be read, with how many.
    """
    codes, logits = [], []
    outcomes: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for label, found in zip(labels, reads, strict=True):
        if found.read is None or found.logits is None:
            outcomes["broken"] += 1
            continue
        gate = found.read.gate
        outcomes[gate.outcome] += 1
        if gate.outcome == "refused":
            reasons.update(finding.code for finding in gate.findings if finding.severity == "refused")
        else:
            codes.append(CLASS_NAMES.index(label))
            logits.append(found.logits)
    refused, broken = outcomes["refused"], outcomes["broken"]
    if not codes:
        raise NoFilmsReadError(_why_none(refused, broken, reasons))
    told = dict(reasons.most_common())
    return OwnReads(np.array(codes), np.array(logits, np.float64), outcomes["warning"], refused, broken, repeated, told)


def site_figures(reads: OwnReads, calibration: Calibration, card: ModelCard) -> SiteFigures:
    """Measure how the model does on a user's own films with its shipped calibration, and compare that with its card.

    Intervals are Wilson's and, of the area under the ROC, Newcombe's; they take the films as independent. The calibration error is
    measured on `FEWEST_FILMS` films or more, since with few films it is mostly chance.

    Parameters
    ----------
    reads : OwnReads
        From `gather_reads`.
    calibration : Calibration
        The shipped one.
    card : ModelCard
        Of the same weights.

    Returns
    -------
    SiteFigures
    """
    probabilities, y_true = calibrated(reads.logits, calibration.temperature), reads.y_true
    confusion = confusion_matrix(y_true, probabilities.argmax(1), labels=range(len(CLASS_NAMES)))
    right, support = confusion.diagonal(), confusion.sum(1)
    is_covid = y_true == COVID
    point = point_at(is_covid, probabilities[:, COVID], calibration.threshold)
    area = None
    if point.cases and point.others:
        area = auc_estimate(float(roc_auc_score(is_covid, probabilities[:, COVID])), point.cases, point.others)
    error, by_chance = _calibration_errors(probabilities, y_true) if len(y_true) >= FEWEST_FILMS else (None, None)
    return SiteFigures(
        films=len(y_true),
        warned=reads.warned,
        refused=reads.refused,
        reasons=reads.reasons,
        broken=reads.broken,
        repeated=reads.repeated,
        confusion=confusion.tolist(),
        accuracy=wilson(int(right.sum()), len(y_true)),
        recall={name: wilson(int(right[code]), int(support[code])) for code, name in enumerate(CLASS_NAMES) if support[code]},
        threshold=calibration.threshold,
        sensitivity=point.sensitivity,
        specificity=point.specificity,
        roc_auc=Interval(value=None) if area is None else area.interval,
        calibration_error=error,
        chance_calibration_error=by_chance,
        comparisons=compared_with_card(point, area, card),
    )


def own_site_card(name: str, reads: OwnReads, figures: SiteFigures, calibration: Calibration, identity: ModelIdentity) -> SiteCard:
    """Fit a temperature and an operating point to a user's own films, and put the site card together.

    Parameters
    ----------
    name : str
        What the user calls it.
    reads, figures : OwnReads, SiteFigures
        From `gather_reads` and `site_figures`.
    calibration : Calibration
        The shipped one; its operating point says by which rule the new one is chosen.
    identity : ModelIdentity
        The weights that gave the reads.

    Returns
    -------
    SiteCard

    Raises
    ------
    CalibrationFitError
        There are too few films, with how many would do.
    """
    rule = calibration.operating_point.rule
    assert rule is not None
    fit = fit_site(reads.logits, reads.y_true, rule)
    return SiteCard(
        name=name,
        written=datetime.now(timezone.utc).replace(microsecond=0),
        model=identity.version,
        weights_sha256=identity.sha256,
        figures=figures,
        folds=fit.folds,
        temperature=fit.temperature,
        shipped_temperature=calibration.temperature,
        calibration_error=expected_calibration_error(fit.probabilities.argmax(1) == reads.y_true, fit.probabilities.max(1)),
        operating_point=fit.operating_point,
        curve=_curve(reads.y_true == COVID, fit.probabilities[:, COVID]),
    )


def _why_none(refused: int, broken: int, reasons: Counter[str]) -> str:
    why = ", ".join(f"{code.replace('_', ' ')} ({count})" for code, count in reasons.most_common())
    if not broken:
        return f"The input gate refused all {refused} films, so nothing can be measured: {why}. Are they frontal chest films?"
    if not refused:
        return f"None of the {broken} files is a film that can be read, so nothing can be measured. Give PNG, JPEG or DICOM files."
    return f"No film was read, so nothing can be measured: the input gate refused {refused}, {why}; {broken} more files cannot be read."


def _calibration_errors(probabilities: np.ndarray, y_true: np.ndarray) -> tuple[float, float]:
    """Return the calibration error, and what it stays below in 95 of 100 draws of what the probabilities themselves say.

    Consistency resampling (Broecker and Smith 2007, Weather and Forecasting 22:651): the error is never negative, so it is above zero
    by chance alone, the more so the fewer the films.
    """
    confidence = probabilities.max(1)
    drawn = np.random.default_rng(0).random((CHANCE_DRAWS, len(y_true))) < confidence
    by_chance = [expected_calibration_error(correct, confidence) for correct in drawn]
    return expected_calibration_error(probabilities.argmax(1) == y_true, confidence), float(np.quantile(by_chance, 0.95))


def _curve(is_covid: np.ndarray, probability: np.ndarray) -> SiteCurve:
    """Count the films at every threshold of a fine grid, and keep those where a count changes."""
    grid = np.round(np.arange(0, 1 + CURVE_STEP / 2, CURVE_STEP), 3)
    cases, others = np.sort(probability[is_covid]), np.sort(probability[~is_covid])
    found, cleared = len(cases) - np.searchsorted(cases, grid), np.searchsorted(others, grid)
    kept = np.append(True, (np.diff(found) != 0) | (np.diff(cleared) != 0))
    return SiteCurve(threshold=grid[kept].tolist(), found=found[kept].tolist(), cleared=cleared[kept].tolist())
