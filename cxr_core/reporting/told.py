"""From a read to its document: what is told of a film, and what is not told of one that the input gate refused."""

from typing import Any

from cxr_core.errors import SecondLookError
from cxr_core.reading import Read
from cxr_core.reporting.document import ReadDocument


def told_parts(read: Read, *, refused_too: bool = False) -> dict[str, Any]:
    """Return what is told of a read, and is the same wherever it is told: fields of `ReadDocument`.

    Of a film that the input gate refused the model's answer is told only if that is wanted, and no prediction set at all: its thresholds
    are those of films that the gate lets pass.

    Parameters
    ----------
    read : Read
        The read.
    refused_too : bool
        Whether the probabilities of a refused film are told.

    Returns
    -------
    dict of str to object
        Model, device and gate, and as far as they are told probabilities, ranges and prediction set.
    """
    parts: dict[str, Any] = {"model": read.model, "model_sha256": read.model_sha256, "device": read.device, "gate": read.gate}
    refused = read.gate.outcome == "refused"
    if refused and not refused_too:
        return parts
    parts["probabilities"] = read.probabilities
    if read.low:
        parts["ranges"] = {name: (read.low[name], read.high[name]) for name in read.probabilities}
    if read.networks_disagree:
        parts["networks"] = read.tops
    if not refused:
        parts["prediction_set"] = read.prediction_set
    return parts


def document_of(read: Read, file: str, *, refused_too: bool = False, report: str | None = None) -> ReadDocument:
    """Tell the read of a file; parameters as in `told_parts`, and `file` and `report` as in `ReadDocument`."""
    parts = told_parts(read, refused_too=refused_too)
    top = read.top_class if "probabilities" in parts else None
    return ReadDocument.model_validate({**parts, "file": file, "report": report, "top_class": top})


def document_of_error(file: str, error: SecondLookError) -> ReadDocument:
    """Tell why a file could not be read; `file` as in `ReadDocument`."""
    return ReadDocument(file=file, error=str(error))
