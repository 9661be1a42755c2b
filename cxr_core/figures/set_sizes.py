"""How many classes the prediction sets hold."""

from collections.abc import Sequence

import plotly.graph_objects as go

from cxr_core.figures.chart import finish
from cxr_core.figures.theme import ACCENT, QUIET_COLOUR

_MEANINGS = ("none fits", "one fits")


def set_sizes_figure(shares: Sequence[float]) -> go.Figure:
    """Draw the shares of the films whose prediction set has no class, one, two and so on; sets of one stand out.

    Parameters
    ----------
    shares : sequence of float
        By size from 0, in [0, 1].

    Returns
    -------
    plotly.graph_objects.Figure
    """
    figure = go.Figure(
        go.Bar(
            x=[f"{size}<br>{_MEANINGS[size]}" if size < len(_MEANINGS) else f"{size}" for size in range(len(shares))],
            y=list(shares),
            marker_color=[ACCENT.colour if size == 1 else QUIET_COLOUR for size in range(len(shares))],
            text=[f"{share:.1%}" for share in shares],
            textposition="outside",
            cliponaxis=False,
            hoverinfo="skip",
        )
    )
    figure.update_xaxes(title="classes in the prediction set")
    figure.update_yaxes(title="share of films", range=[0, 1.1 * max(*shares, 0.1)], tickformat=".0%")
    return finish(figure, 320, legend_below=False)
