"""How far saliency maps can be believed: what the card says of it."""

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import cv2
import keras
import numpy as np
from scipy.special import softmax

from cxr_core.artifacts import InsideShare, Mean, PatchCurve, RandomisedStage, SaliencyResult
from cxr_core.labels import CLASS_NAMES
from cxr_core.lungs import Prepared
from cxr_core.models import Classifier, backbone_layers, build_classifier
from cxr_core.saliency import outside_warning, rank_correlation, share_inside
from cxr_core.saliency.methods import METHODS, GradCAM, all_maps
from cxr_core.stats import resampled_counts

FILMS_PER_CLASS = 10
AGREEMENT_PER_CLASS = 1
"""Films on which every method is run: Score-CAM and SmoothGrad take seconds a film."""

PATCHES = 10
"""Patches along a side of the film."""

STEPS = 10
"""Steps in which all of them are taken away or put back."""

BLUR = 0.06
"""Gaussian sigma of the film that insertion starts from, in shares of its side."""

METHOD = (
    f"Grad-CAM of the top class, on up to {FILMS_PER_CLASS} films of each class drawn at random with seed 0. Deletion and insertion in "
    f"{STEPS} steps over {PATCHES} x {PATCHES} patches: deletion paints them in the film's mean grey, insertion puts them back into the "
    f"film blurred with a Gaussian of {BLUR:.0%} of its side; the random order is of the same patches. Randomised layers have the values "
    "of each of their weights shuffled, from the last layer down. Intervals are from bootstrap resamples of near-duplicate groups."
)

_BATCH = 16

Count = Callable[[int, int], None]
"""Called with how many of the films are done and how many there are."""


def draw_films(y_true: np.ndarray, per_class: int = FILMS_PER_CLASS, seed: int = 0) -> np.ndarray:
    """Draw films of each class by lot; all of a class that has fewer.

    Parameters
    ----------
    y_true : numpy.ndarray
        int, shape (n,): class codes.
    per_class, seed : int
        How many, and the seed of the draw.

    Returns
    -------
    numpy.ndarray
        int: row numbers, class after class.
    """
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.permutation(np.flatnonzero(y_true == code))[:per_class] for code in range(len(CLASS_NAMES))])


def check_saliency(
    classifier: Classifier, prepared: Sequence[Prepared], y_true: np.ndarray, groups: np.ndarray, count: Count
) -> SaliencyResult:
    """Put a classifier's saliency maps to the test.

    Parameters
    ----------
    classifier : Classifier
        Its network is left as it is.
    prepared : sequence of Prepared
        The films as the networks see them.
    y_true : numpy.ndarray
        int, shape (n,): class codes.
    groups : numpy.ndarray
        Shape (n,): near-duplicate group of each film.
    count : callable
        See `Count`.

    Returns
    -------
    SaliencyResult
    """
    films = np.stack([film.canonical for film in prepared])
    copy = build_classifier(classifier.identity.backbone, classifier.identity.size, dilated=classifier.identity.dilated)
    copy.set_weights(classifier.network.get_weights())
    gradcam = GradCAM(copy)
    maps, top = _maps(gradcam, films), _probabilities(classifier, films).argmax(1)
    of_top = maps[np.arange(len(films)), top]
    compared = np.concatenate([np.flatnonzero(y_true == code)[:AGREEMENT_PER_CLASS] for code in range(len(CLASS_NAMES))])
    # Everything that needs the trained weights comes before the copy's are shuffled.
    agreement = method_agreement(classifier.network, gradcam, films[compared], top[compared])
    deletion, insertion = patch_curves(classifier, films, of_top, top, groups, count)
    mixed = np.random.default_rng(0).permutation(len(films))
    others = [rank_correlation(of_top[one], of_top[other]) for one, other in zip(mixed, np.roll(mixed, 1), strict=True) if one != other]
    return SaliencyResult(
        films=len(films),
        method=METHOD,
        deletion=deletion,
        insertion=insertion,
        randomised=randomised_stages(copy, gradcam, films, of_top, top, groups),
        other_film=mean_of(np.array(others), np.arange(len(others))),
        agreement_films=len(compared),
        agreement=agreement,
        inside=inside_shares(prepared, of_top, top, groups),
    )


