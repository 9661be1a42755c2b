"""What the lecture shows, computed: a neuron's training, a convolution, a network's insides, changed films. NumPy, but for `insides`."""

from typing import TYPE_CHECKING

from cxr_core.lazy import lazily
from cxr_core.lecture.changes import CHANGES, changed_share, changed_views
from cxr_core.lecture.convolution import HAND_MADE, Kernel, convolve, max_pool, relu, window_at
from cxr_core.lecture.cross_entropy import cross_entropy, loss_sentence, shared_rest
from cxr_core.lecture.evidence import Evidence, evidence_map, stretched, terms_at
from cxr_core.lecture.neuron import descend, drawn_points, gradient, loss_surface, stable_rate
from cxr_core.lecture.pictures import enlarged, greyed, outlined
from cxr_core.lecture.structure import strongest
from cxr_core.lecture.study import compared_rows, starts_sentence

if TYPE_CHECKING:
    from cxr_core.lecture.insides import Insides, Seen

__all__ = [
    "CHANGES",
    "HAND_MADE",
    "Evidence",
    "Insides",
    "Kernel",
    "Seen",
    "changed_share",
    "changed_views",
    "compared_rows",
    "convolve",
    "cross_entropy",
    "descend",
    "drawn_points",
    "enlarged",
    "evidence_map",
    "gradient",
    "greyed",
    "loss_sentence",
    "loss_surface",
    "max_pool",
    "outlined",
    "relu",
    "shared_rest",
    "stable_rate",
    "starts_sentence",
    "stretched",
    "strongest",
    "terms_at",
    "window_at",
]

__getattr__ = lazily(__name__, {"Insides": "insides", "Seen": "insides"})
