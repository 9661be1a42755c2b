"""Input gates that need no fit."""

import numpy as np

from cxr_core.gate import InputGate
from cxr_core.gate.descriptors import BANDS, CELLS, DIRECTIONS, THUMBNAIL_SIDE
from cxr_core.gate.distance import Distance
from cxr_core.gate.gate import RISING, Measures
from cxr_core.gate.mirror import Mirror
from cxr_core.gate.orientation import ORIENTATIONS, Orientation
from cxr_core.gate.photograph import Photograph

EDGES = CELLS**2 * (DIRECTIONS + 1)


def nowhere(dimensions):
    """A distance to one mean, zero, along which every direction counts alike."""
    return Distance(np.zeros((1, dimensions), np.float32), np.eye(dimensions, 1, dtype=np.float32), 1.0)


def open_gate(sha256, channels, **limits):
    """A gate that lets every film through but for what `limits` say, by field of `Measures`."""
    wide = {name: (np.inf, np.inf) if name in RISING else (-np.inf, -np.inf) for name in Measures._fields}
    orientation = Orientation(np.zeros((THUMBNAIL_SIDE**2 + EDGES, len(ORIENTATIONS)), np.float32), np.zeros(len(ORIENTATIONS), np.float32))
    photograph = Photograph(np.zeros(EDGES + 2 * BANDS, np.float32), 0.0)
    mirror = Mirror(np.zeros(EDGES, np.float32))
    return InputGate(sha256, orientation, photograph, mirror, nowhere(EDGES), nowhere(channels), wide | limits)
