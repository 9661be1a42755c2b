"""One-way sensitivity as a tornado: which parameter could turn the choice round."""

from collections.abc import Sequence

import plotly.graph_objects as go

from cxr_core.decision import TornadoBar, parameter_text
from cxr_core.figures.palette import PCR_COLOUR, QUIET_COLOUR, XRAY_COLOUR, framed


def tornado_figure(bars: Sequence[TornadoBar], difference: float, *, height: int = 420) -> go.Figure:
    """Draw what each parameter's range does to the difference, the longest bar on top.

    The part of a bar on which X-ray is preferred has X-ray's colour, the other PCR's colour and stripes.

    Parameters
    ----------
    bars : sequence of TornadoBar
    difference : float
        The current one, X-ray minus PCR.
    height : int
        In pixels.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    names = [bar.parameter.symbol for bar in bars]
    spans = [(min(bar.at_low, bar.at_high), max(bar.at_low, bar.at_high)) for bar in bars]
    figure = go.Figure()
    for test, colour, pattern, parts in (
        ("X-ray preferred", XRAY_COLOUR, "", [(max(low, 0.0), max(high, 0.0)) for low, high in spans]),
        ("PCR preferred", PCR_COLOUR, "/", [(min(low, 0.0), min(high, 0.0)) for low, high in spans]),
    ):
        figure.add_bar(
            y=names,
            x=[high - low for low, high in parts],
            base=[low for low, _ in parts],
            orientation="h",
            name=test,
            marker={"color": colour, "pattern": {"shape": pattern, "fgcolor": "white", "fgopacity": 0.5, "size": 7}},
            customdata=[
                (bar.parameter.label, parameter_text(bar.parameter, bar.low), parameter_text(bar.parameter, bar.high)) for bar in bars
            ],
            hovertemplate="%{customdata[0]} from %{customdata[1]} to %{customdata[2]}<extra></extra>",
        )
    _ends(figure, bars)
    figure.add_vline(x=difference, line={"color": QUIET_COLOUR, "width": 2, "dash": "dot"})
    figure.add_vline(x=0, line={"color": QUIET_COLOUR, "width": 2})
    framed(figure, "net benefit of X-ray minus PCR (units of benefit a patient)", "", height=height, view="tornado")
    reach = [edge for span in spans for edge in span] + [0.0, difference]
    margin = 0.2 * ((max(reach) - min(reach)) or 1.0)  # room for the numbers at the ends
    figure.update_xaxes(range=[min(reach) - margin, max(reach) + margin], tickformat="~s")
    figure.update_yaxes(autorange="reversed")
    figure.update_layout(barmode="overlay", bargap=0.35)
    return figure


def _ends(figure: go.Figure, bars: Sequence[TornadoBar]) -> None:
    for left in (True, False):
        places, texts = [], []
        for bar in bars:
            low_is_left = bar.at_low <= bar.at_high
            places.append(min(bar.at_low, bar.at_high) if left else max(bar.at_low, bar.at_high))
            texts.append(parameter_text(bar.parameter, bar.low if low_is_left == left else bar.high) if bar.swing else "")
        figure.add_scatter(
            x=places,
            y=[bar.parameter.symbol for bar in bars],
            mode="text",
            text=[f" {text} " for text in texts],
            textposition="middle left" if left else "middle right",
            showlegend=False,
            hoverinfo="skip",
            cliponaxis=False,
        )
