"""Where the model looked."""

from cxr_core.saliency.gradcam import GradCAM
from cxr_core.saliency.overlay import colour_layer, film_map, overlay

__all__ = ["GradCAM", "colour_layer", "film_map", "overlay"]
