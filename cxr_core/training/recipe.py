"""What a training run was asked to do; saved beside its results so that it can be repeated and resumed."""

from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from cxr_core.artifacts import CARD_FILE, KNOWN_WEIGHTS, file_sha256, read_training
from cxr_core.data import index_sha256
from cxr_core.files import replace_file
from cxr_core.training.errors import RunError
from cxr_core.training.run import load_state

RECIPE_FILE = "recipe.json"


class Recipe(BaseModel):
    """The settings of one training run.

    Attributes
    ----------
    backbone : str
        A key of `cxr_core.models.BACKBONES`.
    size : int
        Side of the network's input in pixels.
    crop : {"lungs", "none"}
        What of a film the network sees: the box around its lungs, or all of it.
    init : str
        ``none``, ``imagenet``, or the name of a weights file (of the bare backbone, or of a whole classifier).
    init_sha256 : str or None
        Hash of that file, so that the card can say what the weights grew from.
    dilated : bool
        Whether the backbone's last stage is dilated instead of strided.
    trainable_layers : int or None
        How many of the backbone's last layers are trained; None trains all.
    optimizer : {"adamw", "adamax"}
    schedule : {"cosine", "constant"}
        Learning rate over the run; cosine warms up first and ends at zero.
    views : int
        With `trainable_layers` and augmentation: how many augmented views of each film are kept; an epoch takes the next. 0 keeps
        nothing: the frozen layers run in every step, on films augmented anew.
    epoch_films : int or None
        Films an epoch; None takes as many as there are training films.
    class_balance, source_balance : float
        A class is drawn as often as (its films) ** (1 - `class_balance`), and within it a source as often as (its films) ** (1 -
        `source_balance`): 0 leaves them as they are, 1 draws all alike.
    draws : dict of str to float
        How often films of a class, ``"Normal"``, or of one source of it, ``"Normal/kermany"``, are drawn, in proportion to each other; what
        is named here no longer follows `class_balance`.
    outlined_draws : float
        How much oftener a film whose infection is outlined is drawn than the others of its class.
    appearance : float
        With the augmentation "machines": how many films are given the looks of another machine.
    class_weight_power : float
        A film weighs (largest class / its class) to this power; 1 balances the classes, 0 leaves them.
    amplitudes, surroundings : float
        How many films of a batch are given another's Fourier amplitudes, and another's surroundings (`cxr_core.training.mixing`).
    map_weight : float
        Weight of what is wrong with the true class's map: what lies outside the lungs or an outlined infection
        (`cxr_core.training.map_supervision`).
    parent : Recipe or None
        Recipe of the run that `init` came from, where it came from one, with the epochs that were done in it.
    data_sha256 : str or None
        `index_sha256` of the data set: its films, classes and split.
    teacher : str or None
        Folder of the run, or of the model, whose classifier's probabilities and feature maps the network also learns to match.
    teacher_recipe : Recipe or None
        Recipe of that run.
    hard_weight : float
        With a teacher, weight of the labels' loss against the teacher's.
    average_epochs : int
        The weights that are judged on the validation films and kept are the mean of those after this many last epochs.
    engine : {"keras", "pytorch"}
        What the run was made with. `train` is Keras; a run made elsewhere by the same recipe says so on its card.
    note : str
        What such a run did that no setting tells, in words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    backbone: str = "DenseNet121"
    size: int = Field(160, ge=32, le=1024)
    crop: Literal["lungs", "none"] = "lungs"
    init: str = "imagenet"
    init_sha256: str | None = None
    parent: "Recipe | None" = None
    data_sha256: str | None = None
    dilated: bool = False
    trainable_layers: int | None = Field(None, ge=0)
    epoch_films: int | None = Field(None, ge=1)
    class_balance: float = Field(0.5, ge=0, le=1)
    source_balance: float = Field(0.5, ge=0, le=1)
    draws: dict[str, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    outlined_draws: float = Field(1.0, gt=0)
    epochs: int = Field(10, ge=1)
    batch_size: int = Field(32, ge=1)
    optimizer: Literal["adamw", "adamax"] = "adamw"
    schedule: Literal["cosine", "constant"] = "cosine"
    learning_rate: float = Field(1e-3, gt=0)
    warmup_epochs: float = Field(1.0, ge=0)
    weight_decay: float = Field(0.03, ge=0)
    label_smoothing: float = Field(0.05, ge=0, lt=1)
    class_weight_power: float = Field(0.0, ge=0, le=1)
    dropout: float = Field(0.3, ge=0, lt=1)
    augmentation: Literal["none", "mild", "strong", "machines"] = "machines"
    appearance: float = Field(1.0, ge=0, le=1)
    amplitudes: float = Field(0.0, ge=0, le=1)
    surroundings: float = Field(0.0, ge=0, le=1)
    map_weight: float = Field(0.0, ge=0)
    views: int = Field(4, ge=0)
    teacher: str | None = None
    teacher_recipe: "Recipe | None" = None
    hard_weight: float = Field(0.5, ge=0)
    average_epochs: int = Field(1, ge=1)
    seed: int = Field(0, ge=0, lt=2**32)
    engine: Literal["keras", "pytorch"] = "keras"
    note: str = ""

    @model_validator(mode="after")
    def _kept_views_are_single_films(self) -> "Recipe":
        if self.cached and (self.amplitudes or self.surroundings or self.map_weight):
            raise ValueError("kept views (trainable layers with views) cannot be mixed or supervised; set views to 0")
        return self

    @property
    def cached(self) -> bool:
        """Whether the frozen layers' outputs are kept on disk, so that only the layers behind them run in training."""
        return self.trainable_layers is not None and self.views > 0

    def pinned(self, index: pd.DataFrame) -> "Recipe":
        """Return the recipe with what stands behind its data set, `init` and `teacher` written into it: hashes and recipes."""
        found: dict[str, Any] = {"data_sha256": index_sha256(index)}
        if Path(self.init).is_file():
            found["init_sha256"] = file_sha256(Path(self.init))
            if any((Path(self.init).parent / name).is_file() for name in (RECIPE_FILE, CARD_FILE)):
                found["parent"] = _done(Path(self.init).parent)
        if self.teacher is not None:
            found["teacher_recipe"] = _done(Path(self.teacher))
        return self.model_copy(update=found)

    def same_work(self, other: "Recipe") -> bool:
        """Tell whether two recipes ask for the same work, wherever their files lie, however long they go on, and whatever is judged."""
        elsewhere = {"epochs": 1, "average_epochs": 1, "init": "", "teacher": None}
        if "none" in (self.init, other.init) or "imagenet" in (self.init, other.init):
            del elsewhere["init"]
        return self.model_copy(update=elsewhere) == other.model_copy(update=elsewhere)

    def for_card(self) -> dict[str, Any]:
        """Return the recipe as plain data with file names only: a card names no folder of the machine that trained."""
        plain = self.model_dump(mode="json", exclude={"parent", "teacher_recipe"})
        plain["init"] = Path(self.init).name
        plain["teacher"] = None if self.teacher is None else Path(self.teacher).name
        for name in ("parent", "teacher_recipe"):
            recipe = getattr(self, name)
            plain[name] = None if recipe is None else recipe.for_card()
        return plain

    def lineage(self) -> str:
        """Say in a phrase what the weights grew from, back to the first."""
        if self.parent is not None:
            taught = f", taught by {self.parent.teacher_recipe.backbone}" if self.parent.teacher_recipe else ""
            epochs = "1 epoch" if self.parent.epochs == 1 else f"{self.parent.epochs} epochs"
            return f"{self.parent.lineage()}; then {epochs} at {self.parent.size} px{taught}"
        if self.init == "none":
            return "random weights"
        if self.init == "imagenet":
            return f"ImageNet weights of {self.backbone} (Keras)"
        known = KNOWN_WEIGHTS.get(str(self.init_sha256))
        return known.origin if known else f"{Path(self.init).name} (SHA-256 {str(self.init_sha256)[:12]})"

    def save(self, folder: Path) -> None:
        """Write the recipe into a run's folder, whole or not at all."""
        replace_file(folder / RECIPE_FILE, lambda path: path.write_text(self.model_dump_json(indent=1) + "\n"))

    @classmethod
    def load(cls, folder: Path) -> "Recipe":
        """Read the recipe of a run's folder, or of the weights in a model folder from their card.

        Raises
        ------
        RunError
            The folder holds no recipe, or a damaged one.
        """
        path = folder / RECIPE_FILE
        if not path.is_file() and (folder / CARD_FILE).is_file():
            try:
                return cls.model_validate(read_training(folder).recipe)
            except ValidationError as error:
                raise RunError(f"The model card in {folder} holds no recipe of this version. Write it anew with 'evaluate'.") from error
        try:
            return cls.model_validate_json(path.read_bytes())
        except OSError as error:
            raise RunError(f"There is no recipe {path}. Name the folder of a training run.") from error
        except ValidationError as error:
            raise RunError(f"The recipe {path} is damaged. Name the folder of another training run.") from error


def _done(folder: Path) -> Recipe:
    """Return the recipe of a run or model folder with the epochs that were done, which may be fewer than were planned."""
    state = load_state(folder)
    recipe = Recipe.load(folder)
    history = state.history or (read_training(folder).history if not (folder / RECIPE_FILE).is_file() else [])
    return recipe.model_copy(update={"epochs": len(history)}) if history else recipe
