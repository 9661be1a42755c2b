"""What a model card offers to the calculator, and what is said of a sensitivity that comes from there."""

from cxr_core.card import ModelCard, OperatingPoint, threshold_points, top_class_point
from cxr_core.decision.model_point import NO_MODEL, ModelOffer, ModelPoint
from cxr_core.decision.sentences import share_text
from cxr_core.decision.state import CalculatorState


def model_offer(card: ModelCard | None) -> ModelOffer:
    """Return the operating points of the model that a card speaks of; `NO_MODEL` without a card."""
    if card is None:
        return NO_MODEL
    top = top_class_point(card)
    points = tuple(_model_point(card, point) for point in threshold_points(card))
    return ModelOffer(card.model.sha256, _model_point(card, top) if top else None, points)


def origin_sentence(state: CalculatorState, card: ModelCard | None) -> str:
    """Say what stands behind a sensitivity of X-ray that was not typed, and the specificity beside it.

    Parameters
    ----------
    state : CalculatorState
        Whose source is not "typed".
    card : ModelCard or None
        Of this installation.

    Returns
    -------
    str
        Two sentences.
    """
    return f"{_handed_over(state) if state.source == 'point' or card is None else _of_card(state, card)} " + (
        f"Specificity {share_text(state.specificity_xray)}."
    )


def _model_point(card: ModelCard, point: OperatingPoint) -> ModelPoint:
    return ModelPoint(point.sensitivity, point.specificity, point.threshold, point.cases, card.model.sha256)


def _handed_over(state: CalculatorState) -> str:
    by = f"model {state.model[:6]}" if state.model else "an unnamed model"
    cases = f", measured on {state.cases_xray:,.0f} COVID patients" if state.cases_xray else ""
    return f"Operating point of {by} as it was handed over, threshold {state.threshold or 0:.4f}{cases}."


def _of_card(state: CalculatorState, card: ModelCard) -> str:
    text = f"{card.model.version}, {state.cases_xray:,.0f} COVID films of its {card.data.split} split"
    top = top_class_point(card) if state.source == "card" else None
    interval = top.interval if top else None
    if interval and interval.low is not None and interval.high is not None:
        text += f"; 95% interval {share_text(interval.low)} to {share_text(interval.high)}"
    return f"{text}."
