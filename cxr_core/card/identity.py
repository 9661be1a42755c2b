"""Which weights a model folder holds: the part of the model card that loading needs."""

import hashlib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cxr_core.card.errors import WeightsDamagedError, WeightsMissingError
from cxr_core.labels import CLASS_NAMES

CARD_FILE = "model_card.json"
WEIGHTS_FILE = "classifier.weights.h5"
SHIPPED_MODEL = Path(__file__).parents[2] / "weights" / "densenet121"


class ModelIdentity(BaseModel):
    """What a classifier is and which weights file is its own.

    Attributes
    ----------
    backbone : str
        A key of `BACKBONES`.
    size : int
        Side of the input in pixels.
    classes : tuple of str
        Names of the outputs, in order.
    weights_file : str
        Name of the Keras weights file in the model's folder.
    sha256 : str
        Hash of that file, 64 hex digits.
    parameters : int
        Number of weights, statistics of the normalisation layers included.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    backbone: str
    size: int = Field(ge=32, le=1024)
    classes: tuple[str, ...] = CLASS_NAMES
    weights_file: str = Field(WEIGHTS_FILE, pattern=r"^[\w.-]+\.weights\.h5$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    parameters: int = Field(gt=0)

    @property
    def version(self) -> str:
        """Short name for screens and reports: the backbone and the first six digits of the hash."""
        return f"{self.backbone.lower()} {self.sha256[:6]}"


class _CardHead(BaseModel):
    model: ModelIdentity


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hex digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_identity(folder: Path) -> ModelIdentity:
    """Read which weights a model folder holds, from its card alone.

    Raises
    ------
    WeightsMissingError
        The folder has no card.
    WeightsDamagedError
        The card does not say which weights it describes, or names other classes.
    """
    card = folder / CARD_FILE
    if not card.is_file():
        raise WeightsMissingError(f"There is no model card {card}. Restore the weights folder, or write it with 'evaluate'.")
    try:
        identity = _CardHead.model_validate_json(card.read_bytes()).model
    except ValidationError as error:
        raise WeightsDamagedError(f"The model card {card} is damaged. Restore it, or write it anew with 'evaluate'.") from error
    if identity.classes != CLASS_NAMES:
        raise WeightsDamagedError(f"The model in {folder} tells other classes apart than {', '.join(CLASS_NAMES)}.")
    return identity
