"""Where Grad-CAM points: into what radiologists outlined, and into the lungs."""

from collections.abc import Callable

import numpy as np

from cxr_core.artifacts import PointingResult, Ratio
from cxr_core.data import read_mask
from cxr_core.evaluation.inputs import Inputs
from cxr_core.evaluation.saliency_checks import mean_with_bounds
from cxr_core.labels import CLASS_NAMES, COVID
from cxr_core.models import Classifier
from cxr_core.reading import BATCH, load_films
from cxr_core.saliency import film_map
from cxr_core.saliency.methods import GradCAM, all_maps
from cxr_core.stats import Interval, share

Count = Callable[[int, int], None]


def pointing_result(classifier: Classifier, inputs: Inputs, top: np.ndarray, count: Count) -> PointingResult | None:
    """Play the pointing game on the films of the card that have masks.

    Parameters
    ----------
    classifier : Classifier
    inputs : Inputs
        Films and masks.
    top : numpy.ndarray
        int, shape (n,): the class that each film of the card is called.
    count : callable
        Called with how many films are done and how many there are.

    Returns
    -------
    PointingResult or None
        None where there are no masks.
    """
    masks = inputs.masks
    if masks is None:
        return None
    gradcam, identity = GradCAM(classifier.network), classifier.identity
    hits, outlines, outlined_rows, ratios, empty = [], [], [], [], 0
    even_ratios, outlines_in_box = [], []
    covid = inputs.chosen["label"] == CLASS_NAMES[COVID]
    for start in range(0, len(masks), BATCH):
        part = masks.iloc[start : start + BATCH]
        films = load_films([inputs.root / path for path in inputs.chosen["path"].iloc[part["row"]]], identity.size, identity.crop)
        shown = np.zeros((BATCH, identity.size, identity.size, 1), np.float32)  # one size of batch is compiled for once
        shown[: len(films)] = [film.canonical for film in films]
        maps = all_maps(gradcam, shown)
        for film, of_film, row, lungs, infection in zip(films, maps, part["row"], part["lungs"], part["infection"], strict=False):
            inside = read_mask(inputs.root, lungs)
            even = np.ones_like(of_film[top[row]])
            ratios.append(share_ratio(film_map(of_film[top[row]], film.box, *inside.shape), inside))
            even_ratios.append(share_ratio(film_map(even, film.box, *inside.shape), inside))
            empty += not of_film[top[row]].any()
            if infection and covid.iloc[row]:
                outline = read_mask(inputs.root, infection)
                if not outline.any():  # some outlines of the public masks are empty
                    continue
                hits.append(points_into(film_map(of_film[COVID], film.box, *outline.shape), outline))
                outlines.append(outline.mean())
                outlines_in_box.append(outline[film_map(even, film.box, *outline.shape) > 0].mean())
                outlined_rows.append(row)
        count(start + len(part), len(masks))
    groups = inputs.chosen["group"].to_numpy()
    value, low, high = mean_with_bounds(np.array(ratios), groups[masks["row"]])
    return PointingResult(
        outlined=len(hits),
        inside=share(np.array(hits), groups[outlined_rows]) if hits else Interval(value=None),
        chance=float(np.mean(outlines)) if hits else 0.0,
        chance_in_box=float(np.mean(outlines_in_box)) if hits else 0.0,
        masked=len(masks),
        lung_ratio=Ratio(value=value, low=low, high=high),
        even_ratio=float(np.nanmean(even_ratios)) if np.isfinite(even_ratios).any() else None,
        empty=empty,
    )


def points_into(saliency: np.ndarray, outline: np.ndarray) -> bool:
    """Tell whether the peak of a map lies inside an outline.

    Parameters
    ----------
    saliency : numpy.ndarray
        float32, shape (h, w), over the film. Of several places of the highest value the one nearest to their middle is the peak; a map
        that is zero everywhere points nowhere.
    outline : numpy.ndarray
        bool, shape (h, w).

    Returns
    -------
    bool
    """
    highest = saliency.max()
    if highest <= 0:
        return False
    places = np.argwhere(saliency == highest)
    nearest = np.abs(places - places.mean(0)).sum(1).argmin()
    return bool(outline[tuple(places[nearest])])


def share_ratio(saliency: np.ndarray, lungs: np.ndarray) -> float:
    """Divide the share of a map that lies inside the lungs by the lungs' share of the film; NaN where either is nothing.

    Parameters
    ----------
    saliency : numpy.ndarray
        float32, shape (h, w), not negative, over the film.
    lungs : numpy.ndarray
        bool, shape (h, w).

    Returns
    -------
    float
    """
    total, area = float(saliency.sum()), float(lungs.mean())
    return float(saliency[lungs].sum() / total / area) if total > 0 and area > 0 else float("nan")
