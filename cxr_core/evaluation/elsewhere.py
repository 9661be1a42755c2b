"""How a classifier does on films from elsewhere, and what it knows of where films come from: the part of the card that stands first."""

from collections.abc import Sequence

import numpy as np

from cxr_core.artifacts import (
    UNLABELLED,
    CollectionResult,
    Disagreement,
    Elsewhere,
    NetworkResult,
    PointingResult,
    UnseenResult,
)
from cxr_core.calibration import disagreement
from cxr_core.evaluation.inputs import Collection
from cxr_core.evaluation.metrics import roc_area
from cxr_core.evaluation.read_films import UNKNOWN, ReadFilms
from cxr_core.evaluation.sources import source_probes, source_results, source_totals
from cxr_core.gate import InputGate
from cxr_core.labels import CLASS_NAMES, COVID
from cxr_core.stats import share, share_among

LUNG_OPACITY, NORMAL, VIRAL = (CLASS_NAMES.index(name) for name in ("Lung_Opacity", "Normal", "Viral Pneumonia"))

DETECTOR = (
    "The gate takes the distance of a film's pooled features from the nearest mean of a class in one source, under one covariance for all "
    "of them (Mahalanobis distance; Lee et al. 2018, arXiv:1807.03888). The method was chosen beforehand and tried on no film from "
    "elsewhere; its threshold leaves 5% of the validation films above it."
)


def elsewhere_part(
    own: ReadFilms,
    sources: np.ndarray,
    collections: Sequence[tuple[Collection, ReadFilms]],
    gate: InputGate,
    pointing: PointingResult | None,
    networks: Sequence[str],
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
    networks : sequence of str
        Backbones of the networks that are averaged, as in `ReadFilms.alone`.

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
    unseen = [films for one, films in collections if not one.seen]
    return Elsewhere(
        unseen=unseen_result([(collection.name, films) for collection, films in collections if not collection.seen]),
        collections=sorted(results, key=lambda one: one.seen),
        sources=source_results(own, sources),
        by_source=source_totals(own, sources),
        probes=source_probes(own, sources),
        detector=DETECTOR,
        own_warned=share(at_home > threshold, own.groups),
        pointing=pointing,
        alone=network_results(networks, own, unseen) if len(networks) > 1 else [],
        disagreement={
            name: disagreement_result(films)
            for name, films in (("own", [own]), ("unseen", unseen))
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
    all_films = _together([films for _, films in known])
    y_true, top, groups = all_films.y_true, all_films.top, all_films.groups
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
    films = _together(collections)
    alone, groups = films.alone, films.groups
    labelled, wrong = films.y_true != UNKNOWN, films.top != films.y_true
    apart = alone[:, 0].argmax(1) != alone[:, -1].argmax(1)
    return Disagreement(
        films=int(labelled.sum()),
        apart=share_among(apart, labelled, groups),
        wrong_apart=share_among(wrong, labelled & apart, groups),
        wrong_alike=share_among(wrong, labelled & ~apart, groups),
        tells_wrong=roc_area(wrong[labelled], disagreement(alone[labelled]), groups[labelled]),
    )


def network_results(networks: Sequence[str], own: ReadFilms, unseen: Sequence[ReadFilms]) -> list[NetworkResult]:
    """Measure each network alone at home, and on all films that no training saw."""
    away = _together([own, *unseen])
    strange = np.arange(len(away.y_true)) >= len(own.y_true)
    results = []
    for number, network in enumerate(networks):
        top, home = away.alone[:, number].argmax(1), own.alone[:, number].argmax(1)
        results.append(
            NetworkResult(
                network=network,
                own=share_among(home == own.y_true, own.y_true != UNKNOWN, own.groups),
                unseen=share_among(top == away.y_true, strange & (away.y_true != UNKNOWN), away.groups),
                normals_called_covid=share_among(top == COVID, strange & (away.y_true == NORMAL), away.groups),
            )
        )
    return results


def distances(gate: InputGate, features: np.ndarray) -> np.ndarray:
    """Return the gate's distance of each row of features, shape (n,)."""
    return np.array([gate.features(row) for row in features])


def _apart(name: str, groups: np.ndarray) -> np.ndarray:
    """Keep the groups of one collection from being taken for another's."""
    return np.array([f"{name}:{group}" for group in groups])


def _together(collections: Sequence[ReadFilms]) -> ReadFilms:
    """Put films of several collections into one."""

    def joined(what: str) -> np.ndarray:
        return np.concatenate([getattr(films, what) for films in collections])

    return ReadFilms(
        y_true=joined("y_true"),
        probabilities=joined("probabilities"),
        features=joined("features"),
        alone=joined("alone"),
        groups=np.concatenate([_apart(str(number), films.groups) for number, films in enumerate(collections)]),
        outcomes=[outcome for films in collections for outcome in films.outcomes],
    )
