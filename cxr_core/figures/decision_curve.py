"""The decision curve of the shipped classifier."""

import plotly.graph_objects as go

from cxr_core.decision import DecisionCurve
from cxr_core.figures.palette import QUIET_COLOUR, XRAY_COLOUR, Look, framed


def decision_curve_figure(curve: DecisionCurve, *, height: int = 380, look: Look | None = None) -> go.Figure:
    """Draw net benefit over threshold probabilities, for the classifier, for acting on everybody and on nobody.

    Parameters
    ----------
    curve : DecisionCurve
    height : int
        In pixels.
    look : Look, optional

    Returns
    -------
    plotly.graph_objects.Figure
    """
    lines = (
        ("Act on the X-ray read", curve.model, XRAY_COLOUR, "solid", 3),
        ("Act on everybody", curve.treat_all, QUIET_COLOUR, "dash", 2),
        ("Act on nobody", curve.treat_none, QUIET_COLOUR, "dot", 2),
    )
    # Acting on everybody falls without end; what lies far below 0 tells nothing.
    top = max(curve.prevalence, 0.001)
    return framed(
        [
            {
                "type": "scatter",
                "x": curve.thresholds,
                "y": values,
                "name": name,
                "mode": "lines",
                "line": {"color": colour, "dash": dash, "width": width},
                "hovertemplate": "%{y:.3~g}",
            }
            for name, values, colour, dash, width in lines
        ],
        {"title": "threshold probability of COVID", "range": [0, 1], "tickformat": "~%"},
        {"title": "net benefit (true positives a patient)", "range": [-0.3 * top, 1.1 * top], "tickformat": ".2~g"},
        look or Look(),
        height=height,
        view="decision-curve",
        hovermode="x unified",
    )
