"""How a classifier does on films from elsewhere, and what it knows of where films come from: the part of the card that stands first."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from cxr_core.artifacts import (
    UNLABELLED,
    CollectionResult,
    Disagreement,
    Elsewhere,
    PointingResult,
    SourceProbe,
    SourceResult,
    UnseenResult,
)
from cxr_core.calibration import disagreement
from cxr_core.evaluation.inputs import Collection
from cxr_core.evaluation.metrics import roc_area
from cxr_core.gate import GateOutcome, InputGate
from cxr_core.labels import CLASS_NAMES, COVID
from cxr_core.stats import interval, resampled_counts, share, share_among

LUNG_OPACITY, NORMAL, VIRAL = (CLASS_NAMES.index(name) for name in ("Lung_Opacity", "Normal", "Viral Pneumonia"))

UNKNOWN = -1
"""Code of a film that has none of the four classes."""

FOLDS = 5
LEAST_OF_A_SOURCE = 20
"""Sources of a class with fewer films, or fewer groups than folds, are left out of its probe: a fold would hold a handful."""

REGULARISATION = 0.01
"""Inverse strength of the penalty on the probe's weights, as scikit-learn's `C`, on features of variance 1."""

DETECTOR = (
    "The gate takes the distance of a film's pooled features from the nearest mean of a class in one source, under one covariance for all "
    "of them (Mahalanobis distance; Lee et al. 2018, arXiv:1807.03888). The method was chosen beforehand and tried on no film from "
    "elsewhere; its threshold leaves 5% of the validation films above it."
)


@dataclass(frozen=True, eq=False)
class ReadFilms:
    """Films of one collection, and what was made of them.

    Attributes
    ----------
    y_true : numpy.ndarray
        int, shape (n,): class codes, `UNKNOWN` where a film has none of the four.
    probabilities : numpy.ndarray
        Shape (n, 4): calibrated, rows summing to 1.
    features : numpy.ndarray
        float32, shape (n, channels): the network's pooled features.
    alone : numpy.ndarray
        float32, shape (n, networks, 4): the logits of each network alone.
    groups : numpy.ndarray
        Shape (n,): what is resampled together.
    outcomes : sequence of GateOutcome
        What the gate said of each.
    """

    y_true: np.ndarray
    probabilities: np.ndarray
    features: np.ndarray
    alone: np.ndarray
    groups: np.ndarray
    outcomes: Sequence[GateOutcome]

    @property
    def top(self) -> np.ndarray:
        """The class that each film is called, int, shape (n,)."""
        return self.probabilities.argmax(1)


def elsewhere_part(
    own: ReadFilms,
    sources: np.ndarray,
    collections: Sequence[tuple[Collection, ReadFilms]],
    gate: InputGate,
    pointing: PointingResult | None,
) -> Elsewhere:
    """Put the part together.

    Parameters
    ----------
    own : ReadFilms
        Films of the card's split.
    sources : numpy.ndarray
        Shape (n,): the source of each of them, empty where it is unknown.
    collections : sequence of tuple
        What was measured of each collection.
    gate : InputGate
        Measures how far features lie from those of the training.
    pointing : PointingResult or None
        From `cxr_core.evaluation.pointing`.

    Returns
    -------
    Elsewhere
    """
    at_home, threshold = distances(gate, own.features), gate.limits["features"][0]
    results = []
    for collection, films in collections:
        away = distances(gate, films.features)
        both = np.concatenate([np.zeros(len(at_home)), np.ones(len(away))])
        together = np.concatenate([_apart("own", own.groups), _apart("other", films.groups)])
        results.append(
            CollectionResult(
                name=collection.name,
                about=collection.about,
                seen=collection.seen,
                **class_figures(films),
                told_from_own=roc_area(both == 1, np.concatenate([at_home, away]), together),
                warned_elsewhere=share(away > threshold, films.groups),
                read=share(np.array([one.outcome == "read" for one in films.outcomes]), films.groups),
                refused=share(np.array([one.outcome == "refused" for one in films.outcomes]), films.groups),
            )
        )
    return Elsewhere(
        unseen=unseen_result([(collection.name, films) for collection, films in collections if not collection.seen]),
        collections=sorted(results, key=lambda one: one.seen),
        sources=source_results(own, sources),
        probes=source_probes(own, sources),
        detector=DETECTOR,
        own_warned=share(at_home > threshold, own.groups),
        pointing=pointing,
        disagreement={
            name: disagreement_result(films)
            for name, films in (("own", [own]), ("unseen", [films for one, films in collections if not one.seen]))
            if own.alone.shape[1] > 1 and any((one.y_true != UNKNOWN).any() for one in films)
        },
    )


def class_figures(films: ReadFilms) -> dict[str, object]:
    """Measure a classifier on one collection: the fields of `CollectionResult` that need no other films."""
    y_true, top, groups = films.y_true, films.top, films.groups
    labelled, normal = y_true != UNKNOWN, y_true == NORMAL
    names = {**dict(enumerate(CLASS_NAMES)), UNKNOWN: UNLABELLED}
    viral = films.probabilities[:, VIRAL] / np.maximum(films.probabilities[:, [LUNG_OPACITY, VIRAL]].sum(1), 1e-12)
    pneumonia = np.isin(y_true, (LUNG_OPACITY, VIRAL))
    mixed = normal.any() and (labelled & ~normal).any()
    return {
        "called": {
            names[code]: np.bincount(top[y_true == code], minlength=len(CLASS_NAMES)).tolist() for code in names if (y_true == code).any()
        },
        "accuracy": share_among(top == y_true, labelled, groups),
        "normal_called_covid": share_among(top == COVID, normal, groups),
        "other_called_covid": share_among(top == COVID, ~normal & (y_true != COVID), groups),
        "recall": {
            name: share_among(top == code, y_true == code, groups) for code, name in enumerate(CLASS_NAMES) if (y_true == code).any()
        },
        "normal_against_rest": share_among((top == NORMAL) == normal, labelled & mixed, groups),
        "bacterial_against_viral": roc_area(y_true[pneumonia] == VIRAL, viral[pneumonia], groups[pneumonia]),
    }


def unseen_result(collections: Sequence[tuple[str, ReadFilms]]) -> UnseenResult | None:
    """Pool the collections that no training saw; None where none of them has films of the four classes."""
    known = [(name, films) for name, films in collections if (films.y_true != UNKNOWN).any()]
    if not known:
        return None
    y_true, top = (np.concatenate([getattr(films, what) for _, films in known]) for what in ("y_true", "top"))
    groups = np.concatenate([_apart(name, films.groups) for name, films in known])
    labelled, normal, hits = y_true != UNKNOWN, y_true == NORMAL, top == y_true
    return UnseenResult(
        collections=[name for name, _ in known],
        films=int(labelled.sum()),
        right=int(hits.sum()),
        accuracy=share_among(hits, labelled, groups),
        normals=int(normal.sum()),
        normals_called_covid=int((normal & (top == COVID)).sum()),
        false_positive_rate=share_among(top == COVID, normal, groups),
    )


def disagreement_result(collections: Sequence[ReadFilms]) -> Disagreement:
    """Measure on films of the four classes how well the networks' disagreement tells that a read is wrong."""
    y_true, top = (np.concatenate([getattr(films, what) for films in collections]) for what in ("y_true", "top"))
    alone = np.concatenate([films.alone for films in collections])
    groups = np.concatenate([_apart(str(number), films.groups) for number, films in enumerate(collections)])
    labelled, wrong = y_true != UNKNOWN, top != y_true
    apart = alone[:, 0].argmax(1) != alone[:, -1].argmax(1)
    return Disagreement(
        films=int(labelled.sum()),
        apart=share_among(apart, labelled, groups),
        wrong_apart=share_among(wrong, labelled & apart, groups),
        wrong_alike=share_among(wrong, labelled & ~apart, groups),
        tells_wrong=roc_area(wrong[labelled], disagreement(alone[labelled]), groups[labelled]),
    )


