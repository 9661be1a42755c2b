"""Natural frequencies drawn: a patient an icon, and the tree of their counts."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from cxr_core.decision import Frequencies
from cxr_core.figures.frame import framed
from cxr_core.figures.theme import FREQUENCY_STYLES, QUIET_COLOUR, ChartLook

MOST_ICONS: Final = 1000
COLUMNS: Final = 40

_LEAVES: Final = (("found", 0.1), ("missed", 0.37), ("alarms", 0.63), ("cleared", 0.9))
_BRANCHES: Final = ((0.235, 0.1), (0.235, 0.37), (0.765, 0.63), (0.765, 0.9))
_TOP, _MIDDLE, _BOTTOM = 0.92, 0.53, 0.12
_ROOM: Final = 0.14
"""Height that a label takes of the tree."""


def icon_array_figure(counts: Frequencies, name: str, *, height: int = 300, look: ChartLook | None = None) -> go.Figure:
    """Draw every patient as an icon, in the order found, missed, falsely alarmed, cleared.

    The sick come first, so two tests of the same patients have the same patients in the same places. Colour and shape both tell the
    groups apart.

    Parameters
    ----------
    counts : Frequencies
        Of at most 1,000 patients.
    name : str
        Of the test.
    height : int
        In pixels.
    look : ChartLook, optional

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    ValueError
        There are more patients than icons.
    """
    if counts.patients > MOST_ICONS:
        raise ValueError(f"{counts.patients:,} patients are more than the {MOST_ICONS:,} icons")
    rows = -(-counts.patients // COLUMNS)
    return _without_axes(
        _icons(counts), (-0.6, COLUMNS - 0.4), (rows - 0.4, -0.6), look or ChartLook(), height=height, view=f"icons-{name}"
    )


def frequency_tree_figure(counts: Frequencies, name: str, *, height: int = 270, look: ChartLook | None = None) -> go.Figure:
    """Draw the tree of counts: all patients, those with and without COVID, and what the test says of each.

    Parameters
    ----------
    counts : Frequencies
    name : str
        Of the test.
    height : int
        In pixels.
    look : ChartLook, optional

    Returns
    -------
    plotly.graph_objects.Figure
    """
    look = look or ChartLook()
    notes = [
        _node(0.5, _TOP, counts.patients, "patients", look),
        _node(0.235, _MIDDLE, counts.sick, "with COVID", look),
        _node(0.765, _MIDDLE, counts.well, "without", look),
    ]
    notes += [
        _node(place, _BOTTOM, getattr(counts, leaf), FREQUENCY_NAMES[leaf].replace(" ", "<br>"), look, FREQUENCY_STYLES[leaf].colour)
        for leaf, place in _LEAVES
    ]
    branches = [((0.5, _TOP), (0.235, _MIDDLE)), ((0.5, _TOP), (0.765, _MIDDLE))]
    branches += [((start, _MIDDLE), (end, _BOTTOM)) for start, end in _BRANCHES]
    return _without_axes([_lines(branches)], (0, 1), (0, 1), look, height=height, view=f"tree-{name}", annotations=notes)


FREQUENCY_NAMES: Final = {"found": "found", "missed": "missed", "alarms": "falsely alarmed", "cleared": "cleared"}
"""Of each group, for people."""


def _without_axes(
    traces: Sequence[dict[str, Any]], across: tuple[float, float], down: tuple[float, float], look: ChartLook, **frame: Any
) -> go.Figure:
    x_axis, y_axis = (
        {"title": "", "showticklabels": False, "showgrid": False, "ticks": "", "automargin": False, "range": list(ends)}
        for ends in (across, down)
    )
    return framed(traces, x_axis, y_axis, look, margin={"l": 0, "r": 0, "t": 4, "b": 0}, showlegend=False, **frame)


def _icons(counts: Frequencies) -> Sequence[dict[str, Any]]:
    traces, first = [], 0
    for group, label in FREQUENCY_NAMES.items():
        number = getattr(counts, group)
        places = np.arange(first, first + number)
        style = FREQUENCY_STYLES[group]
        traces.append(
            {
                "type": "scatter",
                "x": places % COLUMNS,
                "y": places // COLUMNS,
                "mode": "markers",
                "name": label,
                "marker": {"color": style.colour, "symbol": style.symbol, "size": style.size, "opacity": 1},
                "hovertemplate": f"{number:,} {label}<extra></extra>",
            }
        )
        first += number
    return traces


def _node(x: float, y: float, count: int, label: str, look: ChartLook, colour: str | None = None) -> dict[str, Any]:
    return {
        "x": x,
        "y": y,
        "text": f"<b>{count:,}</b><br>{label}",
        "showarrow": False,
        "bgcolor": look.ground if look.ground.startswith("#") else "rgba(0,0,0,0)",
        "bordercolor": colour or QUIET_COLOUR,
        "borderwidth": 2 if colour else 1,
        "borderpad": 4,
    }


def _lines(branches: Sequence[tuple[tuple[float, float], tuple[float, float]]]) -> dict[str, Any]:
    """Draw all branches of the tree as one trace, which is quicker than a shape each."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for (start, _), (end, _) in branches for x in (start, end, None)],
        "y": [y for (_, start), (_, end) in branches for y in (start - _ROOM / 2, end + _ROOM / 2, None)],
        "line": {"color": QUIET_COLOUR, "width": 1.5},
        "hoverinfo": "skip",
    }
