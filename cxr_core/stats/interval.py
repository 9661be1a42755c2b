"""A share with how sure it is."""

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Interval(BaseModel):
    """A share in [0, 1] with its 95% interval; the bounds are None where there is none, as where it cannot be resampled."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float | None = Field(ge=0, le=1)
    low: float | None = Field(None, ge=0, le=1)
    high: float | None = Field(None, ge=0, le=1)

    @model_validator(mode="after")
    def _bounds_come_together_and_in_order(self) -> "Interval":
        if (self.low is None) != (self.high is None):
            raise ValueError("an interval has both bounds or none")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("the lower bound must not lie above the upper one")
        return self

    def __str__(self) -> str:
        """Write the value with its interval, as it is shown wherever there is room for both."""
        if self.value is None:
            return "not measured"
        return f"{self.value:.3f}" if self.low is None else f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"
