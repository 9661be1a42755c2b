"""The class probabilities with their doubt."""

from typing import TYPE_CHECKING

import streamlit as st

from cxr_core.figures import probability_figure
from pages.read.desk import Desk
from pages.read.model import card_if_there

if TYPE_CHECKING:  # it brings TensorFlow, which the page loads when it needs it
    from cxr_core.models import Classifier


def probabilities(desk: Desk) -> None:
    """Show the bars with their whiskers, and which classes fit the film."""
    from cxr_core.doubt import set_sentence

    read, reader = desk.read, desk.reader
    assert read is not None
    assert reader is not None
    st.session_state.setdefault("revealed_films", set()).add(desk.layer.key)
    st.plotly_chart(
        probability_figure(read.probabilities, read.low, read.high),
        key="probabilities",
        config={"displayModeBar": False},
        alt="Class probabilities: " + ", ".join(f"{name} {p:.2f}" for name, p in read.probabilities.items()),
    )
    if desk.beyond_gate:
        st.caption("Which classes fit is not said of a refused film: how often that is right is not known for films like it.")
        return
    sentence = set_sentence(read.prediction_set, read.top_class)
    if read.prediction_set == (read.top_class,):
        st.caption(sentence, help=_meaning(reader.classifier))
    else:
        st.info(f"**{sentence}**", icon=":material/help:")
        st.caption(f"Prediction set: {', '.join(read.prediction_set) or 'empty'}.", help=_meaning(reader.classifier))


def _meaning(classifier: "Classifier") -> str:
    card = card_if_there(classifier.identity)
    measured = ""
    if card and card.doubt:
        name, lowest = min(card.doubt.class_coverage.items(), key=lambda item: item[1].value or 0)
        measured = f" On the {card.data.split} films it did so for a share of {card.doubt.coverage}, least often for {name}: {lowest}."
    return (
        f"The prediction set is made to hold the true class of {classifier.doubt.coverage:.0%} of the films of each class, if they are "
        f"like the films that it was set on.{measured} The whiskers on the bars are no confidence interval: they reach to the lowest "
        "and the highest probability of the film and of two views of it that are shifted, cropped, darkened or brightened a little."
    )
