"""Reads as the commands print them."""

from pathlib import Path
from typing import TYPE_CHECKING

from cxr_core.artifacts import ModelError, read_card
from cxr_core.labels import in_words

if TYPE_CHECKING:
    from cxr_core.reporting import ReadDocument


def read_line(told: "ReadDocument") -> str:
    """Write a read in one line."""
    from cxr_core.calibration import set_sentence

    said = []
    if told.probabilities is not None and told.top_class is not None:
        said.append(in_words(f"{told.top_class}  ({'  '.join(f'{name} {p:.3f}' for name, p in told.probabilities.items())})"))
        if told.prediction_set is not None and told.prediction_set != (told.top_class,):
            said.append(set_sentence(told.prediction_set, told.top_class))
    if told.gate is not None and told.gate.findings:
        said.append(f"{told.gate.outcome}: {' '.join(told.gate.reasons)}")
    report = f"  -> {told.report}" if told.report else ""
    return f"{told.file}: {'  '.join(said)}  [{told.model}]{report}"


def elsewhere_line(model: Path) -> str:
    """Say how often a model is right on films that no training saw."""
    from cxr_core.calibration import elsewhere_sentence

    try:
        return elsewhere_sentence(read_card(model))
    except ModelError:
        return elsewhere_sentence(None)
