"""How sure the choice is: the draws of the difference, and how the chance that X-ray is preferred depends on a parameter."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from cxr_core.calculator import amount_text
from cxr_core.decision import Histogram, Parameter
from cxr_core.figures.frame import amount_ticks, framed, striped, upright
from cxr_core.figures.theme import PCR_COLOUR, QUIET_COLOUR, XRAY_COLOUR, ChartLook


def difference_histogram_figure(bins: Histogram, low: float, high: float, *, height: int = 340, look: ChartLook | None = None) -> go.Figure:
    """Draw the draws of the difference.

    Parameters
    ----------
    bins : Histogram
        No bin holds draws on both sides of 0.
    low, high : float
        Central 95% of the draws.
    height : int
        In pixels.
    look : ChartLook, optional

    Returns
    -------
    plotly.graph_objects.Figure
    """
    middles = (bins.edges[:-1] + bins.edges[1:]) / 2
    return framed(
        [
            _draws(bins, middles, middles > 0, "X-ray preferred", XRAY_COLOUR),
            _draws(bins, middles, middles <= 0, "PCR preferred", PCR_COLOUR),
        ],
        {
            "title": "net benefit of X-ray minus PCR (units of benefit a patient)",
            "tickformat": amount_ticks(float(np.abs(bins.edges).max())),
        },
        {"title": "draws"},
        look or ChartLook(),
        height=height,
        view="histogram",
        shapes=[upright(low, dash="dot", width=1.5), upright(high, dash="dot", width=1.5), upright(0)],
        barmode="overlay",
        bargap=0,
    )


def acceptability_figure(
    parameter: Parameter, places: np.ndarray, probability: np.ndarray, current: float, *, height: int = 340, look: ChartLook | None = None
) -> go.Figure:
    """Draw the probability that X-ray is preferred over a parameter.

    Parameters
    ----------
    parameter : Parameter
    places, probability : numpy.ndarray
        Shape (n,).
    current : float
        The parameter's current value.
    height : int
        In pixels.
    look : ChartLook, optional

    Returns
    -------
    plotly.graph_objects.Figure
    """
    look = look or ChartLook()
    line = {
        "type": "scatter",
        "x": places,
        "y": probability,
        "mode": "lines",
        "name": "X-ray preferred",
        "line": {"color": XRAY_COLOUR, "width": 3},
        "hovertemplate": f"{parameter.symbol} %{{x:,.3~g}}: %{{y:.1%}}<extra></extra>",
    }
    even = {
        "type": "line",
        "x0": 0,
        "x1": 1,
        "xref": "paper",
        "y0": 0.5,
        "y1": 0.5,
        "line": {"color": QUIET_COLOUR, "width": 1, "dash": "dash"},
    }
    now = {"x": current, "y": 1, "yref": "paper", "yanchor": "bottom", "text": f"<b>now {amount_text(current)}</b>", "font": look.font}
    return framed(
        [line],
        {
            "title": f"{parameter.label.removeprefix('the ')} {parameter.symbol} ({parameter.unit})",
            "range": [places[0], places[-1]],
            "tickformat": amount_ticks(places[-1]),
        },
        {"title": "probability that X-ray is preferred", "range": [-0.03, 1.03], "tickformat": "~%"},
        look,
        height=height,
        view=f"acceptability-{parameter.name}",
        shapes=[even, upright(current, dash="dot", width=1.5)],
        annotations=[{**now, "showarrow": False}],
        showlegend=False,
    )


def _draws(bins: Histogram, middles: np.ndarray, chosen: np.ndarray, name: str, colour: str) -> dict[str, Any]:
    left, right = bins.edges[:-1][chosen], bins.edges[1:][chosen]
    return {
        "type": "bar",
        "x": middles[chosen],
        "y": bins.counts[chosen],
        "width": right - left,
        "name": name,
        "marker": striped(colour, stripes=colour == PCR_COLOUR),
        "customdata": np.column_stack([left, right]),
        "hovertemplate": "%{customdata[0]:,.3~g} to %{customdata[1]:,.3~g}: %{y:,} draws<extra></extra>",
    }
