"""Audits of what a classifier may have learned instead of disease: the edges of the film, or the copy that it came from.

Blanking parts of a film follows Maguolo and Nanni (2021, arXiv:2004.12823), who blanked the lungs and still could tell the sources
apart.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from cxr_core.artifacts import CopyResult, MaskAudit
from cxr_core.labels import CLASS_NAMES
from cxr_core.lungs import Prepared, blanked
from cxr_core.stats import interval, resampled_counts, share

BORDER = 0.10
"""Width of the border, as a share of the sides of what the classifier sees."""


@dataclass(frozen=True)
class Mask:
    """A part of every film to be kept, the rest of it being blanked with the mean grey of what is kept.

    Attributes
    ----------
    name : str
        What the audit is called.
    kept : str
        What is kept, in words with figures.
    blank : callable
        Makes of a prepared film what the classifier sees in its place: float32 (size, size, 1).
    """

    name: str
    kept: str
    blank: Callable[[Prepared], np.ndarray]


def _border_only(prepared: Prepared) -> np.ndarray:
    film = prepared.canonical
    width = round(BORDER * len(film))
    keep = np.ones(film.shape, bool)
    keep[width:-width, width:-width] = False
    return np.where(keep, film, film[keep].mean()).astype(np.float32)


MASKS = (
    Mask("Surroundings blanked", "only the lungs, as the lung network finds them", partial(blanked, part="surroundings")),
    Mask("Lungs blanked", "all but the lungs, as the lung network finds them", partial(blanked, part="lungs")),
    Mask("Border only", f"the outer {BORDER:.0%} at each side of what the classifier sees", _border_only),
)


def mask_audits(y_true: np.ndarray, whole: np.ndarray, groups: np.ndarray, read_changed: Callable[[Mask], np.ndarray]) -> list[MaskAudit]:
    """Measure a classifier on films of which a part is blanked.

    Parameters
    ----------
    y_true : numpy.ndarray
        int, shape (n,): class codes.
    whole : numpy.ndarray
        Shape (n, 4): probabilities of the whole films.
    groups : numpy.ndarray
        Shape (n,): near-duplicate group of each film.
    read_changed : callable
        Gives the probabilities of the same films under a mask, shape (n, 4).

    Returns
    -------
    list of MaskAudit
        One for each of `MASKS`.
    """
    present, films = np.unique(y_true, return_counts=True)
    counts = resampled_counts(groups)
    audits = []
    for mask in MASKS:
        top = read_changed(mask).argmax(1)
        hits = top == y_true
        with np.errstate(invalid="ignore"):
            recalls = [counts[:, y_true == code] @ hits[y_true == code] / counts[:, y_true == code].sum(1) for code in present]
        audits.append(
            MaskAudit(
                name=mask.name,
                kept=mask.kept,
                films=len(y_true),
                accuracy=share(hits, groups),
                chance_accuracy=float(films.max() / len(y_true)),
                macro_recall=interval(float(np.mean([hits[y_true == code].mean() for code in present])), np.nanmean(recalls, axis=0)),
                chance_macro_recall=1 / len(present),
                agreement=share(top == whole.argmax(1), groups),
            )
        )
    return audits


def results_by_copy(y_true: np.ndarray, probabilities: np.ndarray, groups: np.ndarray, copies: np.ndarray) -> dict[str, CopyResult]:
    """Accuracy and recall by the public copy that the films came from.

    Recall by class stands beside the accuracy because the copies hold the classes in different shares.

    Parameters
    ----------
    y_true : numpy.ndarray
        int, shape (n,): class codes.
    probabilities : numpy.ndarray
        Shape (n, 4), rows summing to 1.
    groups, copies : numpy.ndarray
        Shape (n,): near-duplicate group and name of the copy of each film.

    Returns
    -------
    dict of str to CopyResult
        By name of the copy; a class without films in it is left out.
    """
    hits = probabilities.argmax(1) == y_true
    results = {}
    for copy in sorted(set(copies)):
        rows = copies == copy
        recall = {}
        for code, name in enumerate(CLASS_NAMES):
            of_class = rows & (y_true == code)
            if of_class.any():
                recall[name] = share(hits[of_class], groups[of_class])
        results[str(copy)] = CopyResult(films=int(rows.sum()), accuracy=share(hits[rows], groups[rows]), recall=recall)
    return results
