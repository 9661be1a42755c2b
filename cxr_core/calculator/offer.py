"""What a model card, or a site card, offers to the calculator, and what is said of a sensitivity that comes from there."""

from cxr_core.artifacts import ModelCard, threshold_points, top_class_point
from cxr_core.calculator.point import NO_MODEL, ModelOffer
from cxr_core.calculator.rounding import share_text
from cxr_core.calculator.state import CalculatorState
from cxr_core.labels import split_films
from cxr_core.site_cards import SiteCard
from cxr_core.stats import Interval


def model_offer(card: ModelCard | None) -> ModelOffer:
    """Return the operating points of the model that a card speaks of; `NO_MODEL` without a card."""
    if card is None:
        return NO_MODEL
    return ModelOffer(card.model.sha256, top_class_point(card), threshold_points(card))


def site_offer(site: SiteCard) -> ModelOffer:
    """Return the operating points of a site card: its own, and those of its curve."""
    return ModelOffer(site.weights_sha256, site.operating_point, site.points)


def origin_sentence(state: CalculatorState, card: ModelCard | None, site: SiteCard | None = None) -> str:
    """Say what stands behind a sensitivity of X-ray that was not typed, and the specificity beside it.

    Parameters
    ----------
    state : CalculatorState
        Whose source is not "typed".
    card : ModelCard or None
        Of this installation.
    site : SiteCard, optional
        The site card whose figures are used in place of the model card's.

    Returns
    -------
    str
        Two sentences.
    """
    if state.source == "point":
        origin = _handed_over(state)
    elif site is not None:
        origin = _of_site(state, site)
    else:
        origin = _handed_over(state) if card is None else _of_card(state, card)
    return f"{origin} Specificity {share_text(state.specificity_xray)}."


def _handed_over(state: CalculatorState) -> str:
    by = f"model {state.model[:6]}" if state.model else "an unnamed model"
    cases = f", measured on {state.cases_xray:,.0f} COVID patients" if state.cases_xray else ""
    return f"Operating point of {by} as it was handed over, threshold {state.threshold or 0:.4f}{cases}."


def _of_card(state: CalculatorState, card: ModelCard) -> str:
    text = f"{card.model.version}, {state.cases_xray:,.0f} COVID films among its {split_films(card.data.split)}"
    top = top_class_point(card) if state.source == "card" else None
    return f"{text}{_interval_text(top.sensitivity if top else None)}."


def _of_site(state: CalculatorState, site: SiteCard) -> str:
    own = f", {state.cases_xray:,.0f} of them of COVID, by cross-validation; threshold {state.threshold or 0:.4f}"
    return f"{site.source_text}{own}{_interval_text(site.operating_point.sensitivity if state.source == 'card' else None)}."


def _interval_text(interval: Interval | None) -> str:
    if interval is None or interval.low is None or interval.high is None:
        return ""
    return f"; 95% interval {share_text(interval.low)} to {share_text(interval.high)}"
