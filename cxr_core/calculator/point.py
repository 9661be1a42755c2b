"""Where the sensitivity of X-ray comes from when it is not typed, and how other pages hand an operating point over.

An operating point reaches the calculator in one of two ways, which mean the same:

- **A page of the same session** puts a `Handover` into the session's state under `HANDOVER_KEY` and leads to the calculator. It is
  taken once, when the calculator is next drawn.
- **A link** that opens a session carries ``from=point``, the threshold ``th``, the
  sensitivity ``sx``, the specificity ``spx``, the number of COVID patients behind the sensitivity ``nx``, and ``m``, the first digits
  of the weights' SHA-256. ``from``, ``th``, ``sx`` and ``spx`` must all be there.

Both set the sensitivity and specificity of X-ray and the cases behind them, and leave every other number alone.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from cxr_core.artifacts import OperatingPoint
from cxr_core.calculator.state import MODEL_DIGITS, CalculatorState, Source

HANDOVER_KEY: Final = "operating_point"
"""Where a page of the same session leaves a `Handover` for the calculator."""

_FIELDS: Final = ("sensitivity_xray", "specificity_xray", "cases_xray", "threshold", "model")
"""What an operating point sets."""


class Handover(NamedTuple):
    """An operating point that one page hands to the calculator; `model` is the SHA-256 of the weights, "" where it is not known."""

    point: OperatingPoint
    model: str = ""


@dataclass(frozen=True)
class ModelOffer:
    """What the model of this installation offers.

    Attributes
    ----------
    model : str
        SHA-256 of its weights.
    top : OperatingPoint or None
        Where the most probable class decides; None if its card does not say.
    points : sequence of OperatingPoint
        Along its ROC, each with a threshold; empty if its card has no curve.
    """

    model: str
    top: OperatingPoint | None
    points: Sequence[OperatingPoint]

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources that can be chosen, besides typing."""
        return (*(("card",) if self.top else ()), *(("threshold",) if self.points else ()))

    def nearest(self, threshold: float) -> OperatingPoint:
        """Return the point of the ROC whose threshold is nearest."""
        return min(self.points, key=lambda point: abs((point.threshold or 0.0) - threshold))

    def point(self, source: Source, threshold: float) -> OperatingPoint | None:
        """Return the point that a source names, None if there is none."""
        if source == "card":
            return self.top
        return self.nearest(threshold) if source == "threshold" and self.points else None


NO_MODEL: Final = ModelOffer("", None, ())
"""What is offered where there is no model card."""


def with_point(state: CalculatorState, source: Source, point: OperatingPoint, model: str = "") -> CalculatorState:
    """Set X-ray to an operating point, and say that it came from there.

    Parameters
    ----------
    state : CalculatorState
    source : {"card", "threshold", "point"}
    point : OperatingPoint
        With cases and others, so that it has a sensitivity and a specificity.
    model : str
        SHA-256 of the weights, or its first digits; "" where it is not known.

    Returns
    -------
    CalculatorState
        With the point's sensitivity, specificity, cases and threshold, and the model; the rest as it was.
    """
    return state.model_copy(
        update={
            "source": source,
            "sensitivity_xray": point.sensitivity.value,
            "specificity_xray": point.specificity.value,
            "cases_xray": float(point.cases),
            "threshold": point.threshold,
            "model": model[:MODEL_DIGITS],
        }
    )


def as_typed(state: CalculatorState) -> CalculatorState:
    """Keep every number, and let the sensitivity of X-ray count as typed."""
    return state.model_copy(update={"source": "typed", "threshold": None, "model": ""})


def with_source(state: CalculatorState, source: Source, offer: ModelOffer, handed: CalculatorState | None = None) -> CalculatorState:
    """Take the sensitivity of X-ray from where the reader says.

    Parameters
    ----------
    state : CalculatorState
    source : {"typed", "card", "threshold", "point"}
    offer : ModelOffer
        Of this installation.
    handed : CalculatorState, optional
        As it stood when an operating point was handed over, for the source "point".

    Returns
    -------
    CalculatorState
        With the numbers of that source, along the ROC those of the threshold nearest to the one before, or to 0.5. With its own numbers,
        as typed ones, for "typed" and where the source has none.
    """
    if source == "point" and handed is not None:
        return state.model_copy(update={"source": source} | {field: getattr(handed, field) for field in _FIELDS})
    point = offer.point(source, 0.5 if state.threshold is None else state.threshold)
    return as_typed(state) if point is None else with_point(state, source, point, offer.model)


def reconcile(state: CalculatorState, offer: ModelOffer) -> tuple[CalculatorState, tuple[str, ...]]:
    """Compare where a link says that the sensitivity of X-ray came from with the model that is here.

    Parameters
    ----------
    state : CalculatorState
        As `from_query` read it.
    offer : ModelOffer
        Of this installation; `NO_MODEL` without one.

    Returns
    -------
    state : CalculatorState
        Unchanged where this model gives the link's numbers, or where the point was handed over and does not speak of another model. With
        this model's numbers where the link names no model. Else the link's numbers, as typed ones.
    notes : tuple of str
        A sentence where they had to be taken as typed.
    """
    if state.source == "typed":
        return state, ()
    if state.model and not offer.model.startswith(state.model):
        here = f"the model here is {offer.model[:6]}" if offer.model else "there is none here"
        return as_typed(state), (f"The link's sensitivity of X-ray came from the model {state.model[:6]}, but {here}. {_KEPT}",)
    if state.source == "point":
        return state, ()
    point = offer.point(state.source, 0.5 if state.threshold is None else state.threshold)
    if point is None:
        return as_typed(state), (f"The link's sensitivity of X-ray came from a model card that is not here. {_KEPT}",)
    followed = with_point(state, state.source, point, offer.model)
    if not state.model or _same(state, followed):
        return followed, ()
    return as_typed(state), (f"The model card has changed since the link was made: it gives other figures now. {_KEPT}",)


_KEPT: Final = "The link's numbers are kept as typed ones."


def _same(state: CalculatorState, other: CalculatorState) -> bool:
    fields = ("sensitivity_xray", "specificity_xray", "cases_xray")
    return all(math.isclose(getattr(state, field), getattr(other, field), rel_tol=1e-9) for field in fields)
