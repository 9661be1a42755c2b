"""The viewer as a Streamlit component: what goes to the browser, and what comes back."""

import base64
import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from cxr_core.imaging import Film, Placement, display_grey, outlines
from cxr_core.labels import CLASS_NAMES

MAP_SIDE = 256
"""Longest side, in pixels, at which a saliency map is sent: it has no finer detail, and the browser stretches it."""

_HERE = Path(__file__).parent
_KEPT = "viewer_kept"
_OPPOSITE = {"L": "R", "R": "L", "A": "P", "P": "A", "H": "F", "F": "H"}
_START = "viewer_start"


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
    level, width : int
        Window: the middle and the extent of the greys that are spread from black to white, in percent of the film's greys.
    invert, mirror : bool
        Whether black and white, or left and right, are exchanged.
    side_by_side : bool
        Whether the bare film stands beside the one with the map.
    lungs : bool
        Whether the lung fields are outlined.
    """

    shown: str | None = None
    overlay: bool = True
    opacity: int = 45
    level: int = 50
    width: int = 100
    invert: bool = False
    mirror: bool = False
    side_by_side: bool = False
    lungs: bool = False

    def for_another_film(self) -> "ViewerState":
        """Return what stays as it was set when another film is put up: the layout, not the window."""
        return ViewerState(overlay=self.overlay, opacity=self.opacity, side_by_side=self.side_by_side, lungs=self.lungs)


@dataclass(frozen=True)
class FilmLayer:
    """A film as the viewer takes it.

    Attributes
    ----------
    key : str
        Names the film; no other film has it.
    height, width : int
        Extent of the picture that is sent, in pixels.
    message : dict
        What the browser gets.
    """

    key: str
    height: int
    width: int
    message: dict[str, Any]

    @classmethod
    def of(cls, film: Film) -> "FilmLayer":
        """Prepare a film. It takes a moment, so keep the result for as long as the film is on screen."""
        grey = display_grey(film)
        height, width = grey.shape
        digest = hashlib.sha256(np.ascontiguousarray(film.samples).data)
        if film.greys is not None:
            digest.update(film.greys.data)
        digest.update(repr((film.pixel_spacing, film.orientation)).encode())  # the scale bar's and the letters'
        key = digest.hexdigest()[:16]
        message: dict[str, Any] = {"key": key, "height": height, "width": width, "file_width": film.width, "grey": _packed(grey)}
        if film.pixel_spacing is not None:
            message["mm"] = film.pixel_spacing[1] * film.width / width
        if film.orientation is not None:
            towards = film.orientation[0]  # which side of the patient the rows run to
            message["sides"] = [_OPPOSITE[towards], towards]
        return cls(key, height, width, message)


@dataclass(frozen=True)
class MapLayers:
    """The saliency maps of one film as the viewer takes them.

    Attributes
    ----------
    top : str
        Class whose map is shown until another is chosen.
    message : dict
        What the browser gets.
    """

    top: str
    message: dict[str, Any]

    @classmethod
    def of(
        cls,
        maps: Mapping[str, np.ndarray],
        place: Placement,
        film: FilmLayer,
        top: str,
        method: str = "Grad-CAM",
        beside: tuple[str, Mapping[str, np.ndarray]] | None = None,
        lungs: np.ndarray | None = None,
    ) -> "MapLayers":
        """Prepare maps for a film.

        Parameters
        ----------
        maps : mapping of str to numpy.ndarray
            By class name, float32 (h, w) in [0, 1], over the square model input. A class that is left out has no map yet: the viewer
            offers it all the same, and says so where it is chosen.
        place : Placement
            Where the film lies in that square.
        film : FilmLayer
            The film.
        top : str
            Class whose map is shown first.
        method : str
            The saliency method that drew them.
        beside : tuple of str and mapping, optional
            Another method and its maps: side by side, they take the place of the bare film.
        lungs : numpy.ndarray, optional
            The lung fields, bool, shape (size, size), over the square model input. Without them there is nothing to outline.
        """
        from cxr_core.saliency import COLOUR_TABLE, film_map

        scale = MAP_SIDE / max(film.height, film.width)
        height, width = (max(1, round(extent * scale)) for extent in (film.height, film.width))

        def levels(maps: Mapping[str, np.ndarray]) -> dict[str, str]:
            levels = {name: np.rint(film_map(values, place, height, width) * 255) for name, values in maps.items()}
            return {name: _packed(values.astype(np.uint8)) for name, values in levels.items()}

        message: dict[str, Any] = {"top": top, "classes": CLASS_NAMES, "height": height, "width": width, "colours": _packed(COLOUR_TABLE)}
        message |= {"method": method, "levels": levels(maps)}
        if beside is not None:
            message["beside"] = {"method": beside[0], "levels": levels(beside[1])}
        if lungs is not None:
            fields = film_map(lungs.astype(np.float32), place, height, width)
            message["lungs"] = [outline.round(4).tolist() for outline in outlines(fields)]
        return cls(top, message)


def film_viewer(film: FilmLayer, maps: MapLayers | None = None) -> ViewerState:
    """Draw the viewer, once a page.

    The browser is sent the film and its maps once; a click in the viewer runs the page again, but sends nothing anew and leaves the
    zoom alone. A film that was on screen before the reader looked at another page comes back as it was looked at.

    Parameters
    ----------
    film : FilmLayer
        The film.
    maps : MapLayers, optional
        Its maps; as long as they are None the browser holds nothing of what the model says.

    Returns
    -------
    ViewerState
        How the film is being looked at. `shown` is None only while there are no maps.
    """
    state = st.session_state
    key = f"viewer_{film.key}"
    if key not in state or _START not in state:  # new in the browser: what it starts with must stay the same from then on
        kept_key, kept = state.get(_KEPT, (None, ViewerState()))
        state[_START] = kept if kept_key == film.key else kept.for_another_film()
    start = asdict(state[_START])
    # Registered in every run, since every server and every test has a register of its own.
    html, css, js = _sources()
    component = st.components.v2.component("film_viewer", html=html, css=css, js=js)
    message = {"film": film.message, "maps": maps.message if maps else None, "start": start}
    result = component(key=key, data=message, default={"view": start}, on_view_change=lambda: None)
    view = ViewerState(**result["view"])
    if view.shown is None and maps is not None:
        view = ViewerState(**{**asdict(view), "shown": maps.top})
    state[_KEPT] = (film.key, view)
    return view


@cache
def _sources() -> tuple[str, ...]:
    """Read the component's files."""
    return tuple((_HERE / f"viewer.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))


def _packed(samples: np.ndarray) -> str:
    """Pack uint8 samples as the viewer unpacks them: deflated, then as base64."""
    return base64.b64encode(zlib.compress(samples.tobytes(), 1)).decode()
