"""The input gate: should this be read at all? Needs neither TensorFlow nor scikit-learn, but for fitting, whose names are imported late."""

from typing import TYPE_CHECKING

from cxr_core.gate.advice import what_to_try
from cxr_core.gate.gate import GATE_FILE, InputGate, findings_of_file
from cxr_core.gate.outcome import PASSED, Finding, GateOutcome
from cxr_core.lazy import lazily

if TYPE_CHECKING:
    from cxr_core.gate.counterexamples import reshaped, turned
    from cxr_core.gate.fit import SoundFilm, fit_gate

__all__ = [
    "GATE_FILE",
    "PASSED",
    "Finding",
    "GateOutcome",
    "InputGate",
    "SoundFilm",
    "findings_of_file",
    "fit_gate",
    "reshaped",
    "turned",
    "what_to_try",
]

__getattr__ = lazily(
    __name__,
    {
        "SoundFilm": "fit",
        "fit_gate": "fit",
        "reshaped": "counterexamples",
        "turned": "counterexamples",
    },
)
