"""What a practise series comes to: ROC curves of readers beside the model's, and how often a reader is right, by how sure."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from cxr_core.figures.chart import finish, row_axis, whiskers
from cxr_core.figures.frame import tinted
from cxr_core.figures.theme import ACCENT, QUIET_COLOUR, SECOND, LineStyle
from cxr_core.stats import Interval

Points = tuple[np.ndarray, np.ndarray]
"""1 - specificity and sensitivity along a curve."""

STYLES = (ACCENT, SECOND, LineStyle("#a855b8", "longdashdot", "triangle-up"))
_MARKED = 12
"""Points of a curve that are marked: those of ten ratings, with the ends."""
_CHANCE = {"color": QUIET_COLOUR, "width": 1, "dash": "dot"}
_HEIGHT = 420
_ROW_HEIGHT = 44
_REST_HEIGHT = 110


def readers_roc_figure(
    curves: Mapping[str, Points],
    others: Sequence[Points] = (),
    band: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None,
) -> go.Figure:
    """Draw the ROC curves of readers and of the model.

    Parameters
    ----------
    curves : mapping of str to Points
        At most three, by what the legend says of each.
    others : sequence of Points
        Further readers, thin, under one name.
    band : tuple of numpy.ndarray, optional
        1 - specificity, and the lowest and highest sensitivity of all readers there.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    figure = go.Figure()
    figure.add_scatter(x=[0, 1], y=[0, 1], mode="lines", line=_CHANCE, name="chance", hoverinfo="skip")
    if band is not None:
        grid, low, high = (list(values) for values in band)
        figure.add_scatter(
            x=grid + grid[::-1],
            y=high + low[::-1],
            mode="lines",
            line={"width": 0},
            fill="toself",
            fillcolor=tinted(ACCENT.colour, 0.18),
            name="from the lowest to the highest reader",
            hoverinfo="skip",
        )
    for number, (x, y) in enumerate(others):
        line = {"color": QUIET_COLOUR, "width": 1}
        figure.add_scatter(x=list(x), y=list(y), mode="lines", line=line, name="each reader", showlegend=number == 0, hoverinfo="skip")
    for style, (name, (x, y)) in zip(STYLES, curves.items(), strict=False):
        figure.add_scatter(
            x=list(x),
            y=list(y),
            mode="lines+markers" if len(x) <= _MARKED else "lines",
            line=style.line,
            marker={"symbol": style.symbol, "size": 8},
            name=name,
            hovertemplate="sensitivity %{y:.2f}<br>1 - specificity %{x:.2f}<extra></extra>",
        )
    figure.update_xaxes(title="1 - specificity", range=[-0.02, 1.02])
    figure.update_yaxes(title="sensitivity", range=[-0.02, 1.04])
    return finish(figure, _HEIGHT)


def sureness_figure(steps: Mapping[str, Interval]) -> go.Figure:
    """Draw how often reads are right, a row a step of confidence.

    Parameters
    ----------
    steps : mapping of str to Interval
        By what each row is called, from the least sure on.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    labels = list(steps)
    figure = go.Figure(whiskers("share right", ACCENT, labels, range(len(labels)), list(steps.values())))
    figure.update_xaxes(title="share of reads that are right", range=[-0.02, 1.02])
    figure = finish(figure, _REST_HEIGHT + _ROW_HEIGHT * len(labels), legend_below=False)
    row_axis(figure, labels)
    return figure
