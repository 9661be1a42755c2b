"""The calibrated class probabilities."""

from typing import Final

import streamlit as st

from cxr_core.figures import probability_figure
from cxr_core.labels import in_words
from pages.plot import plot_in_look
from pages.read.desk import Desk
from pages.read.model import card_if_there, disagreement, elsewhere
from pages.read.opinion import REVEALED

ANSWER_TEXT: Final = 16
"""Size of the answer's text in pixels, in the chart as beside it."""


def probabilities(desk: Desk) -> None:
    """Show the bars with their whiskers, how far such bars can be believed elsewhere, and which classes fit the film."""
    from cxr_core.calibration import LIKE_TRAINING, set_meaning, set_sentence

    read, reader = desk.read, desk.reader
    assert read is not None
    assert reader is not None
    st.session_state.setdefault(REVEALED, set()).add(desk.layer.key)
    plot_in_look(
        probability_figure(read.probabilities, read.low, read.high),
        "probabilities",
        "Class probabilities: " + ", ".join(f"{in_words(name)} {p:.2f}" for name, p in read.probabilities.items()),
        buttons=False,
        text_size=ANSWER_TEXT,
    )
    if desk.site_card is not None:
        st.markdown(f"**{desk.site_card.source_text}**")
    st.markdown(elsewhere(reader.classifier.identity))
    if apart := disagreement(read.tops, reader.classifier.identity):
        st.warning(apart, icon=":material/call_split:")
    if desk.beyond_gate:
        st.markdown("No prediction set for a refused film: nobody has measured how often one is right for such films.")
        return
    sentence = set_sentence(read.prediction_set, read.top_class)
    coverage = f"Such sets hold the true class of about {reader.classifier.calibration.coverage:.0%} of films, {LIKE_TRAINING}."
    if desk.site_card is not None:
        coverage = f"{coverage} The set is the model's own: the site card has none."
    meaning = set_meaning(reader.classifier.calibration.coverage, card_if_there(reader.classifier.identity))
    if read.prediction_set == (read.top_class,):
        st.markdown(f"{sentence} {coverage}", help=meaning)
    else:
        st.info(f"**{sentence}**", icon=":material/help:")
        members = f"Prediction set: {in_words(', '.join(read.prediction_set)) or 'empty'}."
        st.markdown(f"{members} {coverage}", help=meaning)
