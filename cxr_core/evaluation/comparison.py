"""Which of two classifiers is better on the same films, with a p-value."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from cxr_core.evaluation.metrics import resampled_counts


@dataclass(frozen=True)
class Comparison:
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


def compare_classifiers(first: np.ndarray, second: np.ndarray, groups: np.ndarray) -> Comparison:
    """Compare two classifiers film by film (McNemar 1947, Psychometrika 12:153; exact binomial form).

    The test takes films as independent, which near-duplicates are not; the bootstrap keeps their groups together. The two are given
    side by side.

    Parameters
    ----------
    first, second : numpy.ndarray
        bool, shape (n,): which films each calls rightly.
    groups : numpy.ndarray
        Shape (n,): near-duplicate group of each film.

    Returns
    -------
    Comparison
    """
    first_only, second_only = int((first & ~second).sum()), int((second & ~first).sum())
    counts = resampled_counts(groups)
    differences = counts @ (first.astype(int) - second.astype(int)) / counts.sum(1)
    low, high = np.percentile(differences, (2.5, 97.5))
    discordant = first_only + second_only
    return Comparison(
        difference=float(first.mean() - second.mean()),
        low=float(low),
        high=float(high),
        first_only=first_only,
        second_only=second_only,
        p_value=float(binomtest(first_only, discordant).pvalue) if discordant else 1.0,
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
