"""The saliency methods, a module a method. Loads TensorFlow, as nothing else in `cxr_core.saliency` does."""

from cxr_core.saliency.methods.gradcam import GradCAM
from cxr_core.saliency.methods.method import SaliencyMethod
from cxr_core.saliency.methods.registry import METHODS, all_maps

__all__ = ["METHODS", "GradCAM", "SaliencyMethod", "all_maps"]
