"""Which runs of the comparison of backbones differ, with p-values. Needs neither SciPy nor TensorFlow: a page calls it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from cxr_core.artifacts import StudyRun
from cxr_core.evaluation.errors import ComparisonError
from cxr_core.stats import PairedComparison, compare_classifiers, holm, resampled_counts


@dataclass(frozen=True)
class Pair:
    """Two runs of a study, by label, and how they compare; `adjusted_p_value` allows for all pairs of the study."""

    first: str
    second: str
    comparison: PairedComparison
    adjusted_p_value: float


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
        if other.measured_on != one.measured_on:
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
