"""Learning curves."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from cxr_core.figures.chart import finish
from cxr_core.figures.theme import ACCENT, SECOND, LineStyle
from cxr_core.labels import split_films

History = Sequence[Mapping[str, float]]

_ALL_TICKS = 15


def loss_figure(history: History) -> go.Figure:
    """Draw the loss by epoch, on the training and the validation films.

    Parameters
    ----------
    history : sequence of mappings
        By epoch: `loss` and `val_loss`; what an epoch lacks is left out.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    figure = go.Figure(_lines(history, "loss", "loss", ACCENT))
    figure.update_yaxes(title="loss (nats)", rangemode="tozero")
    return _by_epoch(figure, history)


def accuracy_figure(history: History) -> go.Figure:
    """Draw accuracy and COVID recall by epoch, on the training and the validation films.

    Parameters
    ----------
    history : sequence of mappings
        By epoch: `accuracy`, `val_accuracy`, `covid_recall` and `val_covid_recall`; what an epoch lacks is left out.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    figure = go.Figure(_lines(history, "accuracy", "accuracy", ACCENT) + _lines(history, "covid_recall", "COVID recall", SECOND))
    figure.update_yaxes(title="share of films called rightly", range=[0, 1.02])
    return _by_epoch(figure, history)


def _lines(history: History, key: str, name: str, style: LineStyle) -> list[go.Scatter]:
    """Two lines, solid and filled for training films, dashed and open for validation films."""
    lines = []
    for prefix, split, dash, symbol in (("", "train", "solid", style.symbol), ("val_", "val", "dash", f"{style.symbol}-open")):
        points = [(number, epoch[prefix + key]) for number, epoch in enumerate(history, start=1) if prefix + key in epoch]
        if points:
            lines.append(
                go.Scatter(
                    x=[number for number, _ in points],
                    y=[value for _, value in points],
                    mode="lines+markers",
                    line=style.line | {"dash": dash},
                    marker={"symbol": symbol, "size": 9},
                    name=f"{name}, {split_films(split)}",
                    hovertemplate=f"epoch %{{x}}<br>{name}, {split_films(split)} %{{y:.3f}}<extra></extra>",
                )
            )
    return lines


def _by_epoch(figure: go.Figure, history: History) -> go.Figure:
    few = len(history) <= _ALL_TICKS
    figure.update_xaxes(title="epoch", tickvals=list(range(1, len(history) + 1)) if few else None)
    return finish(figure, 420)
