"""Plotly figures from plain results: never computes a result."""

from cxr_core.figures.decision_curve import decision_curve_figure
from cxr_core.figures.difference_map import difference_map_figure
from cxr_core.figures.film_view import LAYER_SIDE, VIEWER_CONFIG, Picture, film_figure, png_bytes
from cxr_core.figures.net_benefit import net_benefit_figure
from cxr_core.figures.palette import LINES, PCR_COLOUR, XRAY_COLOUR, Look, plot_config
from cxr_core.figures.probabilities import probability_figure, probability_text
from cxr_core.figures.tornado import tornado_figure
from cxr_core.figures.uncertainty import acceptability_figure, difference_histogram_figure

__all__ = [
    "LAYER_SIDE",
    "LINES",
    "PCR_COLOUR",
    "VIEWER_CONFIG",
    "XRAY_COLOUR",
    "Look",
    "Picture",
    "acceptability_figure",
    "decision_curve_figure",
    "difference_histogram_figure",
    "difference_map_figure",
    "film_figure",
    "net_benefit_figure",
    "plot_config",
    "png_bytes",
    "probability_figure",
    "probability_text",
    "tornado_figure",
]
