"""How a film is looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cxr_core.imaging import AS_FILED, Film, FilmWindow

if TYPE_CHECKING:  # the page loads the makers of pictures when it needs them
    from cxr_core.reporting import Look


@dataclass(frozen=True)
class Pointing:
    """How a place on the film is marked.

    Attributes
    ----------
    asked : bool
        Whether one can be marked; otherwise the mark is only shown.
    outlines : list of list
        Closed outlines that people drew, to be shown over the film: places as shares of its width and height.
    """

    asked: bool
    outlines: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class ViewerState:
    """How the film is looked at. None of it reaches the model.

    Attributes
    ----------
    shown : str, optional
        Class whose saliency map is shown; None stands for the class with the highest probability.
    overlay : bool
        Whether the map is laid over the film.
    opacity : int
        Of the map, in percent.
    window : str
        Key of the film's window that was chosen last.
    level, width : float, optional
        What was set by hand since then, both or none, in the units of the film's values.
    invert, mirror : bool
        Whether black and white, or left and right, are exchanged.
    rotate : int
        By how many degrees it is turned clockwise, before it is mirrored: 0, 90, 180 or 270.
    side_by_side : bool
        Whether the bare film stands beside the one with the map.
    lungs : bool
        Whether the lung fields are outlined.
    drag : str
        What dragging with the left button does: "window", "pan", "ruler", "angle" or "mark"; with "auto" it sets the window of a fitted
        film, and moves a zoomed one.
    native : bool
        Whether the film was zoomed so far that all of the file's pixels are wanted.
    mark : sequence of float, optional
        What was marked, where that is asked for: left, top, right and bottom, in shares of the film; a point has no extent.
    """

    shown: str | None = None
    overlay: bool = False
    opacity: int = 45
    window: str = AS_FILED
    level: float | None = None
    width: float | None = None
    invert: bool = False
    mirror: bool = False
    rotate: int = 0
    side_by_side: bool = False
    lungs: bool = False
    drag: str = "auto"
    native: bool = False
    mark: Sequence[float] | None = None

    def for_another_film(self) -> "ViewerState":
        """Return what stays as it was set when another film is put up: window, layout and tool. The film itself comes first, bare."""
        return ViewerState(opacity=self.opacity, window=self.window, side_by_side=self.side_by_side, lungs=self.lungs, drag=self.drag)

    def window_of(self, film: Film) -> FilmWindow:
        """Return the window through which a film is looked at; a film without the one that was chosen is shown as filed."""
        chosen = next((window for window in film.windows if window.key == self.window), film.windows[0])
        if self.level is None or self.width is None:
            return chosen
        return FilmWindow("own", "Set by hand", self.level, self.width)

    def look(self, film: Film) -> "Look":
        """Return how a picture of the film shows it."""
        from cxr_core.reporting import Look

        return Look(self.window_of(film), self.invert, self.mirror, self.rotate)

    def pictured_class(self, maps: Mapping[str, np.ndarray]) -> str | None:
        """Name the class whose map lies over the film; None where it is bare."""
        return self.shown if self.overlay and self.shown in maps else None
