"""One-way sensitivity as a tornado: which parameter could turn the choice round."""

from collections.abc import Sequence

import plotly.graph_objects as go

from cxr_core.decision import TornadoBar
from cxr_core.figures.bars import bar_ends, bar_parts, bars_figure
from cxr_core.figures.theme import PCR_COLOUR, XRAY_COLOUR, ChartLook


def tornado_figure(bars: Sequence[TornadoBar], difference: float, *, height: int = 420, look: ChartLook | None = None) -> go.Figure:
    """Draw what each parameter's range does to the difference, the longest bar on top.

    The part of a bar on which X-ray is preferred has X-ray's colour, the other PCR's colour and stripes.

    Parameters
    ----------
    bars : sequence of TornadoBar
    difference : float
        The current one, X-ray minus PCR.
    height : int
        In pixels.
    look : ChartLook, optional

    Returns
    -------
    plotly.graph_objects.Figure
    """
    look = look or ChartLook()
    ends = [sorted(((bar.at_low, bar.low), (bar.at_high, bar.high)), key=lambda end: end[0]) for bar in bars]
    spans = [(left[0], right[0]) for left, right in ends]
    return bars_figure(
        [
            bar_parts(bars, "X-ray preferred", XRAY_COLOUR, [(max(low, 0.0), max(high, 0.0)) for low, high in spans], stripes=False),
            bar_parts(bars, "PCR preferred", PCR_COLOUR, [(min(low, 0.0), min(high, 0.0)) for low, high in spans], stripes=True),
            bar_ends(bars, "left", [left for left, _ in ends], look),
            bar_ends(bars, "right", [right for _, right in ends], look),
        ],
        "net benefit of X-ray minus PCR (units of benefit a patient)",
        [edge for span in spans for edge in span],
        difference,
        look,
        height=height,
        view="tornado",
    )
