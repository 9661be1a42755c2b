"""Easier questions put to the same classifier: the two of the report's reference 3."""

import numpy as np

from cxr_core.artifacts import Subtask
from cxr_core.labels import CLASS_NAMES
from cxr_core.stats import share

SUBTASKS = (("COVID", "Normal"), ("COVID", "Normal", "Viral Pneumonia"))


def subtask_results(y_true: np.ndarray, probabilities: np.ndarray, groups: np.ndarray) -> list[Subtask]:
    """Accuracy on the films of some classes alone, with the probabilities of those classes scaled to sum to 1.

    Scaling does not change which of them is largest, so the accuracy is that of choosing among them.

    Parameters
    ----------
    y_true : numpy.ndarray
        int, shape (n,): class codes.
    probabilities : numpy.ndarray
        Shape (n, 4), rows summing to 1.
    groups : numpy.ndarray
        Shape (n,): near-duplicate group of each film.

    Returns
    -------
    list of Subtask
        One for each of `SUBTASKS` that has films.
    """
    results = []
    for names in SUBTASKS:
        codes = np.array([CLASS_NAMES.index(name) for name in names])
        rows = np.isin(y_true, codes)
        if rows.any():
            chosen = codes[probabilities[rows][:, codes].argmax(1)]
            results.append(Subtask(classes=list(names), films=int(rows.sum()), accuracy=share(chosen == y_true[rows], groups[rows])))
    return results
