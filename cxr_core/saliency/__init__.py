"""Where the model looked."""

from cxr_core.saliency.gradcam import Explained, GradCAM
from cxr_core.saliency.overlay import colour_layer, film_map, overlay

__all__ = ["Explained", "GradCAM", "colour_layer", "film_map", "overlay"]
