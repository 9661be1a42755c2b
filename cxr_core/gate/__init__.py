"""The input gate: should this be read at all? Needs neither TensorFlow nor scikit-learn, but for `fit`, which nothing here imports."""

from cxr_core.gate.errors import GateDamagedError, GateMissingError
from cxr_core.gate.gate import GATE_FILE, InputGate, findings_of_file
from cxr_core.gate.outcome import Finding, GateOutcome, Severity

__all__ = ["GATE_FILE", "Finding", "GateDamagedError", "GateMissingError", "GateOutcome", "InputGate", "Severity", "findings_of_file"]
