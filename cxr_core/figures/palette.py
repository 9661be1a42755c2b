"""How the calculator's figures look: one colour and one dash a strategy, and a frame that suits a light and a dark page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import plotly.graph_objects as go

from cxr_core.decision import Strategy

XRAY_COLOUR: Final = "#0a62b0"
PCR_COLOUR: Final = "#da7800"
QUIET_COLOUR: Final = "#727a83"
"""Colours of X-ray and PCR differ in lightness as well as in hue. All three stand out by 3:1 from a white and a near-black page alike."""


FONT: Final = "Source Sans, sans-serif"
"""Streamlit's own, which it serves itself."""
AXIS: Final = {"fixedrange": True, "automargin": True, "zeroline": False, "gridcolor": "rgba(114,122,131,0.25)"}


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


@dataclass(frozen=True)
class Look:
    """What a figure takes from the page: the colour of its text, which stands out from the background, and its size in pixels."""

    ink: str = QUIET_COLOUR
    text_size: int = 13

    @property
    def font(self) -> dict[str, Any]:
        """The font of all text."""
        return {"size": self.text_size, "color": self.ink, "family": FONT}


def framed(
    data: Sequence[Mapping[str, Any]],
    x_axis: Mapping[str, Any],
    y_axis: Mapping[str, Any],
    look: Look,
    *,
    height: int,
    view: str,
    **layout: Any,
) -> go.Figure:
    """Put traces into the frame that all of the calculator's figures share.

    Everything is put together before the figure is made, without a template: to change a figure or to copy a template costs Plotly several
    times what the rest does. Nothing can be dragged, so that a finger on the plot scrolls the page.

    Parameters
    ----------
    data : sequence of mapping
        The traces.
    x_axis, y_axis : mapping
        With a title that gives the unit.
    look : Look
    height : int
        In pixels.
    view : str
        Names the kind of figure: while it stays the same, what the reader hid in the legend stays hidden.
    **layout
        More of the layout.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    font = look.font
    axes = (
        {**AXIS, "tickfont": font, **axis, "title": {"text": axis["title"], "font": font, "standoff": look.text_size}}
        for axis in (x_axis, y_axis)
    )
    frame = dict(zip(("xaxis", "yaxis"), axes, strict=True)) | {
        "height": height,
        "font": font,
        "margin": {"l": 0, "r": 2 * look.text_size, "t": 36, "b": 0},  # on the right for half of the last "100%"
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "bgcolor": "rgba(0,0,0,0)", "font": font},
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": QUIET_COLOUR, "activecolor": QUIET_COLOUR},
        "hoverlabel": {"bgcolor": "#2b333c", "font": {**font, "color": "#ffffff"}},
        "dragmode": False,
        "template": "none",
        "uirevision": view,
    }
    return go.Figure(data=list(data), layout=frame | layout)


def amount_ticks(reach: float) -> str:
    """Return how an axis of amounts up to `reach` is labelled: in full, or with k and M where that would be too long."""
    return ",.4~g" if reach < 10_000 else "~s"


def upright(place: float, *, dash: str = "solid", width: float = 2.0) -> dict[str, Any]:
    """Return a quiet vertical line across the whole plot at a value of the x axis."""
    return {
        "type": "line",
        "x0": place,
        "x1": place,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": QUIET_COLOUR, "width": width, "dash": dash},
    }


def striped(colour: str, *, stripes: bool) -> dict[str, Any]:
    """Return how a bar is filled: PCR's are striped, so that the tests differ in greyscale too."""
    pattern = {"shape": "/" if stripes else "", "bgcolor": colour, "fgcolor": "white", "fgopacity": 0.5, "size": 7}
    return {"color": colour, "line": {"width": 0}, "pattern": pattern}
