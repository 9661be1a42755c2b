"""Rows of what helps: how each does on films from elsewhere over how it does on films like its own."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from cxr_core.figures.chart import finish
from cxr_core.figures.theme import ACCENT, QUIET_COLOUR
from cxr_core.stats import Interval

_HEIGHT = 460


@dataclass(frozen=True)
class HelpsPoint:
    """A row of the chart: the number that marks it, its title, and its accuracy at home and elsewhere."""

    number: str
    title: str
    in_set: Interval
    outside: Interval


def helps_figure(points: Sequence[HelpsPoint]) -> go.Figure:
    """Draw accuracy on held-out collections over accuracy in-set, each with its interval.

    Parameters
    ----------
    points : sequence of HelpsPoint
        Those that were not measured are left out.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    shown = [point for point in points if point.in_set.value is not None and point.outside.value is not None]
    figure = go.Figure(
        [
            go.Scatter(
                x=[0, 1],
                y=[0, 1],
                mode="lines",
                line={"color": QUIET_COLOUR, "dash": "dot", "width": 1.5},
                name="as good elsewhere as in-set",
                hoverinfo="skip",
            ),
            go.Scatter(
                x=[point.in_set.value for point in shown],
                y=[point.outside.value for point in shown],
                error_x=_bars([point.in_set for point in shown]),
                error_y=_bars([point.outside for point in shown]),
                mode="markers+text",
                marker={"color": ACCENT.colour, "symbol": ACCENT.symbol, "size": 9},
                text=[point.number for point in shown],
                textposition="top right",
                textfont={"size": 14},
                name="a row, by its number",
                customdata=[(point.title, str(point.in_set), str(point.outside)) for point in shown],
                hovertemplate="%{text} %{customdata[0]}<br>in-set %{customdata[1]}<br>held out %{customdata[2]}<extra></extra>",
            ),
        ]
    )
    ends = [bound for point in shown for bound in (point.in_set.low, point.in_set.value, point.in_set.high) if bound is not None]
    figure.update_xaxes(title="accuracy in-set (95% interval)", range=[max(0.0, min(ends, default=0.0) - 0.03), 1.01])
    figure.update_yaxes(title="accuracy on held-out collections (95% interval)", range=[0, 1.01])
    return finish(figure, _HEIGHT)


def _bars(intervals: Sequence[Interval]) -> dict[str, object]:
    values = [float(interval.value or 0) for interval in intervals]
    return {
        "type": "data",
        "symmetric": False,
        "array": [(value if one.high is None else one.high) - value for value, one in zip(values, intervals, strict=True)],
        "arrayminus": [value - (value if one.low is None else one.low) for value, one in zip(values, intervals, strict=True)],
        "thickness": 1.5,
        "width": 4,
    }
