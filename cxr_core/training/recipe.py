"""What a training run was asked to do; saved beside its results so that it can be repeated and resumed."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Recipe(BaseModel):
    """The settings of one training run.

    Attributes
    ----------
    backbone : str
        A key of `cxr_core.models.BACKBONES`.
    size : int
        Side of the network's input in pixels.
    init : str
        ``none``, ``imagenet``, or the name of a weights file (of the bare backbone, or of a whole classifier).
    init_sha256 : str or None
        Hash of that file, so that the card can say what the weights grew from.
    trainable_layers : int or None
        How many of the backbone's last layers are trained; None trains all.
    optimizer : {"adamw", "adamax"}
    schedule : {"cosine", "constant"}
        Learning rate over the run; cosine warms up first and ends at zero.
    class_weight_power : float
        A film weighs (largest class / its class) to this power; 1 balances the classes, 0 leaves them.
    teacher : str or None
        Run or weights folder of a classifier whose probabilities and feature maps the network also learns to match.
    hard_weight : float
        With a teacher, weight of the labels' loss against the teacher's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    backbone: str = "DenseNet121"
    size: int = Field(192, ge=32, le=1024)
    init: str = "imagenet"
    init_sha256: str | None = None
    trainable_layers: int | None = Field(None, ge=0)
    epochs: int = Field(10, ge=1)
    batch_size: int = Field(32, ge=1)
    optimizer: Literal["adamw", "adamax"] = "adamw"
    schedule: Literal["cosine", "constant"] = "cosine"
    learning_rate: float = Field(1e-3, gt=0)
    warmup_epochs: float = Field(1.0, ge=0)
    weight_decay: float = Field(0.03, ge=0)
    label_smoothing: float = Field(0.05, ge=0, lt=1)
    class_weight_power: float = Field(0.5, ge=0, le=1)
    dropout: float = Field(0.3, ge=0, lt=1)
    augmentation: Literal["none", "mild", "strong"] = "mild"
    teacher: str | None = None
    hard_weight: float = Field(0.5, ge=0)
    seed: int = 0

    def save(self, folder: Path) -> None:
        """Write the recipe to `folder`/recipe.json."""
        (folder / "recipe.json").write_text(self.model_dump_json(indent=1) + "\n")

    @classmethod
    def load(cls, folder: Path) -> "Recipe":
        """Read the recipe that `save` wrote."""
        return cls.model_validate_json((folder / "recipe.json").read_text())
