"""Charts of the lecture: a neuron's training, the loss of one film, dense connections, and what is frozen."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from cxr_core.figures.chart import finish
from cxr_core.figures.frame import tinted
from cxr_core.figures.theme import ACCENT, QUIET_COLOUR, SECOND

_CLASSES = (ACCENT, SECOND)
_SURFACE = [[0, tinted(ACCENT.colour, 0.8)], [1, tinted(ACCENT.colour, 0.0)]]


def points_figure(places: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> go.Figure:
    """Draw points of two classes and the line at which a neuron without a bias is undecided.

    Parameters
    ----------
    places : numpy.ndarray
        Shape (n, 2).
    labels : numpy.ndarray
        Shape (n,): 0 or 1.
    weights : numpy.ndarray
        Shape (2,).

    Returns
    -------
    plotly.graph_objects.Figure
    """
    figure = go.Figure()
    for label, style in enumerate(_CLASSES):
        of_class = places[labels == label]
        figure.add_scatter(
            x=of_class[:, 0],
            y=of_class[:, 1],
            mode="markers",
            marker={"color": style.colour, "symbol": style.symbol, "size": style.size},
            name=f"class {label}",
            hovertemplate="%{x:.2f}, %{y:.2f}<extra></extra>",
        )
    reach = float(np.abs(places).max()) * 1.05
    along = np.array([-weights[1], weights[0]]) / max(float(np.hypot(*weights)), 1e-12)
    figure.add_scatter(
        x=[-2 * reach * along[0], 2 * reach * along[0]],
        y=[-2 * reach * along[1], 2 * reach * along[1]],
        mode="lines",
        line={"color": QUIET_COLOUR, "width": 3},
        name="probability 0.5",
        hoverinfo="skip",
    )
    figure.update_xaxes(title="first feature", range=[-reach, reach], fixedrange=True)
    figure.update_yaxes(title="second feature", range=[-reach, reach], fixedrange=True)
    return finish(figure, 380)


def descent_figure(axis: np.ndarray, surface: np.ndarray, path: np.ndarray) -> go.Figure:
    """Draw the loss over two weights, the darker the lower, and the path that training takes on it.

    Parameters
    ----------
    axis : numpy.ndarray
        Shape (n,): the values of either weight.
    surface : numpy.ndarray
        Shape (n, n): the loss; rows are the second weight.
    path : numpy.ndarray
        Shape (steps + 1, 2): the weights, from the start on.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    figure = go.Figure(
        go.Contour(
            x=axis,
            y=axis,
            z=np.log(surface),  # the valley is flat beside the slopes
            customdata=surface,
            ncontours=16,
            contours={"coloring": "heatmap"},
            colorscale=_SURFACE,
            showscale=False,
            line={"width": 1, "color": tinted(QUIET_COLOUR, 0.5)},
            hovertemplate="weights %{x:.2f}, %{y:.2f}<br>loss %{customdata:.3f}<extra></extra>",
        )
    )
    figure.add_scatter(
        x=path[:, 0],
        y=path[:, 1],
        mode="lines+markers",
        line={"color": SECOND.colour, "width": 2},
        marker={"color": SECOND.colour, "size": 6},
        name="steps",
        hovertemplate="step %{pointNumber}<br>weights %{x:.2f}, %{y:.2f}<extra></extra>",
    )
    for name, place, symbol in (("start", path[0], "circle-open"), ("now", path[-1], "star")):
        figure.add_scatter(
            x=[place[0]],
            y=[place[1]],
            mode="markers",
            marker={"color": SECOND.colour, "size": 16, "symbol": symbol, "line": {"width": 3}},
            name=name,
            hoverinfo="skip",
        )
    figure.update_xaxes(title="first weight", range=[axis[0], axis[-1]], fixedrange=True)
    figure.update_yaxes(title="second weight", range=[axis[0], axis[-1]], fixedrange=True)
    return finish(figure, 380)


