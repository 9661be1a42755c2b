"""The confusion matrix as a chart."""

from collections.abc import Sequence

import plotly.graph_objects as go

from cxr_core.figures.chart import finish
from cxr_core.figures.matrix import matrix_figure
from cxr_core.labels import CLASS_NAMES, in_words


def confusion_figure(confusion: Sequence[Sequence[int]], names: Sequence[str] = CLASS_NAMES) -> go.Figure:
    """Draw a confusion matrix: counts, and the share of its row that each is.

    Parameters
    ----------
    confusion : sequence of sequences of int
        A row a true class, a column a predicted one.
    names : sequence of str
        Of the classes, in order, as data have them.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    shares = [[count / max(1, sum(row)) for count in row] for row in confusion]
    texts = [
        [f"<b>{count:,}</b><br>{share:.1%}" for count, share in zip(counts, row, strict=True)]
        for counts, row in zip(confusion, shares, strict=True)
    ]
    hover = "%{customdata} films of %{y} called %{x}<br>%{z:.1%} of this class<extra></extra>"
    figure = matrix_figure([in_words(name) for name in names], shares, texts, hover, confusion)
    figure.update_xaxes(title="called (top class)")
    figure.update_yaxes(title="class of the film")
    return finish(figure, 420, legend_below=False)
