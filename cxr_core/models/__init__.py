"""Backbones, the head, and the shipped classifier that predicts."""

from cxr_core.models.architecture import BACKBONES, backbone_layers, build_classifier, check_size, load_backbone_weights, load_weights
from cxr_core.models.classifier import Classifier, NetworkOutputs, choose_device

__all__ = [
    "BACKBONES",
    "Classifier",
    "NetworkOutputs",
    "backbone_layers",
    "build_classifier",
    "check_size",
    "choose_device",
    "load_backbone_weights",
    "load_weights",
]
