"""How every page shows a chart."""

from typing import Any

import streamlit as st

from cxr_core.figures import ChartLook, chart_config, in_look


def look(text_size: int = 13) -> ChartLook:
    """Return how charts look on the page as it is, light or dark."""
    scheme = st.context.theme.type
    if scheme is None:
        return ChartLook(text_size=text_size)
    ink, ground = (st.get_option(f"theme.{scheme}.{part}Color") for part in ("text", "background"))
    return ChartLook(ink, ground, text_size)


def plot(figure: Any, key: str, alt: str, *, buttons: bool = True) -> None:
    """Show a chart that has the page's look, with a button that saves it as a PNG."""
    config = chart_config(f"second-look-{key.replace('_', '-')}") if buttons else {"displayModeBar": False}
    st.plotly_chart(figure, theme=None, key=key, config=config, alt=alt)


def plot_in_look(figure: Any, key: str, alt: str, *, buttons: bool = True, text_size: int = 13) -> None:
    """Give a chart the page's look, and show it."""
    plot(in_look(figure, look(text_size)), key, alt, buttons=buttons)
