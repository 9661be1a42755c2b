"""Values with their intervals, a row each: runs of a study side by side, and what is left when a part of the film is blanked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

import plotly.graph_objects as go

from cxr_core.figures.chart import finish, row_axis, whiskers
from cxr_core.figures.theme import ACCENT, QUIET_COLOUR, SECOND
from cxr_core.stats import Interval

_ROW_HEIGHT = 60
_LINE_HEIGHT = 16
_LABEL_WIDTH = 20  # characters
_REST_HEIGHT = 150
_APART = 0.13


def study_figure(accuracy: Mapping[str, Interval], covid_recall: Mapping[str, Interval]) -> go.Figure:
    """Draw accuracy and COVID recall of several classifiers, a row each.

    Parameters
    ----------
    accuracy, covid_recall : mapping of str to Interval
        By the classifier's title, the same titles in both.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    titles = list(accuracy)
    figure = go.Figure(
        [
            whiskers("accuracy", ACCENT, titles, [row - _APART for row in range(len(titles))], list(accuracy.values())),
            whiskers("COVID recall", SECOND, titles, [row + _APART for row in range(len(titles))], [covid_recall[t] for t in titles]),
        ]
    )
    figure.update_xaxes(title="share of films (95% interval)")
    lines = [wrap(title, _LABEL_WIDTH) for title in titles]  # so that a narrow screen has room for the chart
    row_axis(figure, ["<br>".join(label) for label in lines])
    height = max([_ROW_HEIGHT, *(_LINE_HEIGHT * (len(label) + 1) for label in lines)])
    return finish(figure, _REST_HEIGHT + height * len(titles))


@dataclass(frozen=True)
class AuditRow:
    """A row of the audits' chart: what was shown, how it fared, and what guessing would reach."""

    name: str
    value: Interval
    chance: float


def audit_figure(rows: Sequence[AuditRow], quantity: str) -> go.Figure:
    """Draw how a classifier fares on changed films, each beside its line of chance.

    Parameters
    ----------
    rows : sequence of AuditRow
        From top to bottom.
    quantity : str
        What the values are, for the axis.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    names, positions = [row.name for row in rows], list(range(len(rows)))
    figure = go.Figure(
        [
            whiskers(quantity, ACCENT, names, positions, [row.value for row in rows]),
            go.Scatter(
                x=[row.chance for row in rows],
                y=positions,
                mode="markers",
                marker={"symbol": "line-ns", "size": 26, "line": {"color": QUIET_COLOUR, "width": 3}},
                name="chance",
                customdata=names,
                hovertemplate="%{customdata}<br>chance %{x:.3f}<extra></extra>",
            ),
        ]
    )
    figure.update_xaxes(title=f"{quantity} (95% interval)", range=[0, 1.02])
    row_axis(figure, names)
    return finish(figure, _REST_HEIGHT + _ROW_HEIGHT * len(rows))
