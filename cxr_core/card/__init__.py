"""The model card: its schema, and which weights it speaks of. Needs no TensorFlow, so that any page may read it."""

from cxr_core.card.errors import ModelError, WeightsDamagedError, WeightsMissingError
from cxr_core.card.identity import CARD_FILE, SHIPPED_MODEL, WEIGHTS_FILE, ModelIdentity, file_sha256, read_identity
from cxr_core.card.schema import (
    Averages,
    ClassResult,
    DataSummary,
    Interval,
    ModelCard,
    PairedCopies,
    Results,
    Statements,
    Training,
    read_card,
)

__all__ = [
    "CARD_FILE",
    "SHIPPED_MODEL",
    "WEIGHTS_FILE",
    "Averages",
    "ClassResult",
    "DataSummary",
    "Interval",
    "ModelCard",
    "ModelError",
    "ModelIdentity",
    "PairedCopies",
    "Results",
    "Statements",
    "Training",
    "WeightsDamagedError",
    "WeightsMissingError",
    "file_sha256",
    "read_card",
    "read_identity",
]
