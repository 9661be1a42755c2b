"""The first screen: whether a read may be trusted."""

import streamlit as st

from cxr_core.artifacts import ModelCard
from cxr_core.model_card import answers, at_home


def trust(card: ModelCard) -> None:
    """Answer on one screen what decides whether a read can be trusted.

    Not with st.metric: a browser loads that one by itself, and shows it after all that stands below.
    """
    st.header(f"May I trust {card.model.version}?")
    given = answers(card)
    with st.container(key="trust"):
        for place, answer in zip(st.columns(len(given), gap="medium"), given, strict=True):
            figure = f"**{answer.question}**  \n**{answer.figure}**"
            place.markdown(f"{figure}  \n:small[{answer.about}]" if answer.about else figure)
            place.markdown(answer.means)
    st.markdown(f"**At home**, on {at_home(card)}")
    st.markdown(f"**Not for:** {' '.join(card.statements.not_for[:1])}")
