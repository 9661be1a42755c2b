"""The difference over two parameters as a map, with the line on which the tests tie."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from cxr_core.calculator import parameter_text
from cxr_core.decision import Parameter, TwoWay
from cxr_core.figures.frame import amount_ticks, framed, tinted
from cxr_core.figures.theme import PCR_COLOUR, QUIET_COLOUR, XRAY_COLOUR, ChartLook

SCALE = (
    (0.0, tinted(PCR_COLOUR, 0.95)),
    (0.5, tinted(PCR_COLOUR, 0.2)),
    (0.5, tinted(XRAY_COLOUR, 0.2)),
    (1.0, tinted(XRAY_COLOUR, 0.95)),
)
"""Either test has its colour as soon as it is preferred, deeper with the difference."""

NAME_GROUNDS = {"X-ray": XRAY_COLOUR, "PCR": "#8a4b00"}
"""Behind white letters; PCR's own colour would be too light for them."""


def difference_map_figure(grid: TwoWay, x: float, y: float, *, height: int = 420, look: ChartLook | None = None) -> go.Figure:
    """Draw which test is preferred over two parameters, and by how much.

    Parameters
    ----------
    grid : TwoWay
    x, y : float
        The current values of its two parameters.
    height : int
        In pixels.
    look : ChartLook, optional

    Returns
    -------
    plotly.graph_objects.Figure
    """
    look = look or ChartLook()
    return framed(
        [_surface(grid, look), *_ties(grid), _point(grid, x, y)],
        _axis(grid.x, grid.x_values),
        _axis(grid.y, grid.y_values),
        look,
        height=height,
        view=f"map-{grid.x.name}-{grid.y.name}",
        annotations=_names(grid),
    )


def _surface(grid: TwoWay, look: ChartLook) -> dict[str, Any]:
    reach = float(np.abs(grid.difference).max()) or 1.0
    return {
        "type": "heatmap",
        "x": grid.x_values,
        "y": grid.y_values,
        "z": grid.difference,
        "zmin": -reach,
        "zmax": reach,
        "colorscale": SCALE,
        "zsmooth": "best",
        "colorbar": {
            "title": {"text": "X-ray<br>minus PCR", "font": look.font},
            "tickfont": look.font,
            "tickformat": amount_ticks(reach),
            "thickness": 12,
            "outlinewidth": 0,
        },
        "hovertemplate": f"{grid.x.symbol} %{{x:.4~g}}, {grid.y.symbol} %{{y:.4~g}}<br>X-ray minus PCR %{{z:,.3~g}}<extra></extra>",
    }


def _ties(grid: TwoWay) -> list[dict[str, Any]]:
    return [
        {
            "type": "scatter",
            "x": piece[:, 0],
            "y": piece[:, 1],
            "mode": "lines",
            "name": "the tests tie",
            "legendgroup": "tie",
            "showlegend": number == 0,
            "line": {"color": QUIET_COLOUR, "width": 3},
            "hovertemplate": f"tie: {grid.x.symbol} %{{x:.4~g}}, {grid.y.symbol} %{{y:.4~g}}<extra></extra>",
        }
        for number, piece in enumerate(grid.contour)
    ]


def _point(grid: TwoWay, x: float, y: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": [x],
        "y": [y],
        "mode": "markers",
        "name": f"now: {grid.x.symbol} {parameter_text(grid.x, x)}, {grid.y.symbol} {parameter_text(grid.y, y)}",
        "marker": {"symbol": "circle", "size": 14, "color": "white", "line": {"color": "black", "width": 3}},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _axis(parameter: Parameter, values: np.ndarray) -> dict[str, Any]:
    unit = "" if parameter.share else f" ({parameter.unit})"
    return {
        "title": f"{parameter.label.removeprefix('the ')} {parameter.symbol}{unit}",
        "range": [values[0], values[-1]],
        "tickformat": "~%" if parameter.share else amount_ticks(values[-1]),
        "showgrid": False,
    }


def _names(grid: TwoWay) -> list[dict[str, Any]]:
    """Name either test where it is preferred most."""
    best = {"X-ray": int(np.argmax(grid.difference)), "PCR": int(np.argmin(grid.difference))}
    preferred = {"X-ray": grid.difference.max() > 0, "PCR": grid.difference.min() < 0}
    return [_name(test, best[test], grid) for test in best if preferred[test]]


def _name(test: str, place: int, grid: TwoWay) -> dict[str, Any]:
    rows, columns = grid.difference.shape
    up, across = place // columns / max(1, rows - 1), place % columns / max(1, columns - 1)
    return {
        "x": min(max(across, 0.02), 0.98),
        "y": min(max(up, 0.03), 0.97),
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left" if across < 0.5 else "right",
        "yanchor": "bottom" if up < 0.5 else "top",
        "text": f"<b>{test} preferred</b>",
        "showarrow": False,
        "font": {"size": 14, "color": "white"},
        "bgcolor": NAME_GROUNDS[test],
        "borderpad": 4,
    }
