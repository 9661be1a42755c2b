"""The difference over two parameters as a map, with the line on which the tests tie."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from cxr_core.decision import Parameter, TwoWay, parameter_text
from cxr_core.figures.palette import PCR_COLOUR, QUIET_COLOUR, XRAY_COLOUR, framed, tinted

SCALE = (
    (0.0, tinted(PCR_COLOUR, 0.95)),
    (0.5, tinted(PCR_COLOUR, 0.2)),
    (0.5, tinted(XRAY_COLOUR, 0.2)),
    (1.0, tinted(XRAY_COLOUR, 0.95)),
)
"""Either test has its colour as soon as it is preferred, deeper with the difference."""


def difference_map_figure(grid: TwoWay, x: float, y: float, *, height: int = 420) -> go.Figure:
    """Draw which test is preferred over two parameters, and by how much.

    Parameters
    ----------
    grid : TwoWay
    x, y : float
        The current values of its two parameters.
    height : int
        In pixels.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    reach = float(np.abs(grid.difference).max()) or 1.0
    figure = go.Figure(
        go.Heatmap(
            x=grid.x_values,
            y=grid.y_values,
            z=grid.difference,
            zmin=-reach,
            zmax=reach,
            colorscale=SCALE,
            zsmooth="best",
            colorbar={"title": {"text": "X-ray<br>minus PCR"}, "thickness": 12, "tickformat": "~s", "outlinewidth": 0},
            hovertemplate=f"{grid.x.symbol} %{{x:.4~g}}, {grid.y.symbol} %{{y:.4~g}}<br>X-ray minus PCR %{{z:,.3~g}}<extra></extra>",
        )
    )
    for number, piece in enumerate(grid.contour):
        figure.add_scatter(
            x=piece[:, 0],
            y=piece[:, 1],
            mode="lines",
            name="the tests tie",
            legendgroup="tie",
            showlegend=number == 0,
            line={"color": QUIET_COLOUR, "width": 3},
            hovertemplate=f"tie: {grid.x.symbol} %{{x:.4~g}}, {grid.y.symbol} %{{y:.4~g}}<extra></extra>",
        )
    figure.add_scatter(
        x=[x],
        y=[y],
        mode="markers",
        name=f"now: {grid.x.symbol} {parameter_text(grid.x, x)}, {grid.y.symbol} {parameter_text(grid.y, y)}",
        marker={"symbol": "circle", "size": 14, "color": "white", "line": {"color": "black", "width": 3}},
        hoverinfo="skip",
    )
    for test, place in (
        ("X-ray", np.unravel_index(np.argmax(grid.difference), grid.difference.shape)),
        ("PCR", np.unravel_index(np.argmin(grid.difference), grid.difference.shape)),
    ):
        if (grid.difference[place] > 0) == (test == "X-ray") and grid.difference[place] != 0:
            _name_region(figure, grid, test, place)
    framed(figure, _title(grid.x), _title(grid.y), height=height, view=f"map-{grid.x.name}-{grid.y.name}")
    figure.update_xaxes(range=[grid.x_values[0], grid.x_values[-1]], **_ticks(grid.x))
    figure.update_yaxes(range=[grid.y_values[0], grid.y_values[-1]], **_ticks(grid.y))
    return figure


def _title(parameter: Parameter) -> str:
    unit = "" if parameter.share else f" ({parameter.unit})"
    return f"{parameter.label.removeprefix('the ')} {parameter.symbol}{unit}"


def _ticks(parameter: Parameter) -> dict[str, Any]:
    return {"tickformat": "~%" if parameter.share else "~s", "showgrid": False}


def _name_region(figure: go.Figure, grid: TwoWay, test: str, place: tuple) -> None:
    row, column = (int(number) for number in place)
    rows, columns = grid.difference.shape
    figure.add_annotation(
        x=min(max(column / (columns - 1), 0.02), 0.98),
        y=min(max(row / (rows - 1), 0.03), 0.97),
        xref="paper",
        yref="paper",
        xanchor="left" if column < columns / 2 else "right",
        yanchor="bottom" if row < rows / 2 else "top",
        text=f"<b>{test} preferred</b>",
        showarrow=False,
        font={"size": 14, "color": "white"},
        bgcolor=XRAY_COLOUR if test == "X-ray" else "#8a4b00",
        borderpad=4,
    )
