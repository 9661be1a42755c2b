"""What helps: the files of trainings that differ in one thing each and are judged on films from elsewhere. Needs no TensorFlow."""

from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from cxr_core.artifacts.errors import StudyDamagedError
from cxr_core.artifacts.part import CardPart
from cxr_core.artifacts.study import HELPS_PREFIX, STUDY_FOLDER, Sha256
from cxr_core.stats import Interval


class InSetFigures(CardPart):
    """How a row does on the test split of the first collection, which films like those of its training come from."""

    films: int = Field(gt=0)
    accuracy: Interval
    covid_recall: Interval
    macro_f1: Interval


class OutsideFigures(CardPart):
    """How a row does on other collections; no value where one of them is not there.

    Attributes
    ----------
    films : dict of str to int
        By collection: its films of the four classes.
    held_out : Interval
        Accuracy on the collections that no row was trained on, together.
    normals_called_covid : Interval
        Of the JSRT normals, held out: COVID's false-positive rate.
    external_accuracy : Interval
        Accuracy on the films of the table `external`, held out.
    kermany_accuracy : Interval
        On Kermany's own test folder: share whose top class is right.
    kermany_normal_against_rest : Interval
        There, share where the top class is Normal exactly if the film is.
    kermany_bacterial_against_viral : Interval
        There, area under the ROC curve of viral against bacterial pneumonia.
    """

    films: dict[str, int] = Field(min_length=1)
    held_out: Interval
    normals_called_covid: Interval
    external_accuracy: Interval
    kermany_accuracy: Interval
    kermany_normal_against_rest: Interval
    kermany_bacterial_against_viral: Interval


class HelpsRow(CardPart):
    """One training, and how it fared.

    Attributes
    ----------
    name : str
        Name of its file without the ending.
    title : str
        What it was trained on and how, in a phrase.
    place : int
        Where it stands in the table.
    against : str or None
        Name of the row that it differs from in one thing; None where it starts the table.
    collections : list of str
        What it was trained on.
    backbone, started_from : str
        A key of `cxr_core.models.BACKBONES`, and what the weights grew from.
    size, epochs, epoch_films, seed : int
        Side of the input in pixels, epochs, films an epoch, seed: the budget.
    train_films : int
        Different films that were there to be drawn from.
    seconds : float
        Wall time of the epochs.
    recipe : dict
        All settings.
    history : list of dict
        By epoch, as in `StudyRun`.
    in_set, outside
        The figures.
    index_sha256, weights_sha256 : str
        Which data set, and which weights.
    machine, command, written : str
        What it was trained on, the command that repeats it, and when (ISO 8601).
    libraries : dict of str to str
        Versions by name.
    """

    name: str = Field(pattern=rf"^{HELPS_PREFIX}[a-z0-9][a-z0-9-]*$")
    title: str = Field(min_length=1)
    place: int = Field(ge=0)
    against: str | None
    collections: list[str] = Field(min_length=1)
    backbone: str
    started_from: str
    size: int = Field(ge=32)
    epochs: int = Field(ge=1)
    epoch_films: int = Field(ge=1)
    seed: int = Field(ge=0)
    train_films: int = Field(gt=0)
    seconds: float = Field(ge=0)
    recipe: dict[str, Any]
    history: list[dict[str, float]]
    in_set: InSetFigures
    outside: OutsideFigures
    index_sha256: Sha256
    weights_sha256: Sha256
    machine: str
    command: str
    written: str
    libraries: dict[str, str]

    @property
    def budget(self) -> tuple[Any, ...]:
        """What two rows must share to be compared: data set, backbone, start, size, epochs, films an epoch, seed."""
        return self.index_sha256, self.backbone, self.started_from, self.size, self.epochs, self.epoch_films, self.seed


def read_helps(folder: Path = STUDY_FOLDER) -> list[HelpsRow]:
    """Read the rows of what helps, in the order of the table.

    Parameters
    ----------
    folder : Path
        Holds a JSON file a row. Where it is missing, no row was made.

    Returns
    -------
    list of HelpsRow

    Raises
    ------
    StudyDamagedError
        A file cannot be read or does not fit the schema.
    """
    rows = []
    for path in sorted(folder.glob(f"{HELPS_PREFIX}*.json")):
        try:
            row = HelpsRow.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise StudyDamagedError(f"The row {path} is damaged or of another version. Remove it and write it anew.") from error
        if row.name != path.stem:
            raise StudyDamagedError(f"The row {path} holds {row.name!r}. Give the file that name, or remove it.")
        rows.append(row)
    return sorted(rows, key=lambda row: row.place)
