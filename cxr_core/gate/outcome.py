"""What the gate says of a film."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["warning", "refused"]
Outcome = Literal["read", "warning", "refused"]

PASSED: Final = "The input gate found a whole, upright, frontal chest film. It cannot tell whether the model is right about it."
"""What is said of a film that the gate lets pass: what it looked for, and what it does not vouch for."""


@dataclass(frozen=True)
class Finding:
    """One reason not to read a film, or to read it with care.

    Attributes
    ----------
    code : str
        Stable short name of what was seen, such as ``"inverted"``.
    severity : {"warning", "refused"}
        How much it weighs.
    reason : str
        A sentence for the user: what was seen.
    """

    code: str
    severity: Severity
    reason: str


@dataclass(frozen=True)
class GateOutcome:
    """Whether a film should be read, and why not.

    Attributes
    ----------
    findings : tuple of Finding
        The weightiest first; empty for a film to be read as it is.
    """

    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, findings: Iterable[Finding | None]) -> "GateOutcome":
        """Gather findings, of which some may be None, and put those that refuse the film first."""
        seen = [finding for finding in findings if finding is not None]
        return cls(tuple(sorted(seen, key=lambda finding: finding.severity == "warning")))

    @property
    def outcome(self) -> Outcome:
        """``"read"``, ``"warning"`` (read with a warning) or ``"refused"``: what the weightiest finding says."""
        return self.findings[0].severity if self.findings else "read"

    @property
    def reasons(self) -> tuple[str, ...]:
        """What was seen, a sentence each."""
        return tuple(finding.reason for finding in self.findings)

    @property
    def codes(self) -> tuple[str, ...]:
        """The stable short name of each reason, in the same order."""
        return tuple(finding.code for finding in self.findings)

    @property
    def refusing(self) -> tuple[str, ...]:
        """The codes of the findings that refuse the film."""
        return tuple(finding.code for finding in self.findings if finding.severity == "refused")
