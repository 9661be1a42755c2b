"""The whole state of the calculator: what its controls say, and what a link carries."""

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cxr_core.decision import (
    MAX_AMOUNT,
    MAX_HOURS,
    NO_DECAY,
    PARAMETERS,
    ParameterName,
    Ranges,
    Scenario,
    Test,
    Uncertainty,
    beta_from_counts,
)

MAX_CASES: Final = 1e6
"""Most patients that a sensitivity may be said to rest on."""

MINUTES_PER_HOUR: Final = 60

MODEL_DIGITS: Final = 12
"""How many digits of the weights' hash a state and its link carry."""

Source = Literal["typed", "card", "threshold", "point"]
"""Where the sensitivity of X-ray comes from: typed, the model card, a threshold on its ROC, or an operating point that was handed over."""


class CalculatorState(BaseModel):
    """Everything that the calculator's controls say. The extensions keep their numbers while they are off.

    Attributes
    ----------
    preset : str
        Key of the preset that the numbers were taken from last, or "" if none.
    prevalence, sensitivity_xray, sensitivity_pcr : float
        P and S of either test, in [0, 1].
    value, cost_importance, cost_xray, cost_pcr : float
        V, A and C of either test, from 0 to 1e12.
    false_positives : bool
        Whether false positives count: F and the specificities. Off, the specificities are 1 and F is 0 whatever is set.
    specificity_xray, specificity_pcr : float
        In [0, 1].
    false_positive_harm : float
        F, from 0 to 1e12, in the units of V.
    waiting : bool
        Whether value is lost by waiting.
    xray_minutes : float
        Turnaround of X-ray in minutes.
    pcr_hours : float
        Turnaround of PCR in hours; the default lies in the middle of the report's 12 to 24 (section 1).
    half_life_hours : float
        Hours of waiting after which a detection is worth half; at least a minute or so.
    sequential : bool
        Whether the strategies of two tests are shown.
    cases_xray, cases_pcr : float
        How many COVID patients each sensitivity was measured on, for the probabilistic analysis; 0 takes it as certain.
    spread : float
        For the probabilistic analysis: prevalence and both costs are drawn uniformly from this share below to this share above.
    map_x, map_y : str
        Axes of the two-way map, two different names of `PARAMETERS`.
    presenter : bool
        Large type, few controls.
    source : {"typed", "card", "threshold", "point"}
        Where the sensitivity and specificity of X-ray and the cases behind them come from; see `cxr_core.calculator.point`.
    threshold : float or None
        Of the operating point, in [0, 1]; None where there is none.
    model : str
        First digits of the SHA-256 of the weights that they come from, "" where that is not known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    preset: str = Field("report", max_length=40, pattern=r"^[a-z-]*$")
    prevalence: float = Field(0.25, ge=0, le=1)
    sensitivity_xray: float = Field(0.92, ge=0, le=1)
    sensitivity_pcr: float = Field(0.985, ge=0, le=1)
    value: float = Field(1000, ge=0, le=MAX_AMOUNT)
    cost_importance: float = Field(1, ge=0, le=MAX_AMOUNT)
    cost_xray: float = Field(30, ge=0, le=MAX_AMOUNT)
    cost_pcr: float = Field(50, ge=0, le=MAX_AMOUNT)
    false_positives: bool = False
    specificity_xray: float = Field(0.9, ge=0, le=1)
    specificity_pcr: float = Field(0.99, ge=0, le=1)
    false_positive_harm: float = Field(100, ge=0, le=MAX_AMOUNT)
    waiting: bool = False
    xray_minutes: float = Field(15, ge=0, le=MAX_HOURS)
    pcr_hours: float = Field(18, ge=0, le=MAX_HOURS)
    half_life_hours: float = Field(48, ge=0.01, le=MAX_HOURS)
    sequential: bool = False
    cases_xray: float = Field(723, ge=0, le=MAX_CASES)
    cases_pcr: float = Field(482, ge=0, le=MAX_CASES)
    spread: float = Field(0, ge=0, le=1)
    map_x: ParameterName = "prevalence"
    map_y: ParameterName = "value"
    presenter: bool = False
    source: Source = "typed"
    threshold: float | None = Field(None, ge=0, le=1)
    model: str = Field("", max_length=MODEL_DIGITS, pattern=r"^[0-9a-f]*$")

    @model_validator(mode="after")
    def _axes_differ(self) -> "CalculatorState":
        if self.map_x == self.map_y:
            raise ValueError("the two axes of the map must differ")
        return self

    def xray(self) -> Test:
        """Return X-ray as the analysis takes it, with the extensions that are on."""
        return self._test(self.sensitivity_xray, self.cost_xray, self.specificity_xray, self.xray_minutes / MINUTES_PER_HOUR)

    def pcr(self) -> Test:
        """Return PCR as the analysis takes it, with the extensions that are on."""
        return self._test(self.sensitivity_pcr, self.cost_pcr, self.specificity_pcr, self.pcr_hours)

    def scenario(self) -> Scenario:
        """Return the scenario as the analysis takes it, with the extensions that are on."""
        return Scenario(
            self.prevalence,
            self.value,
            self.cost_importance,
            false_positive_harm=self.false_positive_harm if self.false_positives else 0.0,
            half_life_hours=self.half_life_hours if self.waiting else NO_DECAY,
        )

    def uncertainty(self) -> Uncertainty:
        """Return what the probabilistic analysis is to draw.

        A sensitivity S measured on n patients is drawn from the Beta distribution of S·n found and (1-S)·n missed, see `beta_from_counts`.
        """
        ranges: Ranges = {}
        if self.spread:
            spread_over: dict[ParameterName, float] = {
                "prevalence": self.prevalence,
                "cost_xray": self.cost_xray,
                "cost_pcr": self.cost_pcr,
            }
            ranges = {
                name: (current * (1 - self.spread), min(PARAMETERS[name].high, current * (1 + self.spread)))
                for name, current in spread_over.items()
            }
        known = [
            beta_from_counts(sensitivity * cases, (1 - sensitivity) * cases) if cases else None
            for sensitivity, cases in ((self.sensitivity_xray, self.cases_xray), (self.sensitivity_pcr, self.cases_pcr))
        ]
        return Uncertainty(known[0], known[1], ranges)

    def _test(self, sensitivity: float, cost: float, specificity: float, hours: float) -> Test:
        return Test(
            sensitivity,
            cost,
            specificity=specificity if self.false_positives else 1.0,
            turnaround_hours=hours if self.waiting else 0.0,
        )
