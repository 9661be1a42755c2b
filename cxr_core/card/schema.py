"""The model card: everything measured of a shipped classifier, as the evaluation wrote it (Mitchell et al. 2019, arXiv:1810.03993)."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cxr_core.card.errors import WeightsDamagedError
from cxr_core.card.identity import CARD_FILE, ModelIdentity, read_identity


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Interval(_Part):
    """A share in [0, 1] with its 95% bootstrap interval; the bounds are None where it cannot be resampled."""

    value: float | None = Field(ge=0, le=1)
    low: float | None = Field(None, ge=0, le=1)
    high: float | None = Field(None, ge=0, le=1)


class ClassResult(_Part):
    """One class against the three others; `support` counts its films."""

    precision: Interval
    recall: Interval
    f1: Interval
    roc_auc: float | None = Field(ge=0, le=1)
    support: int = Field(ge=0)


class Averages(_Part):
    """Precision, recall and F1 averaged over the classes."""

    precision: Interval
    recall: Interval
    f1: Interval


class Results(_Part):
    """How a classifier did on a set of films.

    `confusion` has a row a true class and a column a predicted one, in counts. `expected_calibration_error` is of the top class,
    over `calibration_bins` bins of equal width.
    """

    films: int = Field(gt=0)
    accuracy: Interval
    classes: dict[str, ClassResult]
    macro: Averages
    weighted: Averages
    confusion: list[list[int]]
    expected_calibration_error: float = Field(ge=0, le=1)
    calibration_bins: int = Field(gt=0)


class PairedCopies(_Part):
    """The same films from the other public copy: share with the same top class, and mean total variation of the probabilities."""

    films: int = Field(gt=0)
    agreement: Interval
    mean_probability_change: float = Field(ge=0, le=1)


class DataSummary(_Part):
    """Which films: name of the set, the split that the results are of, and counts by split and class."""

    name: str
    split: str
    counts: dict[str, dict[str, int]]
    near_duplicate_groups: int


class Training(_Part):
    """How the weights came to be: the recipe with those that it started from inside, and the history by epoch."""

    recipe: dict[str, Any]
    started_from: str
    history: list[dict[str, float]]


class Statements(_Part):
    """What must be said wherever a figure of this card is shown."""

    intended_use: list[str]
    not_for: list[str]
    limits: list[str]
    licence: str


class ModelCard(_Part):
    """The card of one shipped classifier."""

    model: ModelIdentity
    written: str
    command: str
    libraries: dict[str, str]
    data: DataSummary
    training: Training
    results: Results
    bootstrap: str
    paired_copies: PairedCopies | None
    external: Results | None
    statements: Statements


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
