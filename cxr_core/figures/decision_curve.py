"""The decision curve of the shipped classifier."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from cxr_core.decision import DecisionCurve
from cxr_core.figures.frame import framed
from cxr_core.figures.theme import QUIET_COLOUR, XRAY_COLOUR, ChartLook

THRESHOLD_TITLE: Final = "threshold probability of COVID"
PER: Final = 100
"""Patients that avoided interventions are counted in."""


def decision_curve_figure(curve: DecisionCurve, *, height: int = 380, look: ChartLook | None = None) -> go.Figure:
    """Draw net benefit over threshold probabilities, for the classifier, for acting on everybody and on nobody.

    Parameters
    ----------
    curve : DecisionCurve
    height : int
        In pixels.
    look : ChartLook, optional

    Returns
    -------
    plotly.graph_objects.Figure
    """
    # Acting on everybody falls without end; what lies far below 0 tells nothing.
    top = max(curve.prevalence, 0.001)
    return _over_thresholds(
        curve,
        [
            _line("Act on the X-ray read", curve.model),
            _line("Act on everybody", curve.treat_all, QUIET_COLOUR, "dash", 2),
            _line("Act on nobody", curve.treat_none, QUIET_COLOUR, "dot", 2),
        ],
        {"title": "net benefit (true positives a patient)", "range": [-0.3 * top, 1.1 * top], "tickformat": ".2~g"},
        look,
        height=height,
        view="decision-curve",
    )


def gain_figure(curve: DecisionCurve, *, height: int = 300, look: ChartLook | None = None) -> go.Figure:
    """Draw what the classifier adds to the better of acting on everybody and on nobody, over threshold probabilities.

    Parameters
    ----------
    curve : DecisionCurve
    height : int
        In pixels.
    look : ChartLook, optional

    Returns
    -------
    plotly.graph_objects.Figure
    """
    gain = curve.gain
    top = max(float(gain.max()), 0.001)
    return _over_thresholds(
        curve,
        [_line("difference in net benefit", gain)],
        {"title": "difference in net benefit (true positives a patient)", "range": [-0.5 * top, 1.1 * top], "tickformat": ".2~g"},
        look,
        height=height,
        view="decision-gain",
        **_ALONE,
    )


def avoided_figure(curve: DecisionCurve, *, height: int = 300, look: ChartLook | None = None) -> go.Figure:
    """Draw the interventions that the classifier avoids in 100 patients, net, over threshold probabilities.

    Parameters
    ----------
    curve : DecisionCurve
    height : int
        In pixels.
    look : ChartLook, optional

    Returns
    -------
    plotly.graph_objects.Figure
    """
    return _over_thresholds(
        curve,
        [_line("interventions avoided", PER * curve.avoided) | {"hovertemplate": "%{y:.1f}"}],
        {"title": f"interventions avoided (net, in {PER} patients)", "range": [-0.1 * PER, 1.05 * PER], "tickformat": ".3~g"},
        look,
        height=height,
        view="decision-avoided",
        **_ALONE,
    )


_ALONE: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "showlegend": False,
        "shapes": [{"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": 0, "y1": 0, "line": {"color": QUIET_COLOUR, "width": 1.5}}],
    }
)
"""Layout of one line beside what it is compared with, which lies at 0."""


def _line(name: str, values: np.ndarray, colour: str = XRAY_COLOUR, dash: str = "solid", width: float = 3) -> dict[str, Any]:
    return {
        "y": values,
        "name": name,
        "mode": "lines",
        "line": {"color": colour, "dash": dash, "width": width},
        "hovertemplate": "%{y:.3~g}",
    }


def _over_thresholds(
    curve: DecisionCurve, lines: Sequence[Mapping[str, Any]], y_axis: Mapping[str, Any], look: ChartLook | None, **frame: Any
) -> go.Figure:
    return framed(
        [{"type": "scatter", "x": curve.thresholds, **line} for line in lines],
        {"title": THRESHOLD_TITLE, "range": [0, 1], "tickformat": "~%"},
        y_axis,
        look or ChartLook(),
        hovermode="x unified",
        **frame,
    )
