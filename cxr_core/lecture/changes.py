"""A film changed in ways that say nothing of disease: what a classifier answers to them shows what it looks at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cxr_core.imaging import WHOLE_FILM, Box, Film
from cxr_core.lungs import Crop, Prepared, blanked, prepare

FRAME: Final = 0.06
"""Width of the frame, as a share of the film's longer side."""

MARKER: Final = 0.09
"""Height of the letter, as a share of the height of what the classifier sees."""

_LETTER: Final = np.array([[int(dot) for dot in row] for row in ("11110", "10001", "10001", "11110", "10100", "10010", "10001")], bool)
"""An R in dots."""

AS_IT_IS: Final = "As it is"


def framed(film: Film) -> Film:
    """Put a white frame around a film."""
    width = max(1, round(FRAME * max(film.height, film.width)))
    return _with(film, np.pad(film.pixels, width, constant_values=1.0))


def marked(film: Film, box: Box = WHOLE_FILM) -> Film:
    """Put a white letter R into the upper left corner of a box of the film, where a marker of the side would be."""
    times = max(1, round(MARKER * box.height * film.height / len(_LETTER)))
    letter = _LETTER.repeat(times, 0).repeat(times, 1)
    top, left = round(film.height * (box.top + 0.04 * box.height)), round(film.width * (box.left + 0.04 * box.width))
    pixels = film.pixels.copy()
    place = pixels[top : top + letter.shape[0], left : left + letter.shape[1]]
    place[letter[: place.shape[0], : place.shape[1]]] = 1.0
    return _with(film, pixels)


def mirrored(film: Film) -> Film:
    """Exchange left and right."""
    return _with(film, np.ascontiguousarray(film.pixels[:, ::-1]))


def _with(film: Film, pixels: np.ndarray) -> Film:
    return replace(film, samples=pixels.astype(np.float32), greys=None, scale=None)


@dataclass(frozen=True)
class Change:
    """One change.

    Attributes
    ----------
    name : str
        For people.
    about : str
        What is done, in a sentence.
    needs_lungs : bool
        Whether it can only be done where the lungs were found.
    see : callable
        Makes of a film, as it was prepared, what the classifier sees once it is changed: float32 (size, size, 1).
    """

    name: str
    about: str
    needs_lungs: bool
    see: Callable[[Film, Prepared, Crop], np.ndarray]


def _again(film: Film, prepared: Prepared, crop: Crop) -> np.ndarray:
    return prepare(film, len(prepared.canonical), crop).canonical


CHANGES: Final[Mapping[str, Change]] = {
    change.name: change
    for change in (
        Change(
            "Lungs blanked",
            "The lungs are one grey: what is left cannot show a disease of theirs.",
            True,
            lambda film, prepared, crop: blanked(prepared, "lungs"),
        ),
        Change(
            "Surroundings blanked",
            "All but the lungs is one grey.",
            True,
            lambda film, prepared, crop: blanked(prepared, "surroundings"),
        ),
        Change(
            "Border added",
            "A white frame stands around the film, as some scanners leave it.",
            False,
            lambda film, prepared, crop: _again(framed(film), prepared, crop),
        ),
        Change(
            "Marker added",
            "A white R stands in the corner.",
            False,
            lambda film, prepared, crop: _again(marked(film, prepared.box), prepared, crop),
        ),
        Change(
            "Mirrored",
            "Left and right are exchanged.",
            False,
            lambda film, prepared, crop: _again(mirrored(film), prepared, crop),
        ),
    )
}
"""By name."""


def changed_views(film: Film, prepared: Prepared, crop: Crop) -> dict[str, np.ndarray]:
    """Return what the classifier sees of a film as it is, first, and after each change that can be made to it.

    Parameters
    ----------
    film : Film
        The film.
    prepared : Prepared
        The same film as the networks see it.
    crop : {"lungs", "none"}
        What of a film the classifier sees.

    Returns
    -------
    dict of str to numpy.ndarray
        By name: float32, shape (size, size, 1), in [0, 1]. Where the lungs are doubtful, the changes that need them are left out.
    """
    found = prepared.lungs.doubt is None
    made = {change.name: change.see(film, prepared, crop) for change in CHANGES.values() if found or not change.needs_lungs}
    return {AS_IT_IS: prepared.canonical} | made


def changed_share(before: np.ndarray, after: np.ndarray, by: float = 0.02) -> float:
    """Return the share of the places of two views whose greys differ by more than `by`."""
    return float((np.abs(after - before) > by).mean())
