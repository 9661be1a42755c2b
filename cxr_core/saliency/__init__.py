"""Where the model looked."""

from cxr_core.saliency.gradcam import GradCAM
from cxr_core.saliency.overlay import COLOUR_TABLE, colour_layer, film_map, overlay

__all__ = ["COLOUR_TABLE", "GradCAM", "colour_layer", "film_map", "overlay"]
