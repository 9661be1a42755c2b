"""Bars of a one-way sensitivity analysis, as both tornados draw them."""

from collections.abc import Iterable, Sequence
from typing import Any

import plotly.graph_objects as go

from cxr_core.calculator import parameter_text
from cxr_core.decision import LeadBar, TornadoBar
from cxr_core.figures.frame import amount_ticks, framed, striped, upright
from cxr_core.figures.theme import ChartLook

Bars = Sequence[TornadoBar | LeadBar]
Spans = Sequence[tuple[float, float]]


def bar_parts(bars: Bars, name: str, colour: str, spans: Spans, *, stripes: bool) -> dict[str, Any]:
    """Draw a part of each bar, from the low to the high end of its span."""
    return {
        "type": "bar",
        "orientation": "h",
        "y": [bar.parameter.symbol for bar in bars],
        "x": [high - low for low, high in spans],
        "base": [low for low, _ in spans],
        "name": name,
        "marker": striped(colour, stripes=stripes),
        "customdata": [
            (bar.parameter.label, parameter_text(bar.parameter, bar.low), parameter_text(bar.parameter, bar.high)) for bar in bars
        ],
        "hovertemplate": "%{customdata[0]} from %{customdata[1]} to %{customdata[2]}<extra></extra>",
    }


def bar_ends(bars: Bars, side: str, ends: Sequence[tuple[float, float]], look: ChartLook) -> dict[str, Any]:
    """Write at one end of each bar which value of its parameter leads there.

    Parameters
    ----------
    bars : sequence of TornadoBar or of LeadBar
    side : str
        ``"left"`` or ``"right"``.
    ends : sequence of (float, float)
        Of each bar: where that end lies, and the parameter's value there.
    look : ChartLook
    """
    return {
        "type": "scatter",
        "x": [place for place, _ in ends],
        "y": [bar.parameter.symbol for bar in bars],
        "mode": "text",
        "text": [f" {parameter_text(bar.parameter, value)} " if bar.swing else "" for bar, (_, value) in zip(bars, ends, strict=True)],
        "textfont": look.font,
        "textposition": f"middle {side}",
        "showlegend": False,
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def bars_figure(
    traces: Sequence[dict[str, Any]], title: str, reach: Iterable[float], now: float, look: ChartLook, *, height: int, view: str
) -> go.Figure:
    """Put bars into their frame, the first on top, with lines at 0 and at the current value.

    Parameters
    ----------
    traces : sequence of dict
        From `bar_parts` and `bar_ends`.
    title : str
        Of the axis of amounts, with its unit.
    reach : iterable of float
        Where bars end.
    now : float
        The current value.
    look, height, view
        As in `framed`.
    """
    edges = [*reach, 0.0, now]
    margin = 0.2 * ((max(edges) - min(edges)) or 1.0)  # room for the numbers at the ends
    return framed(
        traces,
        {"title": title, "range": [min(edges) - margin, max(edges) + margin], "tickformat": amount_ticks(max(map(abs, edges)))},
        {"title": "", "autorange": "reversed", "showgrid": False},
        look,
        height=height,
        view=view,
        shapes=[upright(now, dash="dot"), upright(0)],
        barmode="overlay",
        bargap=0.35,
    )
