"""Backbones, the head, and the shipped classifier that predicts."""

from cxr_core.card import file_sha256
from cxr_core.models.architecture import BACKBONES, backbone_layers, build_classifier, check_size, load_backbone_weights
from cxr_core.models.classifier import Classifier, choose_device

__all__ = [
    "BACKBONES",
    "Classifier",
    "backbone_layers",
    "build_classifier",
    "check_size",
    "choose_device",
    "file_sha256",
    "load_backbone_weights",
]
