"""Class probabilities as bars."""

from collections.abc import Mapping

import plotly.graph_objects as go

from cxr_core.calibration import probability_text
from cxr_core.figures.chart import finish
from cxr_core.figures.theme import ACCENT, QUIET_COLOUR
from cxr_core.labels import in_words

NUMBER_WIDTH = 56
"""Pixels to the right of a bar that ends at 1, so that its number fits however narrow the chart is."""

WHISKER_LINES = (("#ffffff", 5.0), ("#1f2933", 2.0))
"""Colour and thickness in pixels of a whisker, from the bottom up."""


def probability_figure(
    probabilities: Mapping[str, float], low: Mapping[str, float] | None = None, high: Mapping[str, float] | None = None
) -> go.Figure:
    """Draw class probabilities as horizontal bars with their numbers, the first class on top.

    Parameters
    ----------
    probabilities : mapping of str to float
        By class name, in [0, 1].
    low, high : mapping of str to float, optional
        By class name: the range around each, drawn as a whisker. Both or neither.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    names, values = list(probabilities), list(probabilities.values())
    labels = [in_words(name) for name in names]
    texts = [probability_text(value) for value in values]
    top = max(values)
    bars = go.Bar(
        x=values,
        y=labels,
        orientation="h",
        marker_color=[ACCENT.colour if value == top else QUIET_COLOUR for value in values],
        text=texts,
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:.4f}<extra></extra>",
    )
    figure = go.Figure(bars)
    if low is not None and high is not None:
        lows, highs = [low[name] for name in names], [high[name] for name in names]
        figure.update_traces(
            text=None,
            customdata=list(zip(lows, highs, strict=True)),
            hovertemplate="%{y}: %{x:.4f}<br>%{customdata[0]:.4f} to %{customdata[1]:.4f} in test-time augmentation<extra></extra>",
        )
        # A dark line in a light one is seen on both colours of bar and on a light and a dark page.
        figure.add_traces([_whiskers(values, labels, lows, highs, colour, thickness) for colour, thickness in WHISKER_LINES])
        figure.add_scatter(
            x=[max(pair) for pair in zip(values, highs, strict=True)],
            y=labels,
            mode="text",
            text=[f"\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}{text}" for text in texts],
            textposition="middle right",
            cliponaxis=False,
            hoverinfo="skip",
        )
    ticks = {"tickvals": [0, 0.25, 0.5, 0.75, 1], "ticktext": ["0", "", "0.5", "", "1"], "tickangle": 0}
    figure.update_xaxes(range=[0, 1], title="probability", fixedrange=True, **ticks)
    figure.update_yaxes(autorange="reversed", fixedrange=True, automargin=True)
    finish(figure, 200, legend_below=False)
    return figure.update_layout(margin={"l": 0, "r": NUMBER_WIDTH, "t": 4, "b": 0}, bargap=0.35, minreducedwidth=48)


def _whiskers(values: list[float], labels: list[str], lows: list[float], highs: list[float], colour: str, thickness: float) -> go.Scatter:
    """Draw ranges alone, without a marker."""
    return go.Scatter(
        x=values,
        y=labels,
        mode="markers",
        marker={"size": 0.1, "color": colour, "opacity": 0},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [high - value for high, value in zip(highs, values, strict=True)],
            "arrayminus": [value - low for low, value in zip(lows, values, strict=True)],
            "color": colour,
            "thickness": thickness,
            "width": 4 + thickness / 2,
        },
        cliponaxis=False,
        hoverinfo="skip",
    )
