"""Curves over all thresholds of a class against the others: ROC and precision over recall."""

from collections.abc import Mapping

import plotly.graph_objects as go

from cxr_core.artifacts import Curve
from cxr_core.figures.chart import finish
from cxr_core.figures.theme import CLASS_STYLES, QUIET_COLOUR
from cxr_core.labels import in_words
from cxr_core.stats import Interval

_HEIGHT = 520


def roc_figure(curves: Mapping[str, Curve], areas: Mapping[str, Interval]) -> go.Figure:
    """Draw ROC curves, one class against the others each, with the areas under them in the legend.

    Parameters
    ----------
    curves : mapping of str to Curve
        By class name: sensitivity over 1 - specificity.
    areas : mapping of str to Interval
        By class name.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    figure = go.Figure()
    for name, curve in curves.items():
        hover = "sensitivity %{y:.3f}<br>specificity %{customdata[0]:.3f}<br>threshold %{customdata[1]}<extra></extra>"
        figure.add_scatter(
            x=curve.x,
            y=curve.y,
            mode="lines",
            line=CLASS_STYLES[name].line,
            name=f"{in_words(name)}, AUC {areas[name]}",
            customdata=[(1 - x, _threshold(threshold)) for x, threshold in zip(curve.x, curve.threshold, strict=True)],
            hovertemplate=f"{in_words(name)}<br>{hover}",
        )
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        line={"color": QUIET_COLOUR, "width": 1},
        name="chance, AUC 0.5",
        hoverinfo="skip",
    )
    figure.update_xaxes(title="1 - specificity (share of the other films)", range=[-0.02, 1.02])
    figure.update_yaxes(title="sensitivity (share of the class's films)", range=[-0.02, 1.02])
    return finish(figure, _HEIGHT)


def precision_recall_figure(curves: Mapping[str, Curve], areas: Mapping[str, Interval], shares: Mapping[str, float]) -> go.Figure:
    """Draw precision over recall, one class against the others each; a thin line shows the precision of calling every film by the class.

    Parameters
    ----------
    curves : mapping of str to Curve
        By class name: precision over recall.
    areas : mapping of str to Interval
        By class name: average precision.
    shares : mapping of str to float
        By class name: its share of the films.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    figure = go.Figure()
    for name, curve in curves.items():
        style, words = CLASS_STYLES[name], in_words(name)
        figure.add_scatter(
            x=curve.x,
            y=curve.y,
            mode="lines",
            line=style.line | {"shape": "vh"},
            name=f"{words}, area {areas[name]}; share {shares[name]:.2f}",
            legendgroup=words,
            customdata=[_threshold(threshold) for threshold in curve.threshold],
            hovertemplate=f"{words}<br>recall %{{x:.3f}}<br>precision %{{y:.3f}}<br>threshold %{{customdata}}<extra></extra>",
        )
        figure.add_scatter(
            x=[0, 1],
            y=[shares[name]] * 2,
            mode="lines",
            line=style.line | {"width": 1},
            legendgroup=words,
            showlegend=False,
            hovertemplate=f"calling every film {words}: precision %{{y:.3f}}<extra></extra>",
        )
    figure.update_xaxes(title="recall (share of the class's films)", range=[-0.02, 1.02])
    figure.update_yaxes(title="precision (share of the films called so)", range=[-0.02, 1.02])
    return finish(figure, _HEIGHT)


def _threshold(threshold: float | None) -> str:
    return "above all" if threshold is None else f"{threshold:.3f}"
