"""Plotly figures from plain results: never computes a result."""

from cxr_core.figures.film_view import LAYER_SIDE, VIEWER_CONFIG, Picture, film_figure, png_bytes
from cxr_core.figures.probabilities import probability_figure, probability_text

__all__ = ["LAYER_SIDE", "VIEWER_CONFIG", "Picture", "film_figure", "png_bytes", "probability_figure", "probability_text"]
