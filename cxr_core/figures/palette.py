"""How the calculator's figures look: one colour and one dash a strategy, and a frame that suits a light and a dark page."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import plotly.graph_objects as go

from cxr_core.decision import Strategy

XRAY_COLOUR: Final = "#0a62b0"
PCR_COLOUR: Final = "#e07b00"
QUIET_COLOUR: Final = "#727a83"
"""Colours of X-ray and PCR differ in lightness as well as in hue. All three stand out by 3:1 from a white and a near-black page alike."""


@dataclass(frozen=True)
class Line:
    """How a strategy's line is drawn; the symbol, of `size` pixels, marks where the sliders are."""

    colour: str
    dash: str
    symbol: str
    width: float = 2.0
    size: int = 11


LINES: Final[Mapping[Strategy, Line]] = MappingProxyType(
    {
        Strategy.NOBODY: Line(QUIET_COLOUR, "dot", "x"),
        Strategy.XRAY: Line(XRAY_COLOUR, "solid", "circle", 3.0, 10),
        Strategy.PCR: Line(PCR_COLOUR, "dash", "diamond", 3.0, 18),
        Strategy.PCR_IF_NEGATIVE: Line("#9457b8", "dashdot", "triangle-up"),
        Strategy.PCR_IF_POSITIVE: Line("#1c8a67", "longdashdot", "triangle-down"),
    }
)


def tinted(colour: str, alpha: float) -> str:
    """Return a colour such as ``#0a62b0`` with an opacity."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def plot_config(file_name: str) -> dict[str, Any]:
    """Configure a figure's tool bar: one button, which saves the figure as a PNG under this name."""
    return {
        "displaylogo": False,
        "displayModeBar": True,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "png", "filename": file_name, "scale": 3},
    }


def framed(figure: go.Figure, x_title: str, y_title: str, *, height: int, view: str, text_size: int = 13) -> go.Figure:
    """Give a figure the frame that all of the calculator's figures share.

    Nothing can be dragged, so that a finger on the plot scrolls the page.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        Changed in place.
    x_title, y_title : str
        With units.
    height : int
        In pixels.
    view : str
        Names the kind of figure: while it stays the same, what the reader hid in the legend stays hidden.
    text_size : int
        In pixels.

    Returns
    -------
    plotly.graph_objects.Figure
        The same one.
    """
    font = {"size": text_size}
    axis = {"fixedrange": True, "automargin": True, "tickfont": font, "zeroline": False}
    figure.update_xaxes(title={"text": x_title, "font": font}, **axis)
    figure.update_yaxes(title={"text": y_title, "font": font}, **axis)
    figure.update_layout(
        height=height,
        margin={"l": 0, "r": 24, "t": 36, "b": 0},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "bgcolor": "rgba(0,0,0,0)", "font": font},
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": QUIET_COLOUR, "activecolor": QUIET_COLOUR},
        hoverlabel={"font": font},
        dragmode=False,
        uirevision=view,
    )
    return figure


def inked(figure: go.Figure, ink: str) -> go.Figure:
    """Write all of a figure's text in one colour, but for what has a colour of its own.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        Changed in place.
    ink : str
        That stands out from the page.

    Returns
    -------
    plotly.graph_objects.Figure
        The same one.
    """
    for update in (figure.update_xaxes, figure.update_yaxes):
        update(tickfont_color=ink, title_font_color=ink)
    figure.update_layout(font_color=ink, legend_font_color=ink)
    figure.for_each_annotation(lambda note: note.update(font_color=note.font.color or ink))
    figure.for_each_trace(lambda trace: trace.update(textfont_color=ink), selector={"mode": "text"})
    return figure
