"""How often the classifier is right, by how sure it is."""

from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from cxr_core.artifacts import ReliabilityBin
from cxr_core.figures.chart import finish
from cxr_core.figures.theme import ACCENT, QUIET_COLOUR, SECOND, LineStyle


def reliability_figure(bins: Sequence[ReliabilityBin], before: Sequence[ReliabilityBin] = ()) -> go.Figure:
    """Draw a reliability diagram over the number of films that each of its points stands on.

    Parameters
    ----------
    bins : sequence of ReliabilityBin
        From low to high confidence.
    before : sequence of ReliabilityBin, optional
        The same before calibration, for a second line.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.72, 0.28], vertical_spacing=0.06)
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"color": QUIET_COLOUR, "width": 1}, name="as sure as it is right", hoverinfo="skip"
    )
    if before:
        figure.add_trace(_line(before, SECOND, "before calibration"))
    figure.add_trace(_line(bins, ACCENT, "after calibration" if before else "this model"))
    figure.add_bar(
        x=[(one.low + one.high) / 2 for one in bins],
        y=[one.films for one in bins],
        width=[(one.high - one.low) * 0.9 for one in bins],
        marker_color=QUIET_COLOUR,
        text=[f"{one.films:,}" for one in bins],
        textposition="outside",
        cliponaxis=False,
        showlegend=False,
        customdata=_ranges(bins),
        hovertemplate="probability %{customdata}<br>%{y:,} films<extra></extra>",
        row=2,
        col=1,
    )
    figure.update_xaxes(range=[0, 1.02])
    figure.update_xaxes(title="probability of the top class", row=2, col=1)
    figure.update_yaxes(title="share that is right", range=[-0.02, 1.05], row=1, col=1)
    figure.update_yaxes(title="films", range=[0, 1.3 * max((one.films for one in bins), default=1)], nticks=4, row=2, col=1)
    return finish(figure, 560)


def _line(bins: Sequence[ReliabilityBin], style: LineStyle, name: str) -> go.Scatter:
    return go.Scatter(
        x=[one.confidence for one in bins],
        y=[one.accuracy for one in bins],
        mode="lines+markers",
        line=style.line,
        marker={"size": 9, "symbol": style.symbol},
        name=name,
        customdata=[(text, one.films) for text, one in zip(_ranges(bins), bins, strict=True)],
        hovertemplate="probability %{customdata[0]}, mean %{x:.3f}<br>right %{y:.3f}<br>%{customdata[1]:,} films<extra></extra>",
    )


def _ranges(bins: Sequence[ReliabilityBin]) -> list[str]:
    return [f"{one.low:.2f} to {one.high:.2f}" for one in bins]
