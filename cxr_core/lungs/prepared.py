"""A film as the networks see it: what reading, training and measuring all start from."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import cv2
import numpy as np

from cxr_core.imaging import WHOLE_FILM, Box, Film, model_input, square_input
from cxr_core.lungs.fields import LungFields, lungs_of
from cxr_core.lungs.layout import LUNG_SIDE
from cxr_core.lungs.runtime import LungNetwork

SQUARE_SIDE = 192
"""Side of the square that the input gate looks at, in pixels."""

Crop = Literal["lungs", "none"]
"""What of a film a classifier sees: the box around its lungs, or all of it."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """A film as the networks see it.

    Attributes
    ----------
    square : numpy.ndarray
        float32, shape (SQUARE_SIDE, SQUARE_SIDE, 1): the whole film, for the input gate.
    lungs : LungFields
        Where its lungs lie.
    box : Box
        What of the film the classifier sees.
    canonical : numpy.ndarray
        float32, shape (size, size, 1): what the classifier sees.
    """

    square: np.ndarray
    lungs: LungFields
    box: Box
    canonical: np.ndarray

    @cached_property
    def lung_mask(self) -> np.ndarray:
        """The lungs over what the classifier sees: float32, shape (size, size), values in [0, 1]; zero where they are doubtful."""
        size = len(self.canonical)
        if self.lungs.doubt is not None:
            return np.zeros((size, size), np.float32)
        return self.lungs.within(self.box, size, size)


def prepare(film: Film, size: int, crop: Crop = "lungs", network: LungNetwork | None = None) -> Prepared:
    """Prepare a film for a classifier and its input gate.

    Parameters
    ----------
    film : Film
        The film.
    size : int
        Side of the classifier's input in pixels.
    crop : {"lungs", "none"}
        What the classifier sees. Where the lungs are doubtful it sees the whole film.
    network : LungNetwork, optional
        The shipped one, where none is given.

    Returns
    -------
    Prepared

    Raises
    ------
    LungNetworkMissingError, LungNetworkDamagedError
        As `LungNetwork.load`.
    """
    lungs = lungs_of(square_input(film, LUNG_SIDE), film.height, film.width, network)
    box = lungs.box() if crop == "lungs" else WHOLE_FILM
    return Prepared(square_input(film, SQUARE_SIDE), lungs, box, model_input(film, size, box))


def blanked(prepared: Prepared, part: Literal["lungs", "surroundings"]) -> np.ndarray:
    """Blank the lungs of what a classifier sees, or all but them, with the mean grey of what is left: float32 (size, size, 1)."""
    inside = cv2.dilate(prepared.lung_mask, np.ones((5, 5), np.uint8))[..., np.newaxis] > 0.5
    kept = ~inside if part == "lungs" else inside
    film = prepared.canonical
    return np.where(kept, film, film[kept].mean() if kept.any() else 0.5).astype(np.float32)
