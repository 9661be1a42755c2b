"""What the card of the lung network holds."""

from pathlib import Path

from pydantic import Field, ValidationError

from cxr_core.artifacts.errors import WeightsDamagedError, WeightsMissingError
from cxr_core.artifacts.part import CardPart

LUNG_CARD_FILE = "lung_card.json"


class LungFigures(CardPart):
    """How well the lungs that were found fit masks.

    Attributes
    ----------
    films : int
        Masked films.
    mean, fifth_percentile : float
        Dice overlap of both lungs together, in [0, 1].
    low, high : float
        95% bootstrap interval of the mean.
    """

    films: int = Field(ge=1)
    mean: float = Field(ge=0, le=1)
    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)
    fifth_percentile: float = Field(ge=0, le=1)


class LungCard(CardPart):
    """The card of the lung network: which weights, how they were trained, and how well they do.

    Attributes
    ----------
    sha256 : str
        Hash of the weights file.
    parameters : int
        Weights, statistics of the normalisations included.
    written, command : str
        When the card was written, in UTC, and by which command.
    trained_on : str
        What the network learned from, in a sentence.
    epochs, seed : int
        Of the training.
    films : dict of str to int
        Masked films by split.
    val_dice : list of float
        Mean Dice on the validation masks after each epoch.
    figures : dict of str to LungFigures
        By set of masked films: ``test``, and collections that no training saw.
    """

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    parameters: int = Field(gt=0)
    written: str
    command: str
    trained_on: str
    epochs: int = Field(ge=1)
    seed: int = Field(ge=0)
    films: dict[str, int]
    val_dice: list[float]
    figures: dict[str, LungFigures]


def read_lung_card(folder: Path) -> LungCard:
    """Read the card of a lung network's folder.

    Raises
    ------
    WeightsMissingError
        There is none.
    WeightsDamagedError
        It cannot be read.
    """
    path = folder / LUNG_CARD_FILE
    try:
        return LungCard.model_validate_json(path.read_bytes())
    except OSError as error:
        raise WeightsMissingError(f"There is no card {path} of the lung network. Restore the folder.") from error
    except ValidationError as error:
        raise WeightsDamagedError(f"The card {path} of the lung network is damaged. Restore the folder.") from error
