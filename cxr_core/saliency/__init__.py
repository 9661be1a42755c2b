"""Where the model looked."""

from cxr_core.card import SALIENCY_CAVEAT as CAVEAT
from cxr_core.saliency.agreement import rank_correlation
from cxr_core.saliency.gradcam import Explained, GradCAM
from cxr_core.saliency.inside import WARN_BELOW, outside_warning, share_inside
from cxr_core.saliency.method import Cancelled, OnStep, SaliencyMethod
from cxr_core.saliency.methods import METHODS, Method, all_maps
from cxr_core.saliency.overlay import COLOUR_TABLE, colour_layer, film_map, overlay

__all__ = [
    "CAVEAT",
    "COLOUR_TABLE",
    "METHODS",
    "WARN_BELOW",
    "Cancelled",
    "Explained",
    "GradCAM",
    "Method",
    "OnStep",
    "SaliencyMethod",
    "all_maps",
    "colour_layer",
    "film_map",
    "outside_warning",
    "overlay",
    "rank_correlation",
    "share_inside",
]
