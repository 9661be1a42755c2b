"""Net benefit over prevalence: a line a strategy, where the two tests tie, and where the sliders are."""

import math
from collections.abc import Mapping

import plotly.graph_objects as go

from cxr_core.decision import PrevalenceCurves, Strategy, share_text
from cxr_core.figures.palette import LINES, PCR_COLOUR, QUIET_COLOUR, XRAY_COLOUR, framed, tinted

LOG_TICKS = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1)
NARROW = 0.2
EDGE = 0.15


def net_benefit_figure(
    curves: PrevalenceCurves,
    prevalence: float,
    here: Mapping[Strategy, float],
    *,
    log: bool = False,
    height: int = 400,
    text_size: int = 13,
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
    height, text_size : int
        In pixels.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    figure = go.Figure()
    for strategy, values in curves.net_benefit.items():
        line = LINES[strategy]
        figure.add_scatter(
            x=curves.prevalences,
            y=values,
            name=strategy.value,
            mode="lines",
            line={"color": line.colour, "dash": line.dash, "width": line.width},
            hovertemplate="%{y:,.4~g}",
        )
    # The smaller symbol over the larger, so that both are seen where the strategies are as good.
    for strategy, value in sorted(here.items(), key=lambda item: -LINES[item[0]].size):
        line = LINES[strategy]
        figure.add_scatter(
            x=[prevalence],
            y=[value],
            mode="markers",
            marker={"color": line.colour, "symbol": line.symbol, "size": line.size, "line": {"color": "white", "width": 1.5}},
            name=f"{strategy.value}, now",
            showlegend=False,
            hoverinfo="skip",
        )
    first, last = float(curves.prevalences[0]), float(curves.prevalences[-1])
    crossing = curves.crossing
    tie = crossing.value if crossing.inside and crossing.value is not None else None
    leftward = tie is not None and tie > prevalence
    _mark(figure, prevalence, f"now {share_text(prevalence)}", first, last, log, top=False, leftward=leftward, size=text_size)
    if tie is not None:
        _mark(figure, tie, f"tie at {share_text(tie)}", first, last, log, top=True, leftward=not leftward, size=text_size)
        low, high = ("PCR", "X-ray") if crossing.xray_side == "above" else ("X-ray", "PCR")
        tie = min(max(tie, first), last)
        _region(figure, first, tie, low, first, last, log, text_size)
        _region(figure, tie, last, high, first, last, log, text_size)
    framed(
        figure,
        "prevalence P (share of the tested who have COVID)",
        "net benefit (units of benefit a patient)",
        height=height,
        view="net-benefit",
        text_size=text_size,
    )
    if log:
        figure.update_xaxes(type="log", range=[math.log10(first), math.log10(last)], tickvals=LOG_TICKS, tickformat="~%")
    else:
        figure.update_xaxes(range=[first, last], tickformat="~%")
    figure.update_xaxes(hoverformat=".3~%")
    figure.update_layout(hovermode="x unified")
    return figure


def _share_of_axis(place: float, first: float, last: float, log: bool) -> float:
    if log:
        return (math.log(max(place, first)) - math.log(first)) / (math.log(last) - math.log(first))
    return (place - first) / (last - first)


def _mark(
    figure: go.Figure, place: float, text: str, first: float, last: float, log: bool, *, top: bool, leftward: bool, size: int
) -> None:
    """Draw a line with its label on the side that was asked for, unless there is no room."""
    if not first <= place <= last:
        return
    share = _share_of_axis(place, first, last, log)
    left = share > EDGE and (leftward or share > 1 - EDGE)
    line = {"color": QUIET_COLOUR, "width": 1.5, "dash": "dot"}
    figure.add_shape(type="line", x0=share, x1=share, y0=0, y1=1 if top else 0.86, xref="paper", yref="paper", line=line)
    figure.add_annotation(
        x=share,
        y=0.93 if top else 0.01,
        xref="paper",
        yref="paper",
        xanchor="right" if left else "left",
        yanchor="top" if top else "bottom",
        xshift=-4 if left else 4,
        text=f"<b>{text}</b>",
        showarrow=False,
        font={"size": size},
    )


def _region(figure: go.Figure, start: float, end: float, test: str, first: float, last: float, log: bool, size: int) -> None:
    left, right = (_share_of_axis(place, first, last, log) for place in (start, end))
    if right <= left:
        return
    colour = XRAY_COLOUR if test == "X-ray" else PCR_COLOUR
    figure.add_shape(
        type="rect", x0=left, x1=right, y0=0, y1=1, xref="paper", yref="paper", layer="below", line_width=0, fillcolor=tinted(colour, 0.09)
    )
    if right - left > NARROW:
        figure.add_annotation(
            x=(left + right) / 2,
            y=1,
            xref="paper",
            yref="paper",
            yanchor="top",
            text=f"{test} preferred",
            showarrow=False,
            font={"size": size},
        )
