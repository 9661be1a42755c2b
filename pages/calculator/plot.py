"""How the page shows a figure."""

from typing import Any

import streamlit as st

from cxr_core.figures import Look, plot_config


def look(text_size: int = 13) -> Look:
    """Return how figures write on the page as it is, light or dark."""
    scheme = st.context.theme.type
    return Look(st.get_option(f"theme.{scheme}.textColor"), text_size) if scheme else Look(text_size=text_size)


def plot(figure: Any, key: str, alt: str) -> None:
    """Show a figure, with a button that saves it as a PNG."""
    st.plotly_chart(figure, theme=None, key=key, config=plot_config(f"second-look-{key.replace('_', '-')}"), alt=alt)
