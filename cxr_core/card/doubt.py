"""What was fitted on val so that a read can state its doubt: `doubt.json`, a file beside the weights, written by the evaluation."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from cxr_core.card.errors import DoubtDamagedError, DoubtMissingError, DoubtOfOtherWeightsError
from cxr_core.card.identity import ModelIdentity
from cxr_core.labels import CLASS_NAMES

DOUBT_FILE = "doubt.json"

Rule = Literal["sensitivity", "youden"]
"""How an operating point is chosen: the fewest false positives at `LEAST_SENSITIVITY` or more, or the largest Youden index."""

LEAST_SENSITIVITY = 0.95


class ChosenPoint(BaseModel):
    """The operating point of COVID against all else, chosen on val.

    Attributes
    ----------
    rule : {"sensitivity", "youden"}
        How it was chosen; see `cxr_core.doubt.choose_point`.
    threshold : float
        Calibrated probability of COVID from which a film is called positive.
    sensitivity, specificity : float
        On the val films that it was chosen on: they flatter it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: Rule
    threshold: float = Field(ge=0, le=1)
    sensitivity: float = Field(ge=0, le=1)
    specificity: float = Field(ge=0, le=1)


class Doubt(BaseModel):
    """Everything that turns a network's logits into a read with its doubt.

    Attributes
    ----------
    weights_sha256 : str
        The weights that it was fitted for, 64 hex digits; it is of no use to any others.
    split : str
        The films that it was fitted on: val.
    films : dict of str to int
        Their number by class.
    temperature : float
        The logits are divided by it before the softmax.
    coverage : float
        Share of the films of each class whose prediction set shall hold that class.
    set_thresholds : dict of str to float
        By class: calibrated probability from which the class is in the prediction set.
    operating_point : ChosenPoint
        For COVID.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    split: Literal["val"] = "val"
    films: dict[str, int]
    temperature: float = Field(gt=0, allow_inf_nan=False)
    coverage: float = Field(gt=0, lt=1)
    set_thresholds: dict[str, float]
    operating_point: ChosenPoint

    @field_validator("films", "set_thresholds")
    @classmethod
    def _names_every_class(cls, value: dict[str, float]) -> dict[str, float]:
        if tuple(value) != CLASS_NAMES:
            raise ValueError(f"must name {', '.join(CLASS_NAMES)}, in this order")
        return value

    @field_validator("set_thresholds")
    @classmethod
    def _are_probabilities(cls, value: dict[str, float]) -> dict[str, float]:
        if not all(0 <= threshold <= 1 for threshold in value.values()):
            raise ValueError("must lie in [0, 1]")
        return value


def read_doubt(folder: Path, identity: ModelIdentity) -> Doubt:
    """Read what was fitted for the weights of a model folder.

    Parameters
    ----------
    folder : Path
        The model folder.
    identity : ModelIdentity
        Its weights.

    Returns
    -------
    Doubt

    Raises
    ------
    DoubtMissingError
        The folder has no such file.
    DoubtDamagedError
        The file cannot be read or does not fit the schema.
    DoubtOfOtherWeightsError
        The file was fitted for other weights.
    """
    path = folder / DOUBT_FILE
    if not path.is_file():
        raise DoubtMissingError(f"There is no {path}, so these weights have no calibrated probabilities. Restore it, or run 'evaluate'.")
    try:
        doubt = Doubt.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise DoubtDamagedError(
            f"The file {path} is damaged or of another version. Restore it, or write it anew with 'evaluate'."
        ) from error
    if doubt.weights_sha256 != identity.sha256:
        raise DoubtOfOtherWeightsError(f"The file {path} was fitted for other weights than {identity.version}. Run 'evaluate' anew.")
    return doubt
