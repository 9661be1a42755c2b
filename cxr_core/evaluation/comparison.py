"""Which of two classifiers is better on the same films, with a p-value. Needs neither SciPy nor TensorFlow: a page calls it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

from cxr_core.card import StudyRun
from cxr_core.evaluation.errors import ComparisonError
from cxr_core.evaluation.resampling import resampled_counts


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


@dataclass(frozen=True)
class Pair:
    """Two runs of a study, by label, and how they compare; `adjusted_p_value` allows for all pairs of the study."""

    first: str
    second: str
    comparison: Comparison
    adjusted_p_value: float


def compare_classifiers(first: np.ndarray, second: np.ndarray, counts: np.ndarray) -> Comparison:
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
    Comparison
    """
    first_only, second_only = int((first & ~second).sum()), int((second & ~first).sum())
    differences = counts @ (first.astype(int) - second.astype(int)) / counts.sum(1)
    low, high = np.percentile(differences, (2.5, 97.5))
    return Comparison(
        difference=float(first.mean() - second.mean()),
        low=float(low),
        high=float(high),
        first_only=first_only,
        second_only=second_only,
        p_value=_mcnemar(first_only, second_only),
    )


def compare_all(runs: Sequence[StudyRun]) -> list[Pair]:
    """Compare every two runs of a study, with p-values adjusted for how many pairs there are.

    Parameters
    ----------
    runs : sequence of StudyRun
        Measured on the same films.

    Returns
    -------
    list of Pair
        The earlier run of each pair comes first; empty for fewer than two runs.

    Raises
    ------
    ComparisonError
        The runs were measured on different films.
    """
    if len(runs) < 2:
        return []
    one = runs[0]
    for other in runs[1:]:
        if (other.index_sha256, other.y_true, other.groups) != (one.index_sha256, one.y_true, one.groups):
            raise ComparisonError(
                f"'{one.label}' and '{other.label}' were measured on different films. Run the study anew on one data set."
            )
    counts = resampled_counts(np.array(one.groups))
    hits = {run.name: np.array(run.top_class) == np.array(run.y_true) for run in runs}
    pairs = list(combinations(runs, 2))
    comparisons = [compare_classifiers(hits[first.name], hits[second.name], counts) for first, second in pairs]
    adjusted = holm([comparison.p_value for comparison in comparisons])
    return [
        Pair(first.label, second.label, comparison, p_value)
        for (first, second), comparison, p_value in zip(pairs, comparisons, adjusted, strict=True)
    ]


def holm(p_values: list[float]) -> list[float]:
    """Adjust p-values for how many tests were made (Holm 1979, Scand. J. Statist. 6:65), in the order given."""
    order = np.argsort(p_values)
    adjusted = np.empty(len(p_values))
    running = 0.0
    for rank, number in enumerate(order):
        running = max(running, min(1.0, (len(p_values) - rank) * p_values[number]))
        adjusted[number] = running
    return adjusted.tolist()


def _mcnemar(first_only: int, second_only: int) -> float:
    """Probability of a split at least as uneven as this one where either is as likely: both tails, which are alike."""
    films = first_only + second_only
    tail = sum(comb(films, number) for number in range(min(first_only, second_only) + 1))
    return min(1.0, 2 * tail / 2**films)
