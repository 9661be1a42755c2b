"""The card's split by where its films come from, and what the features know of that."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from cxr_core.artifacts import SourceProbe, SourceResult, SourceTotal
from cxr_core.evaluation.read_films import UNKNOWN, ReadFilms
from cxr_core.labels import CLASS_NAMES, COVID
from cxr_core.stats import interval, resampled_counts, share_among

FOLDS = 5
LEAST_OF_A_SOURCE = 20
"""Sources of a class with fewer films, or fewer groups than folds, are left out of its probe: a fold would hold a handful."""

REGULARISATION = 0.01
"""Inverse strength of the penalty on the probe's weights, as scikit-learn's `C`, on features of variance 1."""


def source_totals(own: ReadFilms, sources: np.ndarray) -> list[SourceTotal]:
    """Measure the films of each source over the classes; films of unknown source are left out."""
    totals = []
    for source in sorted(set(sources[own.y_true != UNKNOWN]) - {""}):
        rows = (sources == source) & (own.y_true != UNKNOWN)
        counts = np.bincount(own.y_true[rows], minlength=len(CLASS_NAMES)).tolist()
        totals.append(
            SourceTotal(
                source=str(source),
                labels={name: count for name, count in zip(CLASS_NAMES, counts, strict=True) if count},
                accuracy=share_among(own.top == own.y_true, rows, own.groups),
                called_covid=share_among(own.top == COVID, rows & (own.y_true != COVID), own.groups),
            )
        )
    return totals


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
