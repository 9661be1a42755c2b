"""What all charts share: how the classes are told apart, how a point with its interval is drawn, and the browser's buttons.

No background is set: the page's theme paints its own, and a saved picture then has it too and stays legible.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from cxr_core.card import Interval, Mean
from cxr_core.labels import CLASS_NAMES

QUIET_COLOUR = "#7d8a96"
"""Of diagonals, baselines and lines of chance."""


@dataclass(frozen=True)
class LineStyle:
    """Colour, dash and marker of a line: any one of the three tells it from the others."""

    colour: str
    dash: str
    symbol: str

    @property
    def line(self) -> dict[str, Any]:
        """For a trace's `line`."""
        return {"color": self.colour, "dash": self.dash, "width": 2.5}


# Each colour has a contrast of at least 3 to the page in light and in dark.
ACCENT = LineStyle("#2a8fb0", "solid", "circle")
SECOND = LineStyle("#c8731c", "dash", "diamond")
CLASS_STYLES = dict(
    zip(
        CLASS_NAMES,
        (ACCENT, SECOND, LineStyle("#7d8a96", "dot", "square"), LineStyle("#a855b8", "longdashdot", "triangle-up")),
        strict=True,
    )
)


def chart_config(name: str) -> dict[str, Any]:
    """Return the browser's settings of a chart: a button that saves it as NAME.png, and zoom only by button, so that pages scroll."""
    return {
        "displaylogo": False,
        "displayModeBar": "hover",
        "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d", "pan2d", "zoomIn2d", "zoomOut2d"],
        "toImageButtonOptions": {"format": "png", "filename": name, "scale": 2},
    }


def whiskers(
    name: str, style: LineStyle, labels: Sequence[str], positions: Sequence[float], intervals: Sequence[Interval | Mean]
) -> go.Scatter:
    """Draw values as markers with their intervals as whiskers, from left to right; those not measured are left out.

    Parameters
    ----------
    name : str
        Of the quantity, for the legend.
    style : LineStyle
        Its marker and colour are used.
    labels : sequence of str
        What each value is of, for the hover text.
    positions : sequence of float
        Where each lies on the y axis.
    intervals : sequence of Interval or Mean
        The values.

    Returns
    -------
    plotly.graph_objects.Scatter
    """
    shown = [row for row in zip(labels, positions, intervals, strict=True) if row[2].value is not None]
    values = [float(interval.value or 0) for _, _, interval in shown]
    return go.Scatter(
        x=values,
        y=[position for _, position, _ in shown],
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [(value if i.high is None else i.high) - value for value, (_, _, i) in zip(values, shown, strict=True)],
            "arrayminus": [value - (value if i.low is None else i.low) for value, (_, _, i) in zip(values, shown, strict=True)],
            "thickness": 2,
            "width": 5,
        },
        mode="markers",
        marker={"color": style.colour, "symbol": style.symbol, "size": 11},
        name=name,
        customdata=[(label, str(interval)) for label, _, interval in shown],
        hovertemplate="%{customdata[0]}<br>" + name + " %{customdata[1]}<extra></extra>",
    )


def row_axis(figure: go.Figure, labels: Sequence[str]) -> None:
    """Label the rows of a chart of `whiskers`, the first on top."""
    figure.update_yaxes(
        tickvals=list(range(len(labels))),
        ticktext=list(labels),
        range=[len(labels) - 0.5, -0.5],
        automargin=True,
        showgrid=False,
        zeroline=False,
        title=None,
    )


def in_colour(figure: go.Figure, text: str) -> go.Figure:
    """Write everything on a chart in the page's own text colour: Streamlit's theme writes axes in a grey that is too pale on white."""
    figure.update_layout(font_color=text, legend_font_color=text)
    figure.update_xaxes(color=text, title_font_color=text, tickfont_color=text)
    figure.update_yaxes(color=text, title_font_color=text, tickfont_color=text)
    return figure


def finish(figure: go.Figure, height: int, legend_below: bool = True) -> go.Figure:
    """Give a chart its height, margins and legend."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 16, "t": 32, "b": 8},
        dragmode=False,
        hoverlabel={"align": "left"},
        showlegend=legend_below,
        legend={"orientation": "v", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0, "tracegroupgap": 0, "title": {"text": ""}},
    )
    return figure