def source_results(own: ReadFilms, sources: np.ndarray) -> list[SourceResult]:
    """Measure the films of each class by their source; films of unknown source are left out."""
    results = []
    for code, name in enumerate(CLASS_NAMES):
        for source in sorted(set(sources[own.y_true == code]) - {""}):
            rows = (own.y_true == code) & (sources == source)
            results.append(
                SourceResult(
                    label=name,
                    source=str(source),
                    films=int(rows.sum()),
                    recall=share_among(own.top == code, rows, own.groups),
                    called_covid=share_among(own.top == COVID, rows, own.groups),
                )
            )
    return results


def source_probes(own: ReadFilms, sources: np.ndarray) -> list[SourceProbe]:
    """Ask of each class how well the source of its films can be read off their features.

    A logistic regression on standardised features, sources weighted alike, in folds that keep near-duplicates together.
    """
    probes = []
    for code, name in enumerate(CLASS_NAMES):
        of_class = own.y_true == code
        counts = {
            str(source): int((of_class & (sources == source)).sum())
            for source in sorted(set(sources[of_class]) - {""})
            if len(set(own.groups[of_class & (sources == source)])) >= LEAST_OF_A_SOURCE
        }
        if len(counts) < 2:
            continue
        rows = of_class & np.isin(sources, list(counts))
        targets, groups = sources[rows].astype(str), own.groups[rows]
        probe = make_pipeline(StandardScaler(), LogisticRegression(C=REGULARISATION, class_weight="balanced", max_iter=1000))
        folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
        named = cross_val_predict(probe, own.features[rows].astype(np.float64), targets, groups=groups, cv=folds)
        counted = resampled_counts(groups)
        with np.errstate(invalid="ignore"):
            recalls = [
                counted[:, targets == source] @ (named == targets)[targets == source] / counted[:, targets == source].sum(1)
                for source in counts
            ]
        probes.append(
            SourceProbe(
                label=name,
                sources=counts,
                balanced_accuracy=interval(float(balanced_accuracy_score(targets, named)), np.nanmean(recalls, axis=0)),
                chance=1 / len(counts),
            )
        )
    return probes


def distances(gate: InputGate, features: np.ndarray) -> np.ndarray:
    """Return the gate's distance of each row of features, shape (n,)."""
    return np.array([gate.features(row) for row in features])


def _apart(name: str, groups: np.ndarray) -> np.ndarray:
    """Keep the groups of one collection from being taken for another's."""
    return np.array([f"{name}:{group}" for group in groups])
