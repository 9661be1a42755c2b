"""Net benefit over prevalence: a line a strategy, which is best where, and where the sliders are."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from cxr_core.calculator import apart
from cxr_core.decision import SINGLE_TESTS, PrevalenceCurves, Strategy
from cxr_core.figures.frame import framed, tinted
from cxr_core.figures.theme import QUIET_COLOUR, STRATEGY_STYLES, ChartLook

LOG_TICKS = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1)
LETTER = 0.475
"""Width of a letter for each pixel of text size."""
AMOUNT_TITLE = ("net benefit", "(units of benefit a patient)")
EDGE = 0.15
"""Share of the axis beside which a label would not fit."""


def net_benefit_figure(
    curves: PrevalenceCurves,
    prevalence: float,
    here: Mapping[Strategy, float],
    *,
    log: bool = False,
    height: int = 400,
    width: int = 570,
    look: ChartLook | None = None,
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
    height, width : int
        In pixels. The figure is as wide as its place; this is about how wide that is, for what is written only where there is room.
    look : ChartLook, optional

    Returns
    -------
    plotly.graph_objects.Figure
    """
    look = look or ChartLook()
    ruler = _Ruler(float(curves.prevalences[0]), float(curves.prevalences[-1]), log)
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for region in curves.regions:
        if len(region.best) == 1:
            start, end = ruler.share(region.start), ruler.share(region.end)
            shapes += _shade(region.best[0], start, end)
            notes += _region_name(
                region.best[0], start, end, width / look.text_size, look, several=len(curves.net_benefit) > len(SINGLE_TESTS)
            )
    edges = [edge for edge in _edges(curves, prevalence) if ruler.first <= edge <= ruler.last]
    leftward = bool(edges) and min(edges, key=lambda edge: abs(edge - prevalence)) > prevalence
    nearest = min(edges, key=lambda edge: abs(edge - prevalence), default=prevalence)
    parameter = curves.crossing.parameter
    for edge in edges:
        shapes.append(_line(ruler.share(edge), 1))
        text = f"<b>tie at {apart(parameter, edge, prevalence)[0]}</b>"
        notes.append(_label(ruler.share(edge), text, True, edge < prevalence, look))
    if ruler.first <= prevalence <= ruler.last:
        shapes.append(_line(ruler.share(prevalence), 0.86))
        text = f"<b>now {apart(parameter, prevalence, nearest)[0]}</b>"
        notes.append(_label(ruler.share(prevalence), text, False, leftward, look))
    axis: dict[str, Any] = {"range": [ruler.first, ruler.last], "tickformat": "~%"}
    if log:
        axis = {"type": "log", "range": [math.log10(ruler.first), math.log10(ruler.last)], "tickvals": LOG_TICKS, "tickformat": "~%"}
    return framed(
        [*_lines(curves), *_points(prevalence, here)],
        {"title": "prevalence P (share of the tested who have COVID)", "hoverformat": ".3~%", **axis},
        {
            "title": " ".join(AMOUNT_TITLE)
            if LETTER * len(" ".join(AMOUNT_TITLE)) * look.text_size < 0.7 * height
            else "<br>".join(AMOUNT_TITLE)
        },
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
            "line": STRATEGY_STYLES[strategy].line,
            "hovertemplate": "%{y:,.6~g}",
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
                "color": STRATEGY_STYLES[strategy].colour,
                "symbol": STRATEGY_STYLES[strategy].symbol,
                "size": STRATEGY_STYLES[strategy].size,
                "line": {"color": "white", "width": 1.5},
            },
            "showlegend": False,
            "hoverinfo": "skip",
            "cliponaxis": False,
        }
        for strategy in sorted(here, key=lambda one: -STRATEGY_STYLES[one].size)
    ]


def _edges(curves: PrevalenceCurves, prevalence: float) -> list[float]:
    """List where the best changes: for the two tests where they tie, for more strategies the nearest places on either side."""
    if len(curves.net_benefit) == len(SINGLE_TESTS):
        crossing = curves.crossing
        return [crossing.value] if crossing.inside and crossing.value is not None else []
    edges = [region.end for region in curves.regions[:-1]]
    return [*(edge for edge in edges if edge <= prevalence)][-1:] + [edge for edge in edges if edge > prevalence][:1]


def _shade(strategy: Strategy, start: float, end: float) -> list[dict[str, Any]]:
    if end <= start:
        return []
    colour = tinted(STRATEGY_STYLES[strategy].colour, 0.09)
    place = {"x0": start, "x1": end, "y0": 0, "y1": 1, "xref": "paper", "yref": "paper"}
    return [{"type": "rect", "layer": "below", "line": {"width": 0}, "fillcolor": colour, **place}]


def _region_name(strategy: Strategy, start: float, end: float, room: float, look: ChartLook, *, several: bool) -> list[dict[str, Any]]:
    name = f"Best: {strategy.value}" if several else f"{strategy.value} preferred"
    lines = name.replace(", ", ",<br>")
    longest = max(len(line) for line in lines.split("<br>"))
    if (end - start) * room <= LETTER * longest:
        return []
    place = {"x": (start + end) / 2, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "center", "yanchor": "top"}
    return [{"text": lines, "showarrow": False, "font": look.font, **place}]


def _line(share: float, top: float) -> dict[str, Any]:
    place = {"x0": share, "x1": share, "y0": 0, "y1": top, "xref": "paper", "yref": "paper"}
    return {"type": "line", "line": {"color": QUIET_COLOUR, "width": 1.5, "dash": "dot"}, **place}


def _label(share: float, text: str, top: bool, leftward: bool, look: ChartLook) -> dict[str, Any]:
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
