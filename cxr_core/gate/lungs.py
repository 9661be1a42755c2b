"""What the lungs say against reading a film: none, cut off, mirrored or turned, or hard to find."""

from cxr_core.gate.mirror import REASON as MIRRORED
from cxr_core.gate.outcome import Finding
from cxr_core.lungs import LungFields

TURNED = (45.0, 135.0)
"""Angles between which the line from the right lung to the left one shows a film that lies on its side, in degrees."""


def lung_findings(lungs: LungFields, *, lies_wrong: bool) -> tuple[Finding, ...]:
    """Judge the lungs of a film.

    Parameters
    ----------
    lungs : LungFields
        From `cxr_core.lungs.find_lungs`.
    lies_wrong : bool
        Whether the film was already found to be turned or inverted: then its lungs say nothing new.

    Returns
    -------
    tuple of Finding
    """
    if lies_wrong:
        return ()
    if not lungs.found:
        return (Finding("no_lungs", "refused", "No lungs were found."),)
    if lungs.doubt is not None:
        view = " It may be a lateral view." if lungs.one_sided else ""
        whole = "The whole film was read, and nothing is computed from the lungs."
        return (Finding("doubtful_lungs", "warning", f"{lungs.doubt}{view} {whole}"),)
    findings = []
    angle = abs(lungs.angle)
    if TURNED[0] < angle < TURNED[1]:
        findings.append(Finding("turned_lungs", "refused", "The lungs lie one above the other: the film looks turned by 90 degrees."))
    elif angle >= TURNED[1]:
        findings.append(Finding("mirrored", "warning", MIRRORED))
    if lungs.cut_off:
        edges = " and ".join(lungs.cut_off)
        findings.append(Finding("cut_off", "warning", f"A lung is cut off at the {edges} of the film."))
    return tuple(findings)
