"""How well the lung fields fit outlines drawn by hand."""

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from cxr_core.card import LungFieldResult
from cxr_core.imaging import lung_fields

OUTLINES = Path(__file__).with_name("lung_polygons.json")
"""Our own outlines of lungs, by film of the known data set. It holds no film."""


def dice(one: np.ndarray, other: np.ndarray) -> float:
    """Overlap of two masks, bool of the same shape: twice what they share over the sum of both (Dice 1945); 1 if both are empty."""
    total = int(one.sum() + other.sum())
    return 2 * int((one & other).sum()) / total if total else 1.0


def drawn_mask(polygons: list[list[list[float]]], size: int) -> np.ndarray:
    """Fill polygons, points (x, y) in shares of the film's sides, as a mask: bool, shape (size, size)."""
    fine = 4
    mask = np.zeros((size * fine, size * fine), np.uint8)
    for points in polygons:
        cv2.fillPoly(mask, [np.rint(np.array(points) * size * fine).astype(np.int32)], 1)
    return cv2.resize(mask.astype(np.float32), (size, size), interpolation=cv2.INTER_AREA) > 0.5


def check_lung_fields(data: Path, load: Callable[[list[Path]], np.ndarray]) -> LungFieldResult | None:
    """Compare the lung fields with the outlines of those films that the method was not fitted on.

    Parameters
    ----------
    data : Path
        Data folder.
    load : callable
        Gives canonical films of files, float32 (n, size, size, 1). The outlined films are square, so nothing of them is padding.

    Returns
    -------
    LungFieldResult or None
        None where none of the films is in the folder.
    """
    outlined = json.loads(OUTLINES.read_text(encoding="utf-8"))["films"]
    fitted = sum(film["use"] == "fit" for film in outlined)
    checked = [film for film in outlined if film["use"] == "check" and (data / film["path"]).is_file()]
    if not checked:
        return None
    films = load([data / film["path"] for film in checked])
    truth = [drawn_mask(film["polygons"], films.shape[1]) for film in checked]
    found = [dice(lung_fields(film), mask) for film, mask in zip(films, truth, strict=True)]
    # A film of nothing has no edges to fit to, so the mean outline stays where it usually is.
    unfitted = lung_fields(np.zeros_like(films[0]))
    return LungFieldResult(
        dice={Path(film["path"]).name: round(value, 4) for film, value in zip(checked, found, strict=True)},
        mean=float(np.mean(found)),
        unfitted_mean=float(np.mean([dice(unfitted, mask) for mask in truth])),
        fitted_on=fitted,
    )
