"""Fit an input gate: what it compares films with comes from training films, its thresholds from validation films."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from cxr_core.gate.counterexamples import not_a_chest, photographed, turned
from cxr_core.gate.descriptors import describe, spectrum
from cxr_core.gate.distance import Distance
from cxr_core.gate.gate import RISING, InputGate, Measures
from cxr_core.gate.mirror import Mirror, of_mirror_image
from cxr_core.gate.orientation import NOT_A_CHEST, ORIENTATIONS, STANDARD, Orientation
from cxr_core.gate.photograph import Photograph

WAYS = tuple(name for name in ORIENTATIONS if name not in (ORIENTATIONS[STANDARD], NOT_A_CHEST))
"""How a film may lie otherwise: each train film is turned or inverted in one of them."""

PERCENTILES = {
    "contrast": (0.5, None),
    "sharpness": (0.5, None),
    "filled": (0.5, None),
    "orientation": (98.0, 99.5),
    "photograph": (98.5, None),
    "mirrored": (98.5, None),
    "edges": (98.0, 99.5),
    "features": (95.0, None),
}
"""By measure: the percentiles of validation films beyond which a film is read with a warning, and refused.

Where the second is None, no validation film is refused: only one with less than half of what the lowest of them has, none for looking
photographed, and by its features only one that is `FAR` off."""

FAR = 1.5
"""So many times as far as the farthest validation film, and a film is refused for its features: one from elsewhere is warned of only."""

LAXEST_FILLED = 0.6
"""A film that fills more of its square than this is whole, whatever the validation films fill: they may all have been squares."""

REGULARISATION = 0.003
PHOTOGRAPH_REGULARISATION = 0.03
MIRROR_REGULARISATION = 0.1
"""Inverse strength of the penalty on the weights of the orientation, of the photograph and of the mirror, as scikit-learn's `C`.
Chosen on validation films, and on pictures that no card counts."""


@dataclass(frozen=True, eq=False)
class SoundFilm:
    """A film as it is, and brought to other proportions: the films of one collection may all be squares, those of others are not.

    Attributes
    ----------
    film, narrow : numpy.ndarray
        Canonical films, float32 (size, size, 1) in [0, 1]; the second is what `reshaped` makes of the first.
    features, narrow_features : numpy.ndarray
        The network's features of either, float32 (channels,).
    """

    film: np.ndarray
    features: np.ndarray
    narrow: np.ndarray
    narrow_features: np.ndarray


def fit_gate(weights_sha256: str, train: Iterable[tuple[SoundFilm, int]], val: Iterable[SoundFilm], seed: int = 0) -> InputGate:
    """Fit the input gate of a classifier.

    Parameters
    ----------
    weights_sha256 : str
        Hash of the classifier's weights file.
    train : iterable of tuple
        The training films, each with an integer that stands for its class in its source: distances are taken from the mean of each.
    val : iterable of SoundFilm
        The validation films.
    seed : int
        Seed of the counterexamples.

    Returns
    -------
    InputGate
    """
    turns, photographs = Examples(), Examples()
    edges, codes, features = [], [], []
    rng = np.random.default_rng(seed)
    for number, (sound, code) in enumerate(train):
        way = WAYS[number % len(WAYS)]
        pictures = {
            "film": sound.film,
            "narrow": sound.narrow,
            "turned": turned(sound.film, way),
            "other": not_a_chest(sound.film, rng),
            "photograph": photographed(sound.film, rng),
        }
        vectors = {name: describe(picture) for name, picture in pictures.items()}
        codes += [code, code]
        features += [sound.features, sound.narrow_features]
        edges += [vectors["film"][1], vectors["narrow"][1]]
        for name, orientation in (
            ("film", ORIENTATIONS[STANDARD]),
            ("narrow", ORIENTATIONS[STANDARD]),
            ("turned", way),
            ("other", NOT_A_CHEST),
        ):
            turns.add(np.concatenate(vectors[name]), ORIENTATIONS.index(orientation))
        for name, target in (("film", 0), ("narrow", 0), ("photograph", 1)):
            photographs.add(np.concatenate([vectors[name][1], spectrum(pictures[name])]), target)
    ungauged = InputGate(
        weights_sha256,
        fit_orientation(turns),
        fit_photograph(photographs),
        fit_mirror(np.stack(edges)),
        Distance.fit(np.stack(edges), np.array(codes)),
        Distance.fit(np.stack(features), np.array(codes)),
        {},
    )
    return replace(ungauged, limits=limits(_measures(ungauged, val)))


def _measures(gate: InputGate, films: Iterable[SoundFilm]) -> list[Measures]:
    """Measure films as they are and brought to other proportions."""
    shown = ((film, row) for sound in films for film, row in ((sound.film, sound.features), (sound.narrow, sound.narrow_features)))
    return [gate.measure(film, row)[0] for film, row in shown]


@dataclass
class Examples:
    """What a classifier of the gate learns from: vectors, and the class of each."""

    vectors: list[np.ndarray] = field(default_factory=list)
    targets: list[int] = field(default_factory=list)

    def add(self, vector: np.ndarray, target: int) -> None:
        """Add one example."""
        self.vectors.append(vector)
        self.targets.append(target)


def fit_orientation(examples: Examples) -> Orientation:
    """Fit the orientation's classifier to examples of the `ORIENTATIONS`; those that do not occur get no probability."""
    rows = np.stack(examples.vectors)
    found = LogisticRegression(C=REGULARISATION, max_iter=1000, tol=1e-3).fit(rows, examples.targets)
    weights, bias = np.zeros((rows.shape[1], len(ORIENTATIONS)), np.float32), np.full(len(ORIENTATIONS), -np.inf, np.float32)
    weights[:, found.classes_], bias[found.classes_] = found.coef_.T, found.intercept_
    return Orientation(weights, bias)


def fit_photograph(examples: Examples) -> Photograph:
    """Fit the photograph's classifier to examples of films (0) and of photographs (1)."""
    scaler, found = StandardScaler(), LogisticRegression(C=PHOTOGRAPH_REGULARISATION, max_iter=1000)
    make_pipeline(scaler, found).fit(np.stack(examples.vectors), examples.targets)
    weights = found.coef_[0] / scaler.scale_
    return Photograph(weights.astype(np.float32), float(found.intercept_[0] - weights @ scaler.mean_))


def fit_mirror(edges: np.ndarray) -> Mirror:
    """Fit what tells films from their mirror images to the edges' vectors of films as they are, shape (n, d)."""
    apart = edges - of_mirror_image(edges)
    found = LogisticRegression(C=MIRROR_REGULARISATION, max_iter=1000, fit_intercept=False)
    found.fit(np.concatenate([apart, -apart]), np.repeat([0, 1], len(edges)))
    weights = found.coef_[0]
    return Mirror((weights - of_mirror_image(weights)).astype(np.float32))


def limits(measures: Iterable[Measures]) -> dict[str, tuple[float, float]]:
    """Set the thresholds from what validation films measure, as `PERCENTILES` says."""
    columns = Measures(*np.array(list(measures), np.float64).T)
    found = {}
    for name, (warning, refused) in PERCENTILES.items():
        values = getattr(columns, name)
        first = float(np.percentile(values, warning))
        never = FAR * float(values.max()) if name == "features" else np.inf if name in RISING else float(values.min() / 2)
        found[name] = (first, never if refused is None else float(np.percentile(values, refused)))
    if found["filled"][0] > LAXEST_FILLED:
        found["filled"] = (LAXEST_FILLED, min(LAXEST_FILLED / 2, found["filled"][1]))
    return found
