"""Which of two classifiers is better on the same items, with a p-value. Needs no SciPy: a page calls it."""

from dataclasses import dataclass
from math import comb

import numpy as np


@dataclass(frozen=True)
class PairedComparison:
    """Two classifiers on the same films.

    Attributes
    ----------
    difference : float
        Accuracy of the first less that of the second, in [-1, 1].
    low, high : float
        Its 95% interval by paired bootstrap of near-duplicate groups.
    first_only, second_only : int
        Films that only the first, or only the second, calls rightly.
    p_value : float
        Of McNemar's exact test, two-sided, that both are right equally often.
    """

    difference: float
    low: float
    high: float
    first_only: int
    second_only: int
    p_value: float


def compare_classifiers(first: np.ndarray, second: np.ndarray, counts: np.ndarray) -> PairedComparison:
    """Compare two classifiers film by film (McNemar 1947, Psychometrika 12:153; exact binomial form).

    The test takes films as independent, which near-duplicates are not; the bootstrap keeps their groups together. The two are given
    side by side.

    Parameters
    ----------
    first, second : numpy.ndarray
        bool, shape (n,): which films each calls rightly.
    counts : numpy.ndarray
        Shape (draws, n), from `resampled_counts`: how often each draw of near-duplicate groups holds each film.

    Returns
    -------
    PairedComparison
    """
    first_only, second_only = int((first & ~second).sum()), int((second & ~first).sum())
    differences = counts @ (first.astype(int) - second.astype(int)) / counts.sum(1)
    low, high = np.percentile(differences, (2.5, 97.5))
    return PairedComparison(
        difference=float(first.mean() - second.mean()),
        low=float(low),
        high=float(high),
        first_only=first_only,
        second_only=second_only,
        p_value=mcnemar(first_only, second_only),
    )


def holm(p_values: list[float]) -> list[float]:
    """Adjust p-values for how many tests were made (Holm 1979, Scand. J. Statist. 6:65), in the order given."""
    order = np.argsort(p_values)
    adjusted = np.empty(len(p_values))
    running = 0.0
    for rank, number in enumerate(order):
        running = max(running, min(1.0, (len(p_values) - rank) * p_values[number]))
        adjusted[number] = running
    return adjusted.tolist()


def mcnemar(first_only: int, second_only: int) -> float:
    """Probability of a split at least as uneven as this one where either is as likely: both tails, which are alike."""
    films = first_only + second_only
    tail = sum(comb(films, number) for number in range(min(first_only, second_only) + 1))
    return min(1.0, 2 * tail / 2**films)
