"""The film as somebody looks at it, as a picture to take away."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from cxr_core.imaging import Box, Film, FilmWindow, display_levels, outlines, png_bytes, windowed
from cxr_core.reporting.marks import with_sides, with_words
from cxr_core.reporting.report import MapShown
from cxr_core.reporting.strip import with_text
from cxr_core.saliency import colour_layer, film_map, overlay


@dataclass(frozen=True)
class Look:
    """How a film is looked at.

    Attributes
    ----------
    window : FilmWindow
        Which of its values are spread from black to white.
    invert, mirror : bool
        Whether black and white, or left and right, are exchanged.
    rotate : int
        By how many degrees it is turned clockwise, before it is mirrored: 0, 90, 180 or 270.
    """

    window: FilmWindow
    invert: bool = False
    mirror: bool = False
    rotate: int = 0


def picture_as_seen(
    film: Film,
    look: Look,
    shown: MapShown | None = None,
    box: Box | None = None,
    lungs: np.ndarray | None = None,
    caption: str = "",
    texts: Sequence[str] = (),
) -> bytes:
    """Draw the whole film as it is looked at, with the letters of its sides; that it was mirrored or turned is written on it.

    Parameters
    ----------
    film : Film
        The film.
    look : Look
        How it is looked at.
    shown : MapShown, optional
        The saliency map that lies over it; goes with `box`.
    box : Box, optional
        What of the film the map's square shows.
    lungs : numpy.ndarray, optional
        Lung fields to be outlined, bool (height, width), over the whole film.
    caption : str
        Which film it is; written into a corner.
    texts : sequence of str
        What is written below a picture with a map.

    Returns
    -------
    bytes
        A PNG file: grey where nothing coloured lies over the film, else RGB.
    """
    picture = windowed(display_levels(film), film.grey_scale, look.window, look.invert)
    if shown is not None and box is not None:
        picture = overlay(picture, colour_layer(shown.strength * film_map(shown.saliency, box, *picture.shape)), shown.opacity)
    if lungs is not None:
        picture = _outlined(picture, lungs)
    picture = np.ascontiguousarray(np.rot90(picture, -look.rotate // 90))
    if look.mirror:
        picture = np.ascontiguousarray(picture[:, ::-1])
    picture = with_sides(picture, film.sides, look.rotate, look.mirror)
    changes = [words for words, holds in (("MIRRORED", look.mirror), (f"ROTATED {look.rotate}", look.rotate)) if holds]
    picture = with_words(picture, [line for line in (", ".join(changes), caption) if line])
    return png_bytes(picture if shown is None or not texts else with_text(picture, texts))


def _outlined(picture: np.ndarray, fields: np.ndarray) -> np.ndarray:
    """Outline the lung fields, black on white, so that they show on dark and on bright film."""
    extent, thickness = picture.shape[1::-1], max(1, round(picture.shape[1] / 800))
    drawn = [np.rint(outline * extent).astype(np.int32) for outline in outlines(fields.astype(np.float32))]
    for grey, width in ((255, 3 * thickness), (0, thickness)):
        picture = cv2.polylines(np.ascontiguousarray(picture), drawn, True, (grey,) * 3, width, cv2.LINE_AA)
    return picture
