"""Fit an input gate: what it compares films with comes from train films, its thresholds from val films."""

from collections.abc import Iterable

import numpy as np
from sklearn.linear_model import LogisticRegression

from cxr_core.gate.counterexamples import not_a_chest, turned
from cxr_core.gate.descriptors import describe
from cxr_core.gate.distance import Distance
from cxr_core.gate.gate import RISING, InputGate, Measures
from cxr_core.gate.posture import POSTURES, UPRIGHT, Posture

PERCENTILES = {
    "contrast": (0.5, None),
    "sharpness": (0.5, None),
    "filled": (0.5, None),
    "posture": (98.0, 99.0),
    "edges": (98.0, 99.0),
    "features": (98.5, 99.5),
}
"""By measure: the percentiles of val films beyond which a film is read with a warning, and refused. Where the second is None, no val film
is refused: only one with less than half of what the lowest of them has."""

LAXEST_FILLED = 0.6
"""A film that fills more of its square than this is whole, whatever the val films fill: they may all have been squares."""

REGULARISATION = 0.003
"""Inverse strength of the penalty on the posture's weights, as scikit-learn's `C`.
Chosen on val films, and on pictures that no card counts."""


def fit_gate(
    weights_sha256: str,
    train: tuple[np.ndarray, np.ndarray, np.ndarray],
    val: Iterable[tuple[np.ndarray, np.ndarray]],
    seed: int = 0,
) -> InputGate:
    """Fit the input gate of a classifier.

    Parameters
    ----------
    weights_sha256 : str
        Hash of the classifier's weights file.
    train : tuple of numpy.ndarray
        Of train films: canonical films, float32 (n, size, size, 1) in [0, 1], which may be reduced; class codes, int (n,); the network's
        features, float32 (n, channels).
    val : iterable of tuple of numpy.ndarray
        Of each val film: its canonical film at full size, and its features.
    seed : int
        Seed of the counterexamples.

    Returns
    -------
    InputGate
    """
    films, codes, features = train
    edges = np.stack([describe(film)[1] for film in films])
    ungauged = InputGate(
        weights_sha256,
        fit_posture(films, np.random.default_rng(seed)),
        Distance.fit(edges, codes),
        Distance.fit(features, codes),
        {},
    )
    measures = [ungauged.measure(film, row)[0] for film, row in val]
    return InputGate(ungauged.weights_sha256, ungauged.posture, ungauged.edges, ungauged.features, limits(measures))


def fit_posture(films: np.ndarray, rng: np.random.Generator) -> Posture:
    """Fit the posture's classifier to upright films, and to what can be made of them that is none.

    Every film is given three times: upright, turned or inverted (each way in its turn), and made into what is not a chest.
    """
    rows, targets = [], []
    nothing = POSTURES.index("not_a_chest")
    for number, film in enumerate(films):
        way = 1 + number % (nothing - 1)
        for target, picture in ((UPRIGHT, film), (way, turned(film, POSTURES[way])), (nothing, not_a_chest(film, rng))):
            rows.append(np.concatenate(describe(picture)))
            targets.append(target)
    return _regression(np.stack(rows), np.array(targets))


def _regression(rows: np.ndarray, targets: np.ndarray) -> Posture:
    found = LogisticRegression(C=REGULARISATION, max_iter=1000, tol=1e-3).fit(rows, targets)
    weights, bias = np.zeros((rows.shape[1], len(POSTURES)), np.float32), np.full(len(POSTURES), -np.inf, np.float32)
    weights[:, found.classes_], bias[found.classes_] = found.coef_.T, found.intercept_
    return Posture(weights, bias)


def limits(measures: Iterable[Measures]) -> dict[str, tuple[float, float]]:
    """Set the thresholds from what val films measure, as `PERCENTILES` says."""
    columns = Measures(*np.array(list(measures), np.float64).T)
    found = {}
    for name, (warning, refused) in PERCENTILES.items():
        values = getattr(columns, name)
        first = float(np.percentile(values, warning))
        found[name] = (first, float(values.min() / 2) if refused is None else float(np.percentile(values, refused)))
        assert (name in RISING) == (refused is not None)
    if found["filled"][0] > LAXEST_FILLED:
        found["filled"] = (LAXEST_FILLED, min(LAXEST_FILLED / 2, found["filled"][1]))
    return found
