"""A film and its maps as the viewer in the browser takes them."""

import base64
import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from cxr_core.imaging import Box, Film, FilmWindow, PackedSamples, display_levels, outlines, pack_samples
from cxr_core.labels import CLASS_NAMES, in_words

MAP_SIDE: Final = 256
"""Longest side, in pixels, at which a saliency map is sent: it has no finer detail, and the browser stretches it."""

_WHOLE_NUMBERS: Final = 60.0
"""Values that span more than this are told as whole numbers."""


@dataclass(frozen=True)
class FilmLayer:
    """A film as the viewer takes it.

    Attributes
    ----------
    key : str
        Names the film; no other film has it.
    height, width : int
        Extent of the picture that is sent first, in pixels.
    picture : PackedSamples
        That picture, in full depth.
    message : dict
        What else the browser gets.
    """

    key: str
    height: int
    width: int
    picture: PackedSamples
    message: dict[str, Any]

    @classmethod
    def of(cls, film: Film) -> "FilmLayer":
        """Prepare a film. It takes a moment, so keep the result for as long as the film is on screen."""
        levels = display_levels(film)
        height, width = levels.shape
        scale, windows = film.grey_scale, film.windows
        # Their scale bar, letters and windows stay in the browser with the key.
        told = repr((film.fingerprint, film.pixel_spacing, film.orientation, [(one.key, one.level, one.width) for one in windows]))
        key = hashlib.sha256(told.encode()).hexdigest()[:16]
        message: dict[str, Any] = {
            "key": key,
            "height": height,
            "width": width,
            "file_height": film.height,
            "file_width": film.width,
            "deep": levels.itemsize == 2,
            "scale": _scale_message(scale.values),
            "digits": 0 if np.ptp(scale.values) > _WHOLE_NUMBERS else 3,
            "unit": scale.unit,
            "inverted": scale.inverted,
            "windows": [_window_message(window) for window in windows],
            "range": [
                min(window.level - window.width / 2 for window in windows),
                max(window.level + window.width / 2 for window in windows),
            ],
        }
        if film.pixel_spacing is not None:
            message["mm"] = film.pixel_spacing[1] * film.width / width
        if film.sides is not None:
            message["sides"] = list(film.sides)
        return cls(key, height, width, pack_samples(levels), message)


@dataclass(frozen=True)
class NativeLayer:
    """All of a film's pixels, where the picture that was sent first has fewer."""

    height: int
    width: int
    picture: PackedSamples
    deep: bool

    @classmethod
    def of(cls, film: Film) -> "NativeLayer":
        """Prepare them. It takes a moment, so keep the result for as long as the film is on screen."""
        return cls(film.height, film.width, pack_samples(film.levels), film.levels.itemsize == 2)


def _scale_message(values: np.ndarray) -> dict[str, Any]:
    """Tell what samples stand for: by two numbers where the values lie on a line."""
    slope, intercept = float(values[1] - values[0]), float(values[0])
    if np.allclose(values, intercept + slope * np.arange(len(values)), rtol=0, atol=1e-6 * max(abs(slope), 1e-9)):
        return {"length": len(values), "slope": slope, "intercept": intercept}
    return {"table": _packed(values.astype("<f4"))}


def _window_message(window: FilmWindow) -> dict[str, Any]:
    told: dict[str, Any] = {"key": window.key, "name": window.name, "level": window.level, "width": window.width}
    if window.curve is not None:
        told["curve"] = _packed(np.rint(window.curve * 255).astype(np.uint8))
    return told


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
        box: Box,
        film: FilmLayer,
        top: str,
        method: str = "Grad-CAM",
        beside: tuple[str, Mapping[str, np.ndarray]] | None = None,
        lungs: np.ndarray | None = None,
        strengths: Mapping[str, float] | None = None,
    ) -> "MapLayers":
        """Prepare maps for a film.

        Parameters
        ----------
        maps : mapping of str to numpy.ndarray
            By class name, float32 (h, w) in [0, 1], over the square model input. A class that is left out has no map yet: the viewer
            offers it all the same, and says so where it is chosen.
        box : Box
            What of the film that square shows.
        film : FilmLayer
            The film.
        top : str
            Class whose map is shown first.
        method : str
            The saliency method that drew them.
        beside : tuple of str and mapping, optional
            Another method and its maps: side by side, they take the place of the bare film.
        lungs : numpy.ndarray, optional
            The lung fields, bool (height, width), over the whole film. Without them there is nothing to outline.
        strengths : mapping of str to float, optional
            By class, from `cxr_core.saliency.common_scale`; without them every map has its own scale.
        """
        from cxr_core.saliency import COLOUR_TABLE, film_map

        scale = MAP_SIDE / max(film.height, film.width)
        height, width = (max(1, round(extent * scale)) for extent in (film.height, film.width))

        def levels(maps: Mapping[str, np.ndarray]) -> dict[str, str]:
            found = {name: (strengths or {}).get(name, 1.0) * film_map(values, box, height, width) for name, values in maps.items()}
            return {name: _packed(np.rint(values * 255).astype(np.uint8)) for name, values in found.items()}

        message: dict[str, Any] = {"top": top, "classes": CLASS_NAMES, "height": height, "width": width, "colours": _packed(COLOUR_TABLE)}
        message |= {"names": [in_words(name) for name in CLASS_NAMES], "method": method, "levels": levels(maps)}
        if beside is not None:
            message["beside"] = {"method": beside[0], "levels": levels(beside[1])}
        if lungs is not None:
            message["lungs"] = [outline.round(4).tolist() for outline in outlines(lungs.astype(np.float32))]
        message["key"] = hashlib.sha256(repr(message).encode()).hexdigest()[:16]
        return cls(top, message)


def _packed(samples: np.ndarray) -> str:
    """Pack a small array as the viewer unpacks it: deflated, then as base64."""
    return base64.b64encode(zlib.compress(samples.tobytes(), 1)).decode()