def mean_of(values: np.ndarray, groups: np.ndarray) -> Mean:
    """Average over films, shape (n,), with a 95% percentile interval from resamples of their groups; NaN is left out."""
    value, low, high = mean_with_bounds(values, groups)
    return Mean(value=value, low=low, high=high)


def mean_with_bounds(values: np.ndarray, groups: np.ndarray) -> tuple[float | None, float | None, float | None]:
    """Average over films as `mean_of` does, whatever range the values have: the mean and the bounds of its interval."""
    known = np.isfinite(values)
    if not known.any():
        return None, None, None
    values, counts = values[known], resampled_counts(groups[known])
    low, high = np.percentile(counts @ values / counts.sum(1), (2.5, 97.5))
    return float(values.mean()), float(low), float(high)


def patch_curves(
    classifier: Classifier, films: np.ndarray, maps: np.ndarray, codes: np.ndarray, groups: np.ndarray, count: Count
) -> tuple[PatchCurve, PatchCurve]:
    """Draw deletion and insertion curves of saliency maps (Petsiuk et al. 2018, arXiv:1806.07421, section 4.2).

    Parameters
    ----------
    classifier : Classifier
    films : numpy.ndarray
        float32, shape (n, size, size, 1).
    maps : numpy.ndarray
        float32, shape (n, h, w).
    codes : numpy.ndarray
        int, shape (n,): the class of each map.
    groups : numpy.ndarray
        Shape (n,).
    count : callable
        See `Count`.

    Returns
    -------
    deletion, insertion : PatchCurve
    """
    rng = np.random.default_rng(0)
    places = PATCHES * np.arange(films.shape[1]) // films.shape[1]
    patch = places[:, np.newaxis] * PATCHES + places
    # Axes: film, deletion or insertion, by saliency or at random, step.
    found = np.empty((len(films), 2, 2, STEPS + 1))
    for number, (film, saliency, code) in enumerate(zip(films, maps, codes, strict=True)):
        grey, blurred = np.full_like(film, film.mean()), cv2.GaussianBlur(film, (0, 0), BLUR * film.shape[0])[..., np.newaxis]
        ranks = [_ranks(-_on_patches(saliency)), rng.permutation(PATCHES**2)]
        shown = []
        for start, end in ((film, grey), (blurred, film)):
            for rank in ranks:
                last = (rank[patch] * STEPS // PATCHES**2)[..., np.newaxis]
                shown += [np.where(last < step, end, start) for step in range(STEPS + 1)]
        found[number] = _probabilities(classifier, np.stack(shown))[:, code].reshape(2, 2, STEPS + 1)
        count(number + 1, len(films))
    deletion, insertion = (_curve(found[:, kind], sign, groups) for kind, sign in ((0, -1), (1, 1)))
    return deletion, insertion


def _on_patches(saliency: np.ndarray) -> np.ndarray:
    return cv2.resize(saliency, (PATCHES, PATCHES), interpolation=cv2.INTER_LINEAR).ravel()


def _ranks(values: np.ndarray) -> np.ndarray:
    """Rank places from the smallest value up, shape (places,)."""
    ranks = np.empty(len(values), int)
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    return ranks


def _curve(found: np.ndarray, sign: int, groups: np.ndarray) -> PatchCurve:
    """Summarise probabilities, shape (films, by saliency or at random, steps); `sign` is 1 where a larger area is better."""
    areas = np.trapezoid(found, dx=1 / STEPS, axis=2)
    by_saliency, at_random = found.mean(0)
    return PatchCurve(
        fraction=[step / STEPS for step in range(STEPS + 1)],
        by_saliency=[round(float(value), 6) for value in by_saliency],
        at_random=[round(float(value), 6) for value in at_random],
        area=mean_of(areas[:, 0], groups),
        random_area=mean_of(areas[:, 1], groups),
        gain=mean_of(sign * (areas[:, 0] - areas[:, 1]), groups),
    )


def randomised_stages(
    network: keras.Model, gradcam: GradCAM, films: np.ndarray, maps: np.ndarray, codes: np.ndarray, groups: np.ndarray
) -> list[RandomisedStage]:
    """Compare maps with those of the same network as more and more of it is randomised (Adebayo et al. 2018, arXiv:1810.03292).

    Each weight keeps its values and loses their order, so that the signal's scale survives in a deep network.

    Parameters
    ----------
    network : keras.Model
        A copy that may be corrupted.
    gradcam : GradCAM
        Of that copy.
    films, maps, codes, groups : numpy.ndarray
        As in `patch_curves`.

    Returns
    -------
    list of RandomisedStage
        From the last layer alone to all of them.
    """
    rng = np.random.default_rng(0)
    backbone = [layer for layer in backbone_layers(network) if layer.weights]
    half = len(backbone) // 2
    stages = (
        ("last layer", [network.get_layer("logits")]),
        ("head", [network.get_layer("head_dense"), network.get_layer("head_normalisation")]),
        ("head and upper half of the backbone", backbone[half:]),
        ("all layers", backbone[:half]),
    )
    results = []
    for name, layers in stages:
        for weight in (weight for layer in layers for weight in layer.weights):
            weight.assign(rng.permutation(weight.numpy().ravel()).reshape(weight.shape))
        changed = _maps(gradcam, films)[np.arange(len(films)), codes]
        correlations = np.array([rank_correlation(one, other) for one, other in zip(maps, changed, strict=True)])
        results.append(RandomisedStage(layers=name, correlation=mean_of(correlations, groups)))
    return results


def method_agreement(network: keras.Model, gradcam: GradCAM, films: np.ndarray, codes: np.ndarray) -> dict[str, dict[str, float]]:
    """Average the rank correlation of the maps of each two of `METHODS`, on films (n, size, size, 1) and the class of each."""
    methods = [method.build(network, gradcam) for method in METHODS.values()]
    maps = [[method.explain(film[np.newaxis], int(code), _unheard) for film, code in zip(films, codes, strict=True)] for method in methods]
    matrix: dict[str, dict[str, float]] = {name: {name: 1.0} for name in METHODS}
    for (one, first), (other, second) in itertools.combinations(zip(METHODS, maps, strict=True), 2):
        mean = float(np.mean([rank_correlation(a, b) for a, b in zip(first, second, strict=True)]))
        matrix[one][other] = matrix[other][one] = round(mean, 4)
    return matrix


def inside_shares(films: Sequence[Prepared], maps: np.ndarray, codes: np.ndarray, groups: np.ndarray) -> dict[str, InsideShare]:
    """Say by class how much of the maps, shape (n, h, w), lies inside the lungs; classes that no film was called are left out."""
    shares = np.array([share_inside(saliency, film.lung_mask) for saliency, film in zip(maps, films, strict=True)])
    areas = np.array([film.lungs.area for film in films])
    warned = np.array([outside_warning(share, area) is not None for share, area in zip(shares, areas, strict=True)])
    results = {}
    for code, name in enumerate(CLASS_NAMES):
        rows = codes == code
        if rows.any():
            results[name] = InsideShare(
                films=int(rows.sum()),
                share=mean_of(shares[rows], groups[rows]),
                area=float(areas[rows].mean()),
                warned=int(warned[rows].sum()),
                no_better=int((shares <= areas)[rows].sum()),
            )
    return results


def _maps(gradcam: GradCAM, films: np.ndarray) -> np.ndarray:
    """Explain all classes, film by film: one size of batch is compiled for once, as in the app."""
    return np.concatenate([all_maps(gradcam, film[np.newaxis]) for film in films])


def _probabilities(classifier: Classifier, films: np.ndarray) -> np.ndarray:
    """Take the plain softmax of the network, in batches that bound the memory."""
    logits = [classifier.outputs(part).logits for part in _parts(films)]
    return softmax(np.concatenate(logits), axis=1)


def _parts(films: np.ndarray) -> Iterable[np.ndarray]:
    return (films[start : start + _BATCH] for start in range(0, len(films), _BATCH))


def _unheard(*_: Any) -> None:
    """Take a report of progress that nobody waits for."""
