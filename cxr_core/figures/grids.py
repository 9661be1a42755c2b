"""Small grids of numbers: a window of a film, a kernel, an activation, probabilities."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from cxr_core.figures.chart import finish
from cxr_core.figures.frame import tinted
from cxr_core.figures.theme import ACCENT, SECOND

_GREY = [[0, "rgb(0,0,0)"], [1, "rgb(255,255,255)"]]
_SIGNED = [[0, SECOND.colour], [0.5, tinted(SECOND.colour, 0.0)], [0.5, tinted(ACCENT.colour, 0.0)], [1, ACCENT.colour]]
_WHITE_FROM = 0.6
"""Of the strongest colour, from which on numbers are white."""

CELL, LEAST, REST = 46, 230, 24


def grid_figure(
    values: np.ndarray,
    texts: Sequence[Sequence[str]],
    *,
    grey: bool = False,
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    marked: tuple[int, int] | None = None,
    text_size: int = 13,
) -> go.Figure:
    """Draw a grid with a number on each cell, the first row on top.

    Parameters
    ----------
    values : numpy.ndarray
        Shape (h, w): in [0, 1] as greys, else in blue above 0 and in orange below it, the stronger the further.
    texts : sequence of sequences of str
        What is written on each cell; empty where nothing fits.
    grey : bool
        Whether the values are greys.
    rows, columns : sequence of str
        Titles; none for a grid of places.
    marked : tuple of int, optional
        Row and column of a cell to be framed.
    text_size : int
        Of the numbers, in pixels.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    height = len(values)
    reach = float(np.abs(values).max()) or 1.0
    figure = go.Figure(
        go.Heatmap(
            z=values,
            zmin=0 if grey else -reach,
            zmax=1 if grey else reach,
            colorscale=_GREY if grey else _SIGNED,
            showscale=False,
            xgap=1,
            ygap=1,
            hovertemplate="%{z:.4f}<extra></extra>",
        )
    )
    for row, line in enumerate(texts):
        for column, text in enumerate(line):
            value = float(values[row, column])
            strong = abs(value) / reach >= _WHITE_FROM
            colour = {"color": "white" if (value < 0.5 if grey else strong) else "black"} if grey or strong else {}
            figure.add_annotation(x=column, y=row, text=text, showarrow=False, font={"size": text_size} | colour)
    if marked is not None:
        row, column = marked
        edges = {"x0": column - 0.5, "x1": column + 0.5, "y0": row - 0.5, "y1": row + 0.5}
        figure.add_shape(type="rect", line={"color": SECOND.colour, "width": 4}, **edges)
    shown = {"showgrid": False, "fixedrange": True}
    figure.update_xaxes(tickvals=list(range(len(columns))), ticktext=list(columns), side="top", showticklabels=bool(columns), **shown)
    figure.update_yaxes(
        tickvals=list(range(len(rows))), ticktext=list(rows), autorange="reversed", showticklabels=bool(rows), automargin=True, **shown
    )
    finish(figure, max(LEAST, CELL * height + REST), legend_below=False)
    return figure.update_layout(margin={"l": 4, "r": 4, "t": 4 + (2 * REST if columns else 0), "b": 4})
