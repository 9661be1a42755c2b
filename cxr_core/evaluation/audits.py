"""Audits of what a classifier may have learned instead of disease: the edges of the film, or the copy that it came from.

Blanking parts of a film follows Maguolo and Nanni (2021, arXiv:2004.12823), who blanked the lungs and still could tell the sources
apart. A fixed box stands for the lungs here, and the card says so: it cuts every film alike, whatever an outline would miss.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cxr_core.card import CopyResult, MaskAudit
from cxr_core.evaluation.resampling import interval, resampled_counts, share
from cxr_core.labels import CLASS_NAMES

FIELD = (0.12, 0.80, 0.10, 0.90)
"""Top, bottom, left and right of the box that stands for the lungs, as shares of the film's sides."""

BORDER = 0.10
"""Width of the border, as a share of the film's sides."""


@dataclass(frozen=True)
class Mask:
    """A part of every film to be kept, the rest of it being blanked.

    Attributes
    ----------
    name : str
        What the audit is called.
    kept : str
        What is kept, in words with figures.
    box : tuple of float
        Top, bottom, left and right as shares of the sides.
    inside : bool
        Whether the inside of the box is kept, or the outside.
    """

    name: str
    kept: str
    box: tuple[float, float, float, float]
    inside: bool

    def __call__(self, film: np.ndarray) -> np.ndarray:
        """Blank a canonical film, float32 (size, size, 1) in [0, 1], with the mean grey of what is kept: nothing else of it is left."""
        size = film.shape[0]
        top, bottom, left, right = (round(share * size) for share in self.box)
        keep = np.full(film.shape, not self.inside)
        keep[top:bottom, left:right] = self.inside
        return np.where(keep, film, film[keep].mean()).astype(np.float32)


_FIELD_WORDS = f"{FIELD[0]:.0%} to {FIELD[1]:.0%} of the height, {FIELD[2]:.0%} to {FIELD[3]:.0%} of the width"
MASKS = (
    Mask("Surroundings blanked", f"only the field of the lungs: {_FIELD_WORDS}", FIELD, inside=True),
    Mask("Central field blanked", f"all but the field of the lungs: {_FIELD_WORDS}", FIELD, inside=False),
    Mask("Border only", f"the outer {BORDER:.0%} at each side", (BORDER, 1 - BORDER, BORDER, 1 - BORDER), inside=False),
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
