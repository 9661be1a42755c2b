"""The pictures of the report's page: film and overlay, the map's outline, and what its colours mean."""

import io
from typing import Final

import cv2
import numpy as np

from cxr_core.imaging import outlines
from cxr_core.labels import in_words
from cxr_core.reporting.document import SaliencyShown
from cxr_core.reporting.report import ReadReport
from cxr_core.reporting.sheet import GAP, INK, MARGIN, QUIET, WIDTH, Sheet, latin
from cxr_core.saliency import COLOUR_TABLE

PICTURE_SIDE: Final = 1200
"""Longest side, in pixels, of an embedded picture: at the printed size that is over 300 dots an inch."""
BOOK_PICTURE_SIDE: Final = 800
"""The same where many pages are one file: over 200 dots an inch."""
JPEG_QUALITY: Final = 95


def draw_pictures(sheet: Sheet, report: ReadReport, y: float, side: float, *, finished: bool) -> float:
    """Draw film and overlay side by side, as large as their columns and `side` allow, with what they show below."""
    column = (WIDTH - GAP) / 2
    rows, columns = report.picture.shape
    scale = min(column / columns, side / rows)
    width, height = columns * scale, rows * scale
    places = [(report.picture, MARGIN, "The film, as filed")]
    if report.overlaid is not None and report.saliency is not None:
        places.append((report.overlaid, MARGIN + column + GAP, saliency_text(report.saliency)))
    ends = []
    for picture, x, caption in places:
        if finished:
            sheet.image(io.BytesIO(jpeg_bytes(picture, sheet.picture_side)), x, y, width, height, alt_text=latin(caption))
        ends.append(sheet.write_text(x, y + height + 1.2, column, caption, 7.5))
    if report.saliency_map is not None and finished:
        _outline(sheet, report.saliency_map, MARGIN + column + GAP, y, width, height)
    if report.saliency is None:
        return ends[0]
    return max(ends[0], _colour_bar(sheet, report, report.saliency, ends[-1] + 0.8))


def _outline(sheet: Sheet, saliency: np.ndarray, x: float, y: float, width: float, height: float) -> None:
    """Draw the map's outlines over its picture: black on white, so that they show on dark and on bright film, and without colour."""
    for outline in outlines(saliency):
        points = [(x + width * float(across), y + height * float(down)) for across, down in outline]
        for colour, thickness in (((255, 255, 255), 0.5), ((0, 0, 0), 0.2)):
            sheet.set_draw_color(*colour)
            sheet.set_line_width(thickness)
            sheet.polygon(points)


def saliency_text(shown: SaliencyShown) -> str:
    """Say what lies over the film, and how much of it inside the lungs."""
    return shown.text if shown.lung_share is None else f"{shown.text}; {shown.lung_share:.0%} of it inside the lungs"


def _colour_bar(sheet: Sheet, report: ReadReport, shown: SaliencyShown, y: float) -> float:
    column = (WIDTH - GAP) / 2
    x = MARGIN + column + GAP
    bar = 34.0
    colours = bar_colours(shown.opacity)
    step = bar / len(colours)
    for number, colour in enumerate(colours):
        sheet.set_fill_color(*map(int, colour))
        # A hair wider than the step, so that no viewer shows a gap between two.
        sheet.rect(x + number * step, y, step + (0.1 if number < len(colours) - 1 else 0), 2.6, "F")
    sheet.set_draw_color(*INK)
    sheet.set_line_width(0.1)
    sheet.rect(x, y, bar, 2.6)
    meaning = (
        f"none to strongest evidence on this film, that for its most probable class; here for {in_words(shown.class_name)}. "
        "Saliency maps localise disease worse than radiologists do."
    )
    if report.saliency_map is not None:
        meaning += " The outline is at half of the strongest."
    return sheet.write_text(x + bar + 2, y - 0.4, column - bar - 2, meaning, 6.5, colour=QUIET)


def bar_colours(opacity: float, levels: int = 48) -> np.ndarray:
    """Return how a saliency from 0 to 1 looks over a medium grey, as `cxr_core.saliency.overlay` blends it.

    Parameters
    ----------
    opacity : float
        Of the layer, in [0, 1].
    levels : int
        Number of colours.

    Returns
    -------
    numpy.ndarray
        uint8 RGB, shape (levels, 3).
    """
    values = np.rint(np.linspace(0, 255, levels)).astype(np.uint8)
    table = COLOUR_TABLE[values].astype(np.float32)
    alpha = table[:, 3:] / 255 * np.float32(opacity)
    return np.rint(128 + (table[:, :3] - 128) * alpha).astype(np.uint8)


def jpeg_bytes(picture: np.ndarray, most_side: int = PICTURE_SIDE) -> bytes:
    """Encode a uint8 picture, grey (h, w) or RGB (h, w, 3), as a JPEG file of at most `most_side` pixels a side."""
    scale = most_side / max(picture.shape[:2])
    if scale < 1:
        extent = [max(1, round(side * scale)) for side in picture.shape[1::-1]]
        picture = cv2.resize(picture, extent, interpolation=cv2.INTER_AREA)
    if picture.ndim == 3:
        picture = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].tobytes()
