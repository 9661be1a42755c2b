"""How the page shows a figure."""

import time
from typing import Any

import streamlit as st

from cxr_core.figures import Look, plot_config

HEAD_START_S = 0.6
"""How long the first plot of a session waits for the controls, in seconds."""


def look(text_size: int = 13) -> Look:
    """Return how figures write on the page as it is, light or dark."""
    scheme = st.context.theme.type
    return Look(st.get_option(f"theme.{scheme}.textColor"), text_size) if scheme else Look(text_size=text_size)


def plot(figure: Any, key: str, alt: str) -> None:
    """Show a figure, with a button that saves it as a PNG."""
    st.plotly_chart(figure, theme=None, key=key, config=plot_config(f"second-look-{key.replace('_', '-')}"), alt=alt)


def controls_first() -> None:
    """Let a browser that has just opened the page draw the verdict and the controls before it hears of a plot.

    With the first plot it loads the plotting library, and draws nothing else for the second or two that this takes it.
    """
    if "controls_are_drawn" not in st.session_state:
        st.session_state.controls_are_drawn = True
        time.sleep(HEAD_START_S)
