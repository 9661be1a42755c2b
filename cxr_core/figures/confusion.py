"""The confusion matrix as a chart."""

from collections.abc import Sequence

import plotly.graph_objects as go

from cxr_core.figures.chart import finish
from cxr_core.labels import CLASS_NAMES

# From nothing to a dark accent over whatever the page's background is; numbers on the dark cells are white, others the page's own colour.
_SCALE = [[0, "rgba(10, 90, 117, 0.04)"], [1, "rgba(10, 90, 117, 1)"]]
_WHITE_FROM = 0.7


def confusion_figure(confusion: Sequence[Sequence[int]], names: Sequence[str] = CLASS_NAMES) -> go.Figure:
    """Draw a confusion matrix: counts, and the share of its row that each is.

    Parameters
    ----------
    confusion : sequence of sequences of int
        A row a true class, a column a predicted one.
    names : sequence of str
        Of the classes, in order.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    shares = [[count / max(1, sum(row)) for count in row] for row in confusion]
    figure = go.Figure(
        go.Heatmap(
            z=shares,
            x=list(names),
            y=list(names),
            customdata=confusion,
            colorscale=_SCALE,
            zmin=0,
            zmax=1,
            showscale=False,
            xgap=3,
            ygap=3,
            hovertemplate="%{customdata} films of %{y} called %{x}<br>%{z:.1%} of this class<extra></extra>",
        )
    )
    for name, counts, row in zip(names, confusion, shares, strict=True):
        for called, count, share in zip(names, counts, row, strict=True):
            figure.add_annotation(
                x=called,
                y=name,
                text=f"<b>{count:,}</b><br>{share:.1%}",
                showarrow=False,
                font={"size": 14} | ({"color": "white"} if share >= _WHITE_FROM else {}),
            )
    figure.update_xaxes(title="called (top class)", showgrid=False, side="bottom")
    figure.update_yaxes(title="class of the film", autorange="reversed", showgrid=False, automargin=True)
    return finish(figure, 420, legend_below=False)
