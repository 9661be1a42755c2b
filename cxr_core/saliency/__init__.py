"""Where the model looked: how a map is drawn over a film, what lies inside the lungs, how far maps agree. The methods are in `methods`.

Needs no TensorFlow, but for `methods`, which nothing here imports.
"""

from cxr_core.artifacts import SALIENCY_CAVEAT as CAVEAT
from cxr_core.saliency.agreement import rank_correlation
from cxr_core.saliency.inside import outside_warning, seen_sentence, share_inside
from cxr_core.saliency.overlay import COLOUR_TABLE, colour_layer, common_scale, film_map, overlay
from cxr_core.saliency.progress import Cancelled, OnStep

__all__ = [
    "CAVEAT",
    "COLOUR_TABLE",
    "Cancelled",
    "OnStep",
    "colour_layer",
    "common_scale",
    "film_map",
    "outside_warning",
    "overlay",
    "rank_correlation",
    "seen_sentence",
    "share_inside",
]
