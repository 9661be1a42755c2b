"""The model card: everything measured of a shipped classifier, as the evaluation wrote it (Mitchell et al. 2019, arXiv:1810.03993)."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from cxr_core.artifacts.elsewhere import Elsewhere
from cxr_core.artifacts.errors import WeightsDamagedError
from cxr_core.artifacts.identity import CARD_FILE, ModelIdentity, read_identity
from cxr_core.artifacts.part import CardPart, KnownClass
from cxr_core.artifacts.results import (
    CalibrationResult,
    ClassCurves,
    CopyResult,
    GateAudit,
    MaskAudit,
    PairedCopies,
    ReadsFile,
    ReliabilityBin,
    Results,
    StabilityResult,
    Subtask,
)
from cxr_core.artifacts.saliency import SaliencyResult


class DataSummary(CardPart):
    """Which films: name of the set, the split that the results are of, counts by split and class, and the hash of all that.

    `broken` films were left out because they could not be read. Of `trained_and_tested` groups of one collection, as a rule patients, some
    films are in training and others, which follow their twins in another collection, in test.
    """

    name: str
    split: str
    counts: dict[str, dict[KnownClass, int]]
    near_duplicate_groups: int
    index_sha256: str
    broken: int = 0
    trained_and_tested: int = 0


class Training(CardPart):
    """How the weights came to be: the recipe with those that it started from inside, the history by epoch, and the companion's."""

    recipe: dict[str, Any]
    started_from: str
    history: list[dict[str, float]]
    companion: "Training | None" = None


class Statements(CardPart):
    """What must be said wherever a figure of this card is shown."""

    intended_use: list[str]
    not_for: list[str]
    limits: list[str]
    licence: str


class ModelCard(CardPart):
    """The card of one shipped classifier."""

    model: ModelIdentity
    written: str
    command: str
    libraries: dict[str, str]
    data: DataSummary
    training: Training
    elsewhere: Elsewhere | None = None
    results: Results
    bootstrap: str
    curves: dict[KnownClass, ClassCurves]
    reliability: list[ReliabilityBin]
    subtasks: list[Subtask]
    reads: ReadsFile
    audits: list[MaskAudit]
    copies: dict[str, CopyResult]
    paired_copies: PairedCopies | None
    external: Results | None
    calibration: CalibrationResult | None = None
    stability: StabilityResult | None = None
    gate: GateAudit | None = None
    statements: Statements
    saliency: SaliencyResult | None = None


def read_card(folder: Path) -> ModelCard:
    """Read and check the model card of a model folder.

    Raises
    ------
    WeightsMissingError
        There is no card.
    WeightsDamagedError
        The card does not fit this schema.
    """
    read_identity(folder)
    card = folder / CARD_FILE
    try:
        return ModelCard.model_validate_json(card.read_bytes())
    except ValidationError as error:
        raise WeightsDamagedError(f"The model card {card} was not written by this version. Write it anew with 'evaluate'.") from error


class _CardTraining(BaseModel):
    training: Training


def read_training(folder: Path) -> Training:
    """Read how the weights in a model folder came to be; the rest of the card may be of another version.

    Raises
    ------
    WeightsMissingError
        There is no card.
    WeightsDamagedError
        The card does not say it.
    """
    read_identity(folder)
    card = folder / CARD_FILE
    try:
        return _CardTraining.model_validate_json(card.read_bytes()).training
    except ValidationError as error:
        raise WeightsDamagedError(f"The model card {card} does not say how its weights were trained. Restore it.") from error
