"""What the charts of results share: how a point with its interval is drawn, rows, height, margins and legend."""

from collections.abc import Sequence

import plotly.graph_objects as go

from cxr_core.artifacts import Mean
from cxr_core.figures.theme import AXIS, ChartLook, LineStyle
from cxr_core.stats import Interval


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


def in_look(figure: go.Figure, look: ChartLook) -> go.Figure:
    """Give a finished chart the page's own colours and text."""
    figure.update_layout(look.layout, legend_font=look.font)
    for update in (figure.update_xaxes, figure.update_yaxes):
        update(title_font=look.font, tickfont=look.font)
    return figure


def finish(figure: go.Figure, height: int, legend_below: bool = True) -> go.Figure:
    """Give a chart the theme, its height, margins and legend. `in_look` then brings in the page's colours."""
    for update in (figure.update_xaxes, figure.update_yaxes):
        update(AXIS)
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 16, "t": 32, "b": 8},
        showlegend=legend_below,
        legend={"orientation": "v", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0, "tracegroupgap": 0, "title": {"text": ""}},
    )
    return in_look(figure, ChartLook())
