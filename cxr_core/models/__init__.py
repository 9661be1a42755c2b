"""Backbones, the head, shipped weights, and the classifier that predicts."""

from cxr_core.models.architecture import BACKBONES, backbone_layers, build_classifier, load_backbone_weights
from cxr_core.models.errors import ModelError, WeightsDamagedError, WeightsMissingError

__all__ = [
    "BACKBONES",
    "ModelError",
    "WeightsDamagedError",
    "WeightsMissingError",
    "backbone_layers",
    "build_classifier",
    "load_backbone_weights",
]
