"""The film viewer: window, zoom, invert, mirror and saliency maps, all of it in the browser."""

from pages.viewer.component import FilmLayer, MapLayers, ViewerState, film_viewer
from pages.viewer.picture import picture_as_seen, pictured_class

__all__ = ["FilmLayer", "MapLayers", "ViewerState", "film_viewer", "picture_as_seen", "pictured_class"]
