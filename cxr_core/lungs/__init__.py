"""Lung fields: a small network, run in NumPy, and what is measured from its mask. It is trained in `cxr_core.training.lungs`."""

from cxr_core.lungs.fields import LungFields, find_lungs
from cxr_core.lungs.layout import LUNG_LAYOUT, LUNG_SIDE
from cxr_core.lungs.prepared import Crop, Prepared, blanked, prepare
from cxr_core.lungs.runtime import LUNG_NETWORK, LungNetwork
from cxr_core.lungs.runtime import WEIGHTS_FILE as LUNG_WEIGHTS

__all__ = [
    "LUNG_LAYOUT",
    "LUNG_NETWORK",
    "LUNG_SIDE",
    "LUNG_WEIGHTS",
    "Crop",
    "LungFields",
    "LungNetwork",
    "Prepared",
    "blanked",
    "find_lungs",
    "prepare",
]
