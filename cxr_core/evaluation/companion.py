"""How two networks are averaged: fitted on the validation films."""

from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax

from cxr_core.artifacts import Companion, read_identity
from cxr_core.calibration import fit_temperature
from cxr_core.data import class_codes
from cxr_core.evaluation.inputs import Inputs
from cxr_core.evaluation.outputs import Progress, run_films
from cxr_core.evaluation.shipping import write_identity
from cxr_core.models import Classifier

SHARES = tuple(round(0.05 * step, 2) for step in range(1, 20))
"""What is tried."""

HOTTEST, FARTHEST = 100.0, 5.0
"""Bounds of the temperature and of a shift times it: networks that tell nothing have no best ones."""


def best_average(alone: np.ndarray, y_true: np.ndarray) -> tuple[float, tuple[float, ...]]:
    """Find the share and the shift under which films of known class are most likely.

    For each share the temperature and the shift are those of least negative log-likelihood, which is convex in both (bias-corrected
    temperature scaling; Alexandari et al. 2020, arXiv:1901.06852). The temperature itself is fitted anew with the rest of the calibration.

    Parameters
    ----------
    alone : numpy.ndarray
        Floating, shape (n, 2, 4): the logits of both networks, of films that neither was trained on.
    y_true : numpy.ndarray
        int, shape (n,): class codes.

    Returns
    -------
    share : float
        One of `SHARES`.
    shift : tuple of float
        By class; the largest class stays where it is.
    """
    largest = int(np.bincount(y_true, minlength=alone.shape[-1]).argmax())

    def fitted(share: float) -> tuple[float, float, np.ndarray]:
        logits = (1 - share) * alone[:, 0] + share * alone[:, 1]

        def loss(unknown: np.ndarray) -> float:
            likelihoods = log_softmax(unknown[0] * logits + np.insert(unknown[1:], largest, 0.0), axis=-1)
            return -float(likelihoods[np.arange(len(y_true)), y_true].mean())

        start = np.zeros(alone.shape[-1])
        start[0] = 1 / fit_temperature(logits, y_true)
        found = minimize(loss, start, method="L-BFGS-B", bounds=[(1 / HOTTEST, None)] + [(-FARTHEST, FARTHEST)] * (len(start) - 1))
        return float(found.fun), share, np.insert(found.x[1:], largest, 0.0) / found.x[0]

    _, share, shift = min((fitted(share) for share in SHARES), key=lambda one: one[0])
    return share, tuple(round(float(value), 3) for value in shift)


def fit_average(staged: Path, inputs: Inputs, progress: Progress) -> Companion:
    """Choose how two networks are averaged on the validation films, and write it beside the weights.

    Parameters
    ----------
    staged : Path
        From `staged_run`, with a companion.
    inputs : Inputs
        From `cxr_core.evaluation.inputs.gather`.
    progress : callable
        As in `evaluate`.

    Returns
    -------
    Companion

    Raises
    ------
    DataSetError
        A film cannot be read.
    """
    classifier = Classifier.load_unfitted(staged)
    assert classifier.identity.companion is not None
    found = run_films(classifier, [inputs.root / path for path in inputs.val["path"]], "validation films, for the average", progress)
    share, shift = best_average(found.alone, class_codes(inputs.val))
    companion = classifier.identity.companion.model_copy(update={"share": share, "shift": shift})
    write_identity(staged, read_identity(staged).model_copy(update={"companion": companion}))
    return companion
