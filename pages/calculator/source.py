"""The sensitivity of X-ray, and where it comes from: typed, the model card, a threshold on its ROC, or handed over by another page."""

import streamlit as st

from cxr_core.calculator import ModelOffer, origin_sentence, with_point, with_source
from pages.calculator.controls import number
from pages.calculator.memory import calculator, put
from pages.calculator.model import ShippedModel
from pages.site import site_card_choice

SOURCES = {"typed": "Typed", "card": "From the model", "threshold": "Along its ROC", "point": "Handed over"}


def sensitivity_of_xray(model: ShippedModel) -> None:
    """Draw where X-ray's sensitivity comes from, and the number itself."""
    state, offer, current = st.session_state, model.offer, calculator()
    offered = ["typed", *offer.sources, *(["point"] if state.handed else [])]
    if len(offered) > 1:
        state.set_source = current.source
        st.segmented_control(
            "Sensitivity of X-ray",
            offered,
            format_func=SOURCES.__getitem__,
            required=True,
            key="set_source",
            on_change=_choose,
            args=(offer,),
            width="stretch",
        )
    if not offer.sources:
        st.caption(f"The sensitivity of X-ray can only be typed. {model.complaint or 'The model card does not give it.'}")
    if current.source in ("card", "threshold"):
        site_card_choice(offer.model, "calculator_figures")
    if current.source == "threshold":
        state.set_threshold = current.threshold
        st.select_slider(
            "Threshold · A film is called COVID from this probability on.",
            [point.threshold for point in offer.points],
            format_func=lambda one: f"{one:.4f}",
            key="set_threshold",
            on_change=_follow_threshold,
            args=(offer,),
        )
    number("sensitivity_xray", disabled=current.source != "typed")
    if current.source != "typed":
        st.caption(origin_sentence(current, model.card, model.site_card))


def _choose(offer: ModelOffer) -> None:
    put(with_source(calculator(), st.session_state.set_source, offer, st.session_state.handed))


def _follow_threshold(offer: ModelOffer) -> None:
    put(with_point(calculator(), "threshold", offer.nearest(st.session_state.set_threshold), offer.model))