def losses_figure(losses: Sequence[float], least: float) -> go.Figure:
    """Draw the loss after every step, and the least that there is."""
    figure = go.Figure(
        go.Scatter(
            y=list(losses), mode="lines+markers", line=SECOND.line | {"dash": "solid"}, marker={"size": 6}, name="loss",
            hovertemplate="step %{x}<br>loss %{y:.3f}<extra></extra>",
        )
    )  # fmt: skip
    figure.add_scatter(
        x=[0, max(1, len(losses) - 1)],
        y=[least, least],
        mode="lines",
        line={"color": QUIET_COLOUR, "dash": "dash", "width": 2},
        name="the least possible",
        hovertemplate="%{y:.3f}<extra></extra>",
    )
    figure.update_xaxes(title="step", fixedrange=True, rangemode="tozero")
    figure.update_yaxes(title="loss (nats)", rangemode="tozero", fixedrange=True)
    return finish(figure, 380)


def confidence_figure(confidences: np.ndarray, losses: Mapping[str, np.ndarray], at: float, now: Mapping[str, float]) -> go.Figure:
    """Draw the loss of one film against the confidence of its read, where it is right and where it is wrong.

    Parameters
    ----------
    confidences : numpy.ndarray
        Shape (n,), in [0, 1].
    losses : mapping of str to numpy.ndarray
        Two lines by name, shape (n,) each.
    at : float
        The confidence that is chosen.
    now : mapping of str to float
        The loss there, by the same names.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    figure = go.Figure()
    for (name, values), style in zip(losses.items(), _CLASSES, strict=True):
        figure.add_scatter(
            x=confidences,
            y=values,
            mode="lines",
            line=style.line,
            name=name,
            hovertemplate="confidence %{x:.2f}<br>loss %{y:.2f}<extra></extra>",
        )
        figure.add_scatter(
            x=[at],
            y=[now[name]],
            mode="markers+text",
            marker={"color": style.colour, "symbol": style.symbol, "size": 14},
            text=[f" {now[name]:.2f}"],
            textposition="middle left" if at > 0.5 else "middle right",
            showlegend=False,
            hoverinfo="skip",
            cliponaxis=False,
        )
    figure.update_xaxes(title="confidence: probability of the class that is called", range=[0, 1.02], fixedrange=True)
    figure.update_yaxes(title="loss (nats)", rangemode="tozero", fixedrange=True)
    return finish(figure, 400)


def dense_figure(channels_in: int, added: Sequence[int], chosen: int) -> go.Figure:
    """Draw what each layer of a densely connected block sees: what came into the block, and what every layer before it added.

    Parameters
    ----------
    channels_in : int
        What comes into the block.
    added : sequence of int
        What each layer adds.
    chosen : int
        The layer that is told apart, from 0.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    layers = list(range(1, len(added) + 1))
    colours = [QUIET_COLOUR if layer != chosen + 1 else SECOND.colour for layer in layers]
    before = np.concatenate([[0], np.cumsum(added)[:-1]]).tolist()
    figure = go.Figure(
        [
            go.Bar(
                x=layers, y=[channels_in] * len(layers), marker_color=[tinted(colour, 0.55) for colour in colours], name="into the block"
            ),
            go.Bar(
                x=layers,
                y=before,
                marker_color=colours,
                name="added by the layers before",
            ),
        ]
    )
    figure.update_traces(hovertemplate="layer %{x}<br>%{y:,} channels<extra></extra>")
    figure.update_layout(barmode="stack", bargap=0.2)
    figure.update_xaxes(title="layer of the block", fixedrange=True, dtick=max(1, len(layers) // 12))
    figure.update_yaxes(title="channels that it sees", fixedrange=True)
    return finish(figure, 380)


def frozen_figure(shares: Sequence[float], last: int) -> go.Figure:
    """Draw what share of all weights is trained against how many of the last layers are.

    Parameters
    ----------
    shares : sequence of float
        In [0, 1], for none of the layers, the last one, the last two ...
    last : int
        How many are chosen.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    figure = go.Figure(
        go.Scatter(
            y=list(shares), mode="lines", line=ACCENT.line, fill="tozeroy", fillcolor=tinted(ACCENT.colour, 0.15), name="trained",
            hovertemplate="last %{x} layers<br>%{y:.1%} of the weights<extra></extra>",
        )
    )  # fmt: skip
    figure.add_scatter(
        x=[last], y=[shares[last]], mode="markers", marker={"color": SECOND.colour, "symbol": "diamond", "size": 16}, hoverinfo="skip"
    )
    figure.update_xaxes(title="last layers of the backbone that learn", fixedrange=True)
    figure.update_yaxes(title="share of all weights", range=[0, 1.05], tickformat="~%", fixedrange=True)
    return finish(figure, 340, legend_below=False)
