"""The picture in the viewer as a file to take away."""

from collections.abc import Mapping, Sequence

import cv2
import numpy as np

from cxr_core.imaging import Film, Placement, display_grey, outlines, png_bytes, windowed
from pages.viewer.component import ViewerState


def pictured_class(maps: Mapping[str, np.ndarray], view: ViewerState) -> str | None:
    """Name the class whose map the picture shows; None where it shows the bare film."""
    return view.shown if view.overlay and view.shown in maps else None


def picture_as_seen(
    film: Film,
    maps: Mapping[str, np.ndarray],
    place: Placement,
    view: ViewerState,
    map_texts: Sequence[str] = (),
    lungs: np.ndarray | None = None,
) -> bytes:
    """Draw the whole film as the viewer shows it: window, invert, map with its opacity, lung fields, and mirror, which is written on it.

    Parameters
    ----------
    film : Film
        The film.
    maps : mapping of str to numpy.ndarray
        By class name, float32 (h, w) in [0, 1], over the square model input; a class without one is shown without.
    place : Placement
        Where the film lies in that square.
    view : ViewerState
        How it is looked at.
    map_texts : sequence of str
        What is written below the picture where a map is shown.
    lungs : numpy.ndarray, optional
        The lung fields, bool, shape (size, size), over the same square.

    Returns
    -------
    bytes
        A PNG file.
    """
    from cxr_core.read_report import with_text
    from cxr_core.saliency import colour_layer, film_map, overlay

    picture = windowed(display_grey(film), view.level, view.width, view.invert)
    class_name = pictured_class(maps, view)
    if class_name is not None:
        picture = overlay(picture, colour_layer(film_map(maps[class_name], place, *picture.shape)), view.opacity / 100)
    if view.lungs and lungs is not None:
        picture = _outlined(picture, film_map(lungs.astype(np.float32), place, *picture.shape[:2]))
    if view.mirror:
        picture = _marked(np.ascontiguousarray(picture[:, ::-1]), "MIRRORED")
    if class_name is not None and map_texts:
        picture = with_text(picture, map_texts)
    return png_bytes(picture)


def _outlined(picture: np.ndarray, fields: np.ndarray) -> np.ndarray:
    """Outline the lung fields as the viewer does, black on white."""
    extent, thickness = picture.shape[1::-1], max(1, round(picture.shape[1] / 800))
    drawn = [np.rint(outline * extent).astype(np.int32) for outline in outlines(fields)]
    for grey, width in ((255, 3 * thickness), (0, thickness)):
        picture = cv2.polylines(np.ascontiguousarray(picture), drawn, True, (grey,) * 3, width, cv2.LINE_AA)
    return picture


def _marked(picture: np.ndarray, words: str) -> np.ndarray:
    """Write words into the upper left corner, white on black."""
    font, scale = cv2.FONT_HERSHEY_SIMPLEX, picture.shape[1] / 800
    thickness = max(1, round(2 * scale))
    (width, height), below = cv2.getTextSize(words, font, scale, thickness)
    edge = max(2, round(10 * scale))
    cv2.rectangle(picture, (0, 0), (width + 2 * edge, height + below + 2 * edge), (0, 0, 0), cv2.FILLED)
    return cv2.putText(picture, words, (edge, edge + height), font, scale, (255, 255, 255), thickness, cv2.LINE_AA)
