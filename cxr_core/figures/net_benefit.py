"""Net benefit over prevalence: a line a strategy, where the two tests tie, and where the sliders are."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from cxr_core.decision import PrevalenceCurves, Strategy, share_text
from cxr_core.figures.palette import LINES, PCR_COLOUR, QUIET_COLOUR, XRAY_COLOUR, Look, framed, tinted

LOG_TICKS = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1)
NARROW = 0.018
"""Share of the axis, for each pixel of text size, that the name of a region needs."""
EDGE = 0.15
"""Share of the axis beside which a label would not fit."""


def net_benefit_figure(
    curves: PrevalenceCurves,
    prevalence: float,
    here: Mapping[Strategy, float],
    *,
    log: bool = False,
    height: int = 400,
    look: Look | None = None,
) -> go.Figure:
    """Draw net benefit over prevalence.

    Parameters
    ----------
    curves : PrevalenceCurves
    prevalence : float
        The current one.
    here : mapping of Strategy to float
        Net benefits at the current prevalence, for the strategies of `curves`.
    log : bool
        Whether the prevalence axis is logarithmic; `curves` then starts above 0.
    height : int
        In pixels.
    look : Look, optional

    Returns
    -------
    plotly.graph_objects.Figure
    """
    look = look or Look()
    ruler = _Ruler(float(curves.prevalences[0]), float(curves.prevalences[-1]), log)
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    crossing = curves.crossing
    tie = crossing.value if crossing.inside and crossing.value is not None else None
    leftward = tie is not None and tie > prevalence
    if tie is not None:
        low, high = ("PCR", "X-ray") if crossing.xray_side == "above" else ("X-ray", "PCR")
        for test, start, end in ((low, 0.0, ruler.share(tie)), (high, ruler.share(tie), 1.0)):
            shapes += _region(test, start, end)
            notes += _region_name(test, start, end, look)
    for place, text, top in ((prevalence, "now", False), (tie, "tie at", True)):
        if place is not None and ruler.first <= place <= ruler.last:
            share = ruler.share(place)
            shapes.append(_line(share, 1 if top else 0.86))
            notes.append(_label(share, f"<b>{text} {share_text(place)}</b>", top, leftward != top, look))
    axis: dict[str, Any] = {"range": [ruler.first, ruler.last], "tickformat": "~%"}
    if log:
        axis = {"type": "log", "range": [math.log10(ruler.first), math.log10(ruler.last)], "tickvals": LOG_TICKS, "tickformat": "~%"}
    return framed(
        [*_lines(curves), *_points(prevalence, here)],
        {"title": "prevalence P (share of the tested who have COVID)", "hoverformat": ".3~%", **axis},
        {"title": "net benefit (units of benefit a patient)"},
        look,
        height=height,
        view="net-benefit",
        shapes=shapes,
        annotations=notes,
        hovermode="x unified",
    )


@dataclass(frozen=True)
class _Ruler:
    """Where a prevalence lies between the ends of its axis."""

    first: float
    last: float
    log: bool

    def share(self, place: float) -> float:
        place = min(max(place, self.first), self.last)
        if self.log:
            return math.log(place / self.first) / math.log(self.last / self.first)
        return (place - self.first) / (self.last - self.first)


def _lines(curves: PrevalenceCurves) -> list[dict[str, Any]]:
    return [
        {
            "type": "scatter",
            "x": curves.prevalences,
            "y": values,
            "name": strategy.value,
            "mode": "lines",
            "line": {"color": LINES[strategy].colour, "dash": LINES[strategy].dash, "width": LINES[strategy].width},
            "hovertemplate": "%{y:,.4~g}",
        }
        for strategy, values in curves.net_benefit.items()
    ]


def _points(prevalence: float, here: Mapping[Strategy, float]) -> list[dict[str, Any]]:
    # The smaller symbol over the larger, so that both are seen where the strategies are as good.
    return [
        {
            "type": "scatter",
            "x": [prevalence],
            "y": [here[strategy]],
            "name": f"{strategy.value}, now",
            "mode": "markers",
            "marker": {
                "color": LINES[strategy].colour,
                "symbol": LINES[strategy].symbol,
                "size": LINES[strategy].size,
                "line": {"color": "white", "width": 1.5},
            },
            "showlegend": False,
            "hoverinfo": "skip",
            "cliponaxis": False,
        }
        for strategy in sorted(here, key=lambda one: -LINES[one].size)
    ]


def _region(test: str, start: float, end: float) -> list[dict[str, Any]]:
    if end <= start:
        return []
    colour = tinted(XRAY_COLOUR if test == "X-ray" else PCR_COLOUR, 0.09)
    place = {"x0": start, "x1": end, "y0": 0, "y1": 1, "xref": "paper", "yref": "paper"}
    return [{"type": "rect", "layer": "below", "line": {"width": 0}, "fillcolor": colour, **place}]


def _region_name(test: str, start: float, end: float, look: Look) -> list[dict[str, Any]]:
    if end - start <= NARROW * look.text_size:
        return []
    place = {"x": (start + end) / 2, "y": 1, "xref": "paper", "yref": "paper", "yanchor": "top"}
    return [{"text": f"{test} preferred", "showarrow": False, "font": look.font, **place}]


def _line(share: float, top: float) -> dict[str, Any]:
    place = {"x0": share, "x1": share, "y0": 0, "y1": top, "xref": "paper", "yref": "paper"}
    return {"type": "line", "line": {"color": QUIET_COLOUR, "width": 1.5, "dash": "dot"}, **place}


def _label(share: float, text: str, top: bool, leftward: bool, look: Look) -> dict[str, Any]:
    """Write beside a line, on the side that was asked for unless there is no room."""
    left = share > EDGE and (leftward or share > 1 - EDGE)
    return {
        "x": share,
        "y": 0.93 if top else 0.01,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "right" if left else "left",
        "yanchor": "top" if top else "bottom",
        "xshift": -4 if left else 4,
        "text": text,
        "showarrow": False,
        "font": look.font,
    }
