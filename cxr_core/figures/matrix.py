"""Square tables of shares as charts: the darker the cell, the larger the share."""

from collections.abc import Sequence

import plotly.graph_objects as go

# From nothing to a dark accent over whatever the page's background is; numbers on the dark cells are white, others the page's own colour.
_SCALE = [[0, "rgba(10, 90, 117, 0.04)"], [1, "rgba(10, 90, 117, 1)"]]
_WHITE_FROM = 0.7


def matrix_figure(
    names: Sequence[str],
    shares: Sequence[Sequence[float]],
    texts: Sequence[Sequence[str]],
    hover: str,
    customdata: Sequence[Sequence[int]] | None = None,
) -> go.Figure:
    """Draw a square table, the first row at the top, with a text on each cell. The axes are still without titles.

    Parameters
    ----------
    names : sequence of str
        Of the rows and of the columns.
    shares : sequence of sequences of float
        In [0, 1]; how dark each cell is, a row after another. What lies outside is drawn as the nearer end.
    texts : sequence of sequences of str
        What is written on each cell.
    hover : str
        Plotly's template of what a cell says under the pointer.
    customdata : sequence of sequences of int, optional
        What the template calls ``customdata``.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    figure = go.Figure(
        go.Heatmap(
            z=shares,
            x=list(names),
            y=list(names),
            customdata=customdata,
            colorscale=_SCALE,
            zmin=0,
            zmax=1,
            showscale=False,
            xgap=3,
            ygap=3,
            hovertemplate=hover,
        )
    )
    for row, values, written in zip(names, shares, texts, strict=True):
        for column, share, text in zip(names, values, written, strict=True):
            font = {"size": 14} | ({"color": "white"} if share >= _WHITE_FROM else {})
            figure.add_annotation(x=column, y=row, text=text, showarrow=False, font=font)
    figure.update_xaxes(showgrid=False, side="bottom")
    figure.update_yaxes(autorange="reversed", showgrid=False, automargin=True)
    return figure
