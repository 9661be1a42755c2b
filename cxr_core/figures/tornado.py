"""One-way sensitivity as a tornado: which parameter could turn the choice round."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from cxr_core.decision import TornadoBar, parameter_text
from cxr_core.figures.palette import PCR_COLOUR, XRAY_COLOUR, Look, framed, striped, upright


def tornado_figure(bars: Sequence[TornadoBar], difference: float, *, height: int = 420, look: Look | None = None) -> go.Figure:
    """Draw what each parameter's range does to the difference, the longest bar on top.

    The part of a bar on which X-ray is preferred has X-ray's colour, the other PCR's colour and stripes.

    Parameters
    ----------
    bars : sequence of TornadoBar
    difference : float
        The current one, X-ray minus PCR.
    height : int
        In pixels.
    look : Look, optional

    Returns
    -------
    plotly.graph_objects.Figure
    """
    look = look or Look()
    spans = [(min(bar.at_low, bar.at_high), max(bar.at_low, bar.at_high)) for bar in bars]
    parts = (
        _part(bars, "X-ray preferred", XRAY_COLOUR, [(max(low, 0.0), max(high, 0.0)) for low, high in spans]),
        _part(bars, "PCR preferred", PCR_COLOUR, [(min(low, 0.0), min(high, 0.0)) for low, high in spans]),
    )
    reach = [edge for span in spans for edge in span] + [0.0, difference]
    margin = 0.2 * ((max(reach) - min(reach)) or 1.0)  # room for the numbers at the ends
    return framed(
        [*parts, *_ends(bars, look)],
        {
            "title": "net benefit of X-ray minus PCR (units of benefit a patient)",
            "range": [min(reach) - margin, max(reach) + margin],
            "tickformat": "~s",
        },
        {"title": "", "autorange": "reversed", "showgrid": False},
        look,
        height=height,
        view="tornado",
        shapes=[upright(difference, dash="dot"), upright(0)],
        barmode="overlay",
        bargap=0.35,
    )


def _part(bars: Sequence[TornadoBar], name: str, colour: str, spans: Sequence[tuple[float, float]]) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "y": [bar.parameter.symbol for bar in bars],
        "x": [high - low for low, high in spans],
        "base": [low for low, _ in spans],
        "name": name,
        "marker": striped(colour, stripes=colour == PCR_COLOUR),
        "customdata": [
            (bar.parameter.label, parameter_text(bar.parameter, bar.low), parameter_text(bar.parameter, bar.high)) for bar in bars
        ],
        "hovertemplate": "%{customdata[0]} from %{customdata[1]} to %{customdata[2]}<extra></extra>",
    }


def _ends(bars: Sequence[TornadoBar], look: Look) -> list[dict[str, Any]]:
    """Write at either end of a bar which value of the parameter leads there."""
    traces = []
    for left in (True, False):
        places, texts = [], []
        for bar in bars:
            low_is_left = bar.at_low <= bar.at_high
            places.append(min(bar.at_low, bar.at_high) if left else max(bar.at_low, bar.at_high))
            texts.append(f" {parameter_text(bar.parameter, bar.low if low_is_left == left else bar.high)} " if bar.swing else "")
        traces.append(
            {
                "type": "scatter",
                "x": places,
                "y": [bar.parameter.symbol for bar in bars],
                "mode": "text",
                "text": texts,
                "textfont": look.font,
                "textposition": "middle left" if left else "middle right",
                "showlegend": False,
                "hoverinfo": "skip",
                "cliponaxis": False,
            }
        )
    return traces
