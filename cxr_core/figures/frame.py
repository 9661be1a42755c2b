"""The frame that all of the calculator's figures share, and what several of them draw."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from cxr_core.figures.theme import AXIS, CLEAR, QUIET_COLOUR, ChartLook


def tinted(colour: str, alpha: float) -> str:
    """Return a colour such as ``#0a62b0`` with an opacity."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def framed(
    data: Sequence[Mapping[str, Any]],
    x_axis: Mapping[str, Any],
    y_axis: Mapping[str, Any],
    look: ChartLook,
    *,
    height: int,
    view: str,
    **layout: Any,
) -> go.Figure:
    """Put traces into the frame that all of the calculator's figures share.

    Everything is put together before the figure is made, without a template: to change a figure or to copy a template costs Plotly several
    times what the rest does.

    Parameters
    ----------
    data : sequence of mapping
        The traces.
    x_axis, y_axis : mapping
        With a title that gives the unit.
    look : ChartLook
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
        {**AXIS, "fixedrange": True, "tickfont": font, **axis, "title": {"text": axis["title"], "font": font, "standoff": look.text_size}}
        for axis in (x_axis, y_axis)
    )
    frame = dict(zip(("xaxis", "yaxis"), axes, strict=True)) | {
        **look.layout,
        "height": height,
        "margin": {"l": 0, "r": 2 * look.text_size, "t": 36, "b": 0},  # on the right for half of the last "100%"
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "bgcolor": CLEAR, "font": font},
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
