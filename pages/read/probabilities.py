"""The class probabilities with their doubt."""

import streamlit as st

from cxr_core.figures import probability_figure
from pages.read.desk import Desk


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
    if desk.forced:
        st.caption("Which classes fit is not said of a refused film: how often that is right is not known for films like it.")
        return
    sentence = set_sentence(read.prediction_set, read.top_class)
    if read.prediction_set == (read.top_class,):
        st.caption(sentence, help=_meaning(reader.classifier.doubt.coverage))
    else:
        st.info(f"**{sentence}**", icon=":material/help:")
        st.caption(f"Prediction set: {', '.join(read.prediction_set) or 'empty'}.", help=_meaning(reader.classifier.doubt.coverage))


def _meaning(coverage: float) -> str:
    return (
        f"The prediction set is made to hold the true class of {coverage:.0%} of the films of each class, if they are like the films that "
        "it was set on. The whiskers on the bars show how far a probability moves when the film is shifted, cropped, darkened or "
        "brightened a little."
    )
