"""Scenarios with a source and a lesson each. They are data: `presets.json` beside this file."""

from functools import cache
from importlib.resources import files
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator

from cxr_core.calculator.state import CalculatorState
from cxr_core.decision import Beta, beta_from_counts, beta_from_interval

PRESET_FILE = "presets.json"

_VIEW_FIELDS: Final = ("false_positives", "waiting", "sequential", "map_x", "map_y", "presenter")
"""What a preset leaves as the reader has it."""


class Counts(BaseModel):
    """COVID patients whom a test found and missed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    true_positives: int = Field(ge=0)
    false_negatives: int = Field(ge=0)

    def beta(self) -> Beta:
        """Return the distribution of the sensitivity."""
        return beta_from_counts(self.true_positives, self.false_negatives)


class PublishedInterval(BaseModel):
    """A published 95% interval of a sensitivity."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: float = Field(gt=0, lt=1)
    high: float = Field(gt=0, lt=1)

    def beta(self) -> Beta:
        """Return the distribution of the sensitivity."""
        return beta_from_interval(self.low, self.high)


class Preset(BaseModel):
    """One scenario.

    Attributes
    ----------
    key : str
        Short name for links.
    name : str
        For people.
    source : str
        Where each number comes from, and which are illustrative.
    lesson : str
        What it teaches, one sentence.
    settings : dict
        Fields of `CalculatorState`; those not named keep their defaults. For a sensitivity known by its interval, the number of cases is
        the one whose Beta distribution is as concentrated as the fitted one (alpha + beta less one for the prior).
    xray, pcr : Counts or PublishedInterval
        What each sensitivity rests on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=40)
    name: str = Field(min_length=1)
    source: str = Field(min_length=1)
    lesson: str = Field(min_length=1)
    settings: dict[str, Any]
    xray: Counts | PublishedInterval
    pcr: Counts | PublishedInterval

    @field_validator("settings")
    @classmethod
    def _fit_the_calculator(cls, settings: dict[str, Any]) -> dict[str, Any]:
        CalculatorState(**settings)
        return settings

    def state(self) -> CalculatorState:
        """Return the calculator with this preset's numbers and everything else at its default."""
        return CalculatorState(**{**self.settings, "preset": self.key})

    def changed(self, state: CalculatorState) -> bool:
        """Say whether a state that started from this preset has other numbers by now."""
        return any(getattr(state, field) != value for field, value in self.settings.items())


@cache
def load_presets() -> dict[str, Preset]:
    """Read the presets, by key, in the order of the file."""
    listed = TypeAdapter(list[Preset]).validate_json(files(__package__).joinpath(PRESET_FILE).read_bytes())
    return {preset.key: preset for preset in listed}


def with_preset(state: CalculatorState, key: str) -> CalculatorState:
    """Take a preset's numbers; the switches, the map's axes and the presenter mode stay.

    Parameters
    ----------
    state : CalculatorState
    key : str
        Of a preset, or "" to keep every number and go by no preset.

    Returns
    -------
    CalculatorState
    """
    if not key:
        return state.model_copy(update={"preset": ""})
    return load_presets()[key].state().model_copy(update={field: getattr(state, field) for field in _VIEW_FIELDS})
