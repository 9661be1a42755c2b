"""How sure the choice is: the draws of the difference, and how the chance that X-ray is preferred depends on a parameter."""

import numpy as np
import plotly.graph_objects as go

from cxr_core.decision import Histogram, Parameter, amount_text
from cxr_core.figures.palette import PCR_COLOUR, QUIET_COLOUR, XRAY_COLOUR, framed


def difference_histogram_figure(bins: Histogram, low: float, high: float, *, height: int = 340) -> go.Figure:
    """Draw the draws of the difference.

    Parameters
    ----------
    bins : Histogram
        No bin holds draws on both sides of 0.
    low, high : float
        Central 95% of the draws.
    height : int
        In pixels.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    left, right = bins.edges[:-1], bins.edges[1:]
    middles = (left + right) / 2
    figure = go.Figure()
    for test, chosen, colour, pattern in (
        ("X-ray preferred", middles > 0, XRAY_COLOUR, ""),
        ("PCR preferred", middles <= 0, PCR_COLOUR, "/"),
    ):
        figure.add_bar(
            x=middles[chosen],
            y=bins.counts[chosen],
            width=(right - left)[chosen],
            name=test,
            marker={"color": colour, "line_width": 0, "pattern": {"shape": pattern, "fgcolor": "white", "fgopacity": 0.5, "size": 7}},
            customdata=np.column_stack([left[chosen], right[chosen]]),
            hovertemplate="%{customdata[0]:,.3~g} to %{customdata[1]:,.3~g}: %{y:,} draws<extra></extra>",
        )
    for place in (low, high):
        figure.add_vline(x=place, line={"color": QUIET_COLOUR, "width": 1.5, "dash": "dot"})
    figure.add_vline(x=0, line={"color": QUIET_COLOUR, "width": 2})
    framed(figure, "net benefit of X-ray minus PCR (units of benefit a patient)", "draws", height=height, view="histogram")
    figure.update_xaxes(tickformat="~s")
    figure.update_layout(barmode="overlay", bargap=0)
    return figure


def acceptability_figure(
    parameter: Parameter, places: np.ndarray, probability: np.ndarray, current: float, *, height: int = 340
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

    Returns
    -------
    plotly.graph_objects.Figure
    """
    figure = go.Figure(
        go.Scatter(
            x=places,
            y=probability,
            mode="lines",
            name="X-ray preferred",
            line={"color": XRAY_COLOUR, "width": 3},
            hovertemplate=f"{parameter.symbol} %{{x:,.3~g}}: %{{y:.1%}}<extra></extra>",
        )
    )
    figure.add_hline(y=0.5, line={"color": QUIET_COLOUR, "width": 1, "dash": "dash"})
    figure.add_vline(
        x=current,
        line={"color": QUIET_COLOUR, "width": 1.5, "dash": "dot"},
        annotation={"text": f"<b>now {amount_text(current)}</b>", "yanchor": "bottom", "font": {"size": 13}},
        annotation_position="top",
    )
    title = f"{parameter.label.removeprefix('the ')} {parameter.symbol} ({parameter.unit})"
    framed(figure, title, "probability that X-ray is preferred", height=height, view=f"acceptability-{parameter.name}")
    figure.update_xaxes(range=[places[0], places[-1]], tickformat="~s")
    figure.update_yaxes(range=[-0.03, 1.03], tickformat="~%")
    figure.update_layout(showlegend=False)
    return figure
