"""The film viewer, the strip of films and the drop anywhere on a page: all that pages do in the browser by themselves."""

from pages.viewer.component import film_viewer, marked_on
from pages.viewer.layers import FilmLayer, MapLayers, NativeLayer
from pages.viewer.state import Pointing, ViewerState
from pages.viewer.strip import NotTaken, StripEntry, drop_anywhere, drop_nowhere, film_strip

__all__ = [
    "FilmLayer",
    "MapLayers",
    "NativeLayer",
    "NotTaken",
    "Pointing",
    "StripEntry",
    "ViewerState",
    "drop_anywhere",
    "drop_nowhere",
    "film_strip",
    "film_viewer",
    "marked_on",
]
