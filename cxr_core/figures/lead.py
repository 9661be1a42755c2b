"""One-way sensitivity of the best of several strategies as a tornado: which parameter could let another take over."""

from collections.abc import Sequence

import plotly.graph_objects as go

from cxr_core.calculator import STRATEGY_NAMES
from cxr_core.decision import LeadBar, Strategy
from cxr_core.figures.bars import bar_ends, bar_parts, bars_figure
from cxr_core.figures.theme import STRATEGY_STYLES, ChartLook


def lead_figure(bars: Sequence[LeadBar], leader: Strategy, lead: float, *, height: int = 420, look: ChartLook | None = None) -> go.Figure:
    """Draw what each parameter's range does to the lead of the best strategy, the longest bar on top.

    The part of a bar on which it stays the best has its colour. The other part is striped and has the colour of the strategy that is best
    at that end.

    Parameters
    ----------
    bars : sequence of LeadBar
    leader : Strategy
        The best now.
    lead : float
        Its lead now.
    height : int
        In pixels.
    look : ChartLook, optional

    Returns
    -------
    plotly.graph_objects.Figure
    """
    look = look or ChartLook()
    others = dict.fromkeys(bar.best_at_least for bar in bars if bar.best_at_least is not leader)
    kept = [(max(bar.least, 0.0), max(bar.most, 0.0)) for bar in bars]
    lost = [
        (other, [(min(bar.least, 0.0), min(bar.most, 0.0)) if bar.best_at_least is other else (0.0, 0.0) for bar in bars])
        for other in others
    ]
    return bars_figure(
        [
            bar_parts(bars, f"{leader.value} best", STRATEGY_STYLES[leader].colour, kept, stripes=False),
            *(bar_parts(bars, f"{other.value} best", STRATEGY_STYLES[other].colour, spans, stripes=True) for other, spans in lost),
            bar_ends(bars, "left", [(bar.least, bar.least_at) for bar in bars], look),
            bar_ends(bars, "right", [(bar.most, bar.most_at) for bar in bars], look),
        ],
        f"net benefit of {STRATEGY_NAMES[leader]} less that of the best other (units of benefit a patient)",
        [edge for bar in bars for edge in (bar.least, bar.most)],
        lead,
        look,
        height=height,
        view="lead",
    )
