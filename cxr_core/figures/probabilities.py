"""Class probabilities as bars."""

from collections.abc import Mapping

import plotly.graph_objects as go

TOP_COLOUR = "#2a8fb0"
REST_COLOUR = "#8a97a3"


def probability_text(probability: float) -> str:
    """Write a probability with two digits, and without claiming certainty at either end."""
    if probability < 0.005:
        return "<0.01"
    if probability > 0.995:
        return ">0.99"
    return f"{probability:.2f}"


def probability_figure(probabilities: Mapping[str, float]) -> go.Figure:
    """Draw class probabilities as horizontal bars with their numbers, the first class on top.

    Parameters
    ----------
    probabilities : mapping of str to float
        By class name, in [0, 1].

    Returns
    -------
    plotly.graph_objects.Figure
    """
    names, values = list(probabilities), list(probabilities.values())
    top = max(values)
    figure = go.Figure(
        go.Bar(
            x=values,
            y=names,
            orientation="h",
            marker_color=[TOP_COLOUR if value == top else REST_COLOUR for value in values],
            text=[probability_text(value) for value in values],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x:.4f}<extra></extra>",
        )
    )
    figure.update_xaxes(range=[0, 1.12], tickvals=[0, 0.25, 0.5, 0.75, 1], title="probability", fixedrange=True)
    figure.update_yaxes(autorange="reversed", fixedrange=True, automargin=True)
    figure.update_layout(margin={"l": 0, "r": 8, "t": 4, "b": 0}, bargap=0.35, height=200, showlegend=False, dragmode=False)
    return figure
