"""Where the lungs lie on a film, and what can be told from their size, order and axis."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import cv2
import numpy as np

from cxr_core.imaging import WHOLE_FILM, Box, Film, Placement, placement, square_input
from cxr_core.lungs.layout import LUNG_SIDE
from cxr_core.lungs.runtime import LungNetwork

LEAST_AREA: Final = 0.05
"""Below this share of the film there are no lungs."""

LEAST_CERTAINTY: Final = 0.75
LEAST_BALANCE: Final = 0.25
"""Below these the lungs that were found are doubtful: how decided the network is around them, and the area of the smaller lung as a share
of the larger one's. Of the validation films one in 200 lies below."""

SMALL_PIECE: Final = 0.15
"""A piece of lung smaller than this share of the largest is dropped."""

MARGIN: Final = 0.08
"""What the box around the lungs is widened by on each side, as a share of its own side."""


@dataclass(frozen=True, eq=False)
class LungFields:
    """The lungs of one film.

    Attributes
    ----------
    probabilities : numpy.ndarray
        float32, shape (side, side, 2), over the square that the film was fitted into: how likely each place belongs to the patient's
        right and left lung.
    place : Placement
        Where the film lies in that square, in the same pixels.
    """

    probabilities: np.ndarray
    place: Placement

    @cached_property
    def either(self) -> np.ndarray:
        """How likely each place belongs to a lung: to that which it more likely belongs to. float32, shape (side, side)."""
        return np.maximum(self.probabilities[..., 0], self.probabilities[..., 1])

    def of_side(self, side: int) -> np.ndarray:
        """Return the patient's right lung, 0, or left one, 1: bool, shape (side, side), over the square."""
        is_left = self.probabilities[..., 1] > self.probabilities[..., 0]
        return self.mask & (is_left if side else ~is_left)

    @cached_property
    def mask(self) -> np.ndarray:
        """Both lungs, bool, shape (side, side), over the square, small pieces dropped."""
        found = self.either > 0.5
        count, labels, stats, _ = cv2.connectedComponentsWithStats(found.astype(np.uint8))
        if count < 2:
            return found
        areas = stats[1:, cv2.CC_STAT_AREA]
        return np.concatenate([[False], areas >= SMALL_PIECE * areas.max()])[labels]

    @cached_property
    def area(self) -> float:
        """Share of the film that the lungs take, in [0, 1]."""
        return float(self.mask.sum() / (self.place.height * self.place.width))

    @cached_property
    def certainty(self) -> float:
        """How decided the network is in and around the lungs, in [0, 1]; 0 where it found none."""
        near = cv2.dilate(self.mask.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        return float(np.abs(2 * self.either[near] - 1).mean()) if near.any() else 0.0

    @cached_property
    def sizes(self) -> tuple[int, int]:
        """Places of the right and of the left lung."""
        return int(self.of_side(0).sum()), int(self.of_side(1).sum())

    @property
    def found(self) -> bool:
        """Whether there are lungs on the film."""
        return self.area >= LEAST_AREA

    @property
    def doubt(self) -> str | None:
        """Why nothing should be computed from these lungs; None where they can be trusted."""
        if not self.found:
            return "No lungs were found on the film."
        if self.certainty < LEAST_CERTAINTY:
            return "The outline of the lungs is doubtful."
        return "Only one lung was found with certainty." if self.one_sided else None

    @property
    def one_sided(self) -> bool:
        """Whether next to nothing was found of one lung: a lateral view shows them one behind the other."""
        return min(self.sizes) < LEAST_BALANCE * max(self.sizes)

    @cached_property
    def angle(self) -> float:
        """Direction from the right lung's centre to the left one's, in degrees clockwise from the film's rows.

        About 0 where the film is upright, 180 where it is mirrored or upside down.
        """
        centres = []
        for side in (0, 1):
            rows, columns = np.nonzero(self.of_side(side))
            if not len(rows):
                return 0.0
            centres.append((columns.mean(), rows.mean()))
        (x0, y0), (x1, y1) = centres
        return float(np.rad2deg(np.arctan2(y1 - y0, x1 - x0)))

    @cached_property
    def cut_off(self) -> tuple[str, ...]:
        """The film's edges that cut a lung off: ``"top"``, ``"bottom"``, ``"left"``, ``"right"``."""
        place = self.place
        film = self.mask[place.top : place.top + place.height, place.left : place.left + place.width]
        edges = {"top": film[0], "bottom": film[-1], "left": film[:, 0], "right": film[:, -1]}
        return tuple(name for name, edge in edges.items() if edge.mean() > CUT_SHARE[name])

    def box(self) -> Box:
        """Return the box around the lungs with its margin, in shares of the film's sides; the whole film where they are doubtful."""
        if self.doubt is not None:
            return WHOLE_FILM
        rows, columns = np.flatnonzero(self.mask.any(1)), np.flatnonzero(self.mask.any(0))
        place = self.place
        top, bottom = (rows[0] - place.top) / place.height, (rows[-1] + 1 - place.top) / place.height
        left, right = (columns[0] - place.left) / place.width, (columns[-1] + 1 - place.left) / place.width
        down, across = MARGIN * (bottom - top), MARGIN * (right - left)
        return Box(max(0.0, top - down), max(0.0, left - across), min(1.0, bottom + down), min(1.0, right + across))

    def on_film(self, height: int, width: int) -> np.ndarray:
        """Return both lungs over the film: bool, shape (height, width)."""
        return self.within(WHOLE_FILM, height, width) > 0.5

    def within(self, box: Box, height: int, width: int) -> np.ndarray:
        """Return both lungs over a box of the film: float32, shape (height, width), values in [0, 1]."""
        place = self.place
        soft = np.where(cv2.dilate(self.mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0, self.either, 0)
        scale_x, scale_y = box.width * place.width / width, box.height * place.height / height
        left, top = place.left + box.left * place.width, place.top + box.top * place.height
        affine = np.array([[scale_x, 0, left + scale_x / 2 - 0.5], [0, scale_y, top + scale_y / 2 - 0.5]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return cv2.warpAffine(soft.astype(np.float32), affine, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)


CUT_SHARE: Final = {"top": 0.04, "bottom": 0.30, "left": 0.25, "right": 0.25}
"""Share of an edge that lung must touch for the film to count as cut off there."""


def find_lungs(film: Film, network: LungNetwork | None = None) -> LungFields:
    """Find the lungs of a film.

    Parameters
    ----------
    film : Film
        The film.
    network : LungNetwork, optional
        The shipped one, where none is given.

    Returns
    -------
    LungFields

    Raises
    ------
    LungNetworkMissingError, LungNetworkDamagedError
        As `LungNetwork.load`.
    """
    return lungs_of(square_input(film, LUNG_SIDE), film.height, film.width, network)


def lungs_of(square: np.ndarray, height: int, width: int, network: LungNetwork | None = None) -> LungFields:
    """Find the lungs of a film that was brought to its square before.

    Parameters
    ----------
    square : numpy.ndarray
        float32, shape (LUNG_SIDE, LUNG_SIDE, 1), from `square_input`.
    height, width : int
        Of the film, in pixels.
    network : LungNetwork, optional
        As in `find_lungs`.
    """
    probabilities = (network or LungNetwork.load())(square)
    return LungFields(probabilities, placement(height, width, probabilities.shape[0]))
