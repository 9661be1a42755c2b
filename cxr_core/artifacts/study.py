"""The study's files: what each training run of the comparison of backbones came to, a file a run. Needs no TensorFlow."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from cxr_core.artifacts.errors import StudyDamagedError
from cxr_core.artifacts.identity import SHIPPED_MODEL
from cxr_core.artifacts.known_weights import KNOWN_WEIGHTS
from cxr_core.artifacts.results import Results
from cxr_core.labels import CLASS_NAMES

STUDY_FOLDER = SHIPPED_MODEL.parent / "study"

SHIPPED_RUN = "shipped"
"""Name of the row of the shipped classifier."""

HELPS_PREFIX = "helps-"
"""What the names of the rows of `cxr_core.artifacts.helps` begin with, which lie in the same folder."""

ClassCode = Annotated[int, Field(ge=0, lt=len(CLASS_NAMES))]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class StudyRun(BaseModel):
    """One run of the study: how a classifier was trained, how it fared by epoch, and what it called every test film.

    Attributes
    ----------
    name : str
        Name of its file without the ending.
    title : str
        Backbone, what it started from back to the first weights, recipe: too long for a row of a chart, which takes `label`.
    backbone : str
        A key of `cxr_core.models.BACKBONES`.
    started_from : str
        What the weights grew from.
    size : int
        Side of the input in pixels.
    trainable_layers : int or None
        How many of the backbone's last layers were trained; None stands for all.
    epochs : int
        Passes over the training films.
    seconds : float or None
        Wall time of the training; None where it was not noted.
    films_seen : int
        Films that the network was trained on, each as often as it was shown.
    seed : int
        Seed of the run.
    recipe : dict
        All settings.
    history : list of dict
        By epoch: loss, accuracy, covid_recall, val_loss, val_accuracy, val_covid_recall.
    results : Results
        On the test split.
    y_true, top_class : list of int
        Class code of every test film, and the one with the largest probability, in the order of the index.
    groups : list of str
        Near-duplicate group of every test film.
    index_sha256, weights_sha256 : str
        Which data set, and which weights.
    machine : str
        What it was trained on.
    command : str
        The command that repeats it.
    written : str
        When, in ISO 8601.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str = Field(min_length=1)
    backbone: str
    started_from: str
    size: int = Field(ge=32)
    trainable_layers: int | None = Field(ge=0)
    epochs: int = Field(ge=0)
    seconds: float | None = Field(ge=0)
    films_seen: int = Field(ge=0)
    seed: int
    recipe: dict[str, Any]
    history: list[dict[str, float]]
    results: Results
    y_true: list[ClassCode]
    top_class: list[ClassCode]
    groups: list[str]
    index_sha256: Sha256
    weights_sha256: Sha256
    machine: str
    command: str
    written: str

    @property
    def label(self) -> str:
        """Short name of its row in tables and charts, no two of a study alike."""
        if self.name == SHIPPED_RUN:
            return f"{self.backbone}, shipped, {self.size} px"
        init, digest = str(self.recipe.get("init")), str(self.recipe.get("init_sha256"))
        known = KNOWN_WEIGHTS.get(digest)
        of_file = known.short if known else f"{init.split('.')[0]} ({digest[:6]})"
        start = {"none": "random weights", "imagenet": "ImageNet weights"}.get(init, of_file)
        part = "all layers" if self.trainable_layers is None else f"last {self.trainable_layers} layers"
        budget = ("1 epoch" if self.epochs == 1 else f"{self.epochs} epochs") + (f", seed {self.seed}" if self.seed else "")
        refined = ", refined" if self.name.endswith("-refined") else ""
        return f"{self.backbone}, {start}, {part}, {self.size} px, {budget}{refined}"

    @property
    def measured_on(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """By film its class and the number of its group: alike for runs on the same test films, whatever else they were trained on.

        Groups are numbered as they come, for a group has another name where several collections were opened together.
        """
        numbers: dict[str, int] = {}
        return tuple(self.y_true), tuple(numbers.setdefault(group, len(numbers)) for group in self.groups)

    @model_validator(mode="after")
    def _films_are_those_of_the_results(self) -> "StudyRun":
        if not len(self.y_true) == len(self.top_class) == len(self.groups):
            raise ValueError("y_true, top_class and groups must have an entry a film")
        called = Counter(zip(self.y_true, self.top_class, strict=True))
        codes = range(len(CLASS_NAMES))
        if self.results.confusion != [[called[true, top] for top in codes] for true in codes]:
            raise ValueError("y_true and top_class must count up to the confusion matrix")
        return self


def read_study(folder: Path = STUDY_FOLDER) -> list[StudyRun]:
    """Read the study's runs, by name.

    Parameters
    ----------
    folder : Path
        Holds a JSON file a run, and others beside them whose names begin with `HELPS_PREFIX`. Where it is missing, no run was made.

    Returns
    -------
    list of StudyRun

    Raises
    ------
    StudyDamagedError
        A file cannot be read or does not fit the schema.
    """
    runs = []
    for path in sorted(folder.glob("*.json")):
        if path.name.startswith(HELPS_PREFIX):
            continue
        try:
            run = StudyRun.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise StudyDamagedError(f"The study file {path} is damaged or of another version. Write it anew with 'study'.") from error
        if run.name != path.stem:
            raise StudyDamagedError(f"The study file {path} holds the run {run.name!r}. Give the file that name, or remove it.")
        runs.append(run)
    return runs
