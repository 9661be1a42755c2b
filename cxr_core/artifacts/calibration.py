"""What calibrates a read, as fitted on the validation films: `calibration.json`, a file beside the weights, written by `evaluate`."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from cxr_core.artifacts.errors import CalibrationDamagedError, CalibrationMissingError, CalibrationOfOtherWeightsError
from cxr_core.artifacts.identity import ModelIdentity
from cxr_core.artifacts.operating import OperatingPoint
from cxr_core.labels import CLASS_NAMES

CALIBRATION_FILE = "calibration.json"


class Calibration(BaseModel):
    """Everything that turns a network's logits into a calibrated read.

    Attributes
    ----------
    weights_sha256 : str
        The weights that it was fitted for, 64 hex digits; it is of no use to any others.
    split : str
        The films that it was fitted on: the validation films.
    films : dict of str to int
        Their number by class.
    temperature : float
        The logits are divided by it before the softmax.
    coverage : float
        Share of the films of each class whose prediction set shall hold that class.
    set_thresholds : dict of str to float
        By class: calibrated probability from which the class is in the prediction set.
    operating_point : OperatingPoint
        As `cxr_core.calibration.choose_point` chose it. Its figures are of the films that it was chosen on: they flatter it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    split: Literal["val"] = "val"
    films: dict[str, int]
    temperature: float = Field(gt=0, allow_inf_nan=False)
    coverage: float = Field(gt=0, lt=1)
    set_thresholds: dict[str, float]
    operating_point: OperatingPoint

    @property
    def threshold(self) -> float:
        """Probability of COVID from which a film counts as positive."""
        assert self.operating_point.threshold is not None
        return self.operating_point.threshold

    @field_validator("operating_point")
    @classmethod
    def _was_chosen(cls, value: OperatingPoint) -> OperatingPoint:
        if value.threshold is None or value.rule is None:
            raise ValueError("must have a threshold that a rule chose")
        return value

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


def read_calibration(folder: Path, identity: ModelIdentity) -> Calibration:
    """Read what was fitted for the weights of a model folder.

    Parameters
    ----------
    folder : Path
        The model folder.
    identity : ModelIdentity
        Its weights.

    Returns
    -------
    Calibration

    Raises
    ------
    CalibrationMissingError
        The folder has no such file.
    CalibrationDamagedError
        The file cannot be read or does not fit the schema.
    CalibrationOfOtherWeightsError
        The file was fitted for other weights.
    """
    path = folder / CALIBRATION_FILE
    if not path.is_file():
        raise CalibrationMissingError(
            f"There is no {path}, so these weights have no calibrated probabilities. Restore it, or run 'evaluate'."
        )
    try:
        calibration = Calibration.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise CalibrationDamagedError(
            f"The file {path} is damaged or of another version. Restore it, or write it anew with 'evaluate'."
        ) from error
    if calibration.weights_sha256 != identity.sha256:
        raise CalibrationOfOtherWeightsError(f"The file {path} was fitted for other weights than {identity.version}. Run 'evaluate' anew.")
    return calibration
