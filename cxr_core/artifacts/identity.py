"""Which weights a model folder holds: the part of the model card that loading needs."""

import hashlib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cxr_core.artifacts.errors import WeightsDamagedError, WeightsMissingError
from cxr_core.labels import CLASS_NAMES

CARD_FILE = "model_card.json"
WEIGHTS_FILE = "classifier.weights.h5"
COMPANION_FILE = "companion.weights.h5"
SHIPPED_MODEL = Path(__file__).parents[2] / "weights" / "densenet121"


class Companion(BaseModel):
    """A second network that sees the same films, and whose logits are averaged with the classifier's own.

    Attributes
    ----------
    backbone : str
        A key of `BACKBONES`.
    share : float
        Its weight in the average, in (0, 1).
    shift : tuple of float
        Added to the averaged logits, by class in the order of `CLASS_NAMES`: in training classes are drawn at other rates than they come.
    weights_file : str
        Name of its Keras weights file in the model's folder.
    dilated : bool
        Whether its last stage is dilated instead of strided.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    backbone: str
    share: float = Field(gt=0, lt=1)
    shift: tuple[float, ...] = Field((0.0,) * len(CLASS_NAMES), min_length=len(CLASS_NAMES), max_length=len(CLASS_NAMES))
    weights_file: str = Field(COMPANION_FILE, pattern=r"^[\w.-]+\.weights\.h5$")
    dilated: bool = False


class ModelIdentity(BaseModel):
    """What a classifier is and which weights files are its own.

    Attributes
    ----------
    backbone : str
        A key of `BACKBONES`.
    size : int
        Side of the input in pixels.
    crop : {"lungs", "none"}
        What of a film it sees: the box around its lungs, or all of it.
    dilated : bool
        Whether the backbone's last stage is dilated instead of strided.
    classes : tuple of str
        Names of the outputs, in order.
    weights_file : str
        Name of the Keras weights file in the model's folder.
    companion : Companion or None
        The network that it is averaged with.
    sha256 : str
        Hash of the weights file, with a companion of both files one after the other; 64 hex digits.
    parameters : int
        Number of weights of both networks, statistics of the normalisation layers included.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    backbone: str
    size: int = Field(ge=32, le=1024)
    crop: Literal["lungs", "none"] = "lungs"
    dilated: bool = False
    classes: tuple[str, ...] = CLASS_NAMES
    weights_file: str = Field(WEIGHTS_FILE, pattern=r"^[\w.-]+\.weights\.h5$")
    companion: Companion | None = None
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    parameters: int = Field(gt=0)

    @property
    def networks(self) -> tuple[str, ...]:
        """The backbones that are averaged, the classifier's own first."""
        return (self.backbone,) if self.companion is None else (self.backbone, self.companion.backbone)

    @property
    def version(self) -> str:
        """Short name for screens and reports: the backbones and the first six digits of the hash."""
        return f"{'+'.join(self.networks).lower()} {self.sha256[:6]}"

    def weights_paths(self, folder: Path) -> list[Path]:
        """Return where the weights files lie in a model folder, the companion's last."""
        names = [self.weights_file] if self.companion is None else [self.weights_file, self.companion.weights_file]
        return [folder / name for name in names]


class _CardHead(BaseModel):
    model: ModelIdentity


def file_sha256(*paths: Path) -> str:
    """Return the SHA-256 of a file, or of several one after the other, as 64 hex digits."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


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
