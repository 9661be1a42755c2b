"""Charts of how far saliency maps can be believed."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from cxr_core.artifacts import Mean, PatchCurve, RandomisedStage
from cxr_core.figures.chart import finish, row_axis, whiskers
from cxr_core.figures.matrix import matrix_figure
from cxr_core.figures.theme import ACCENT, QUIET_COLOUR, LineStyle

_RANDOM = LineStyle(QUIET_COLOUR, "dash", "square")
_ROW_HEIGHT = 60
_REST_HEIGHT = 150


def patch_curve_figure(curve: PatchCurve, done: str) -> go.Figure:
    """Draw a deletion or an insertion curve beside that of a random order.

    Parameters
    ----------
    curve : PatchCurve
    done : str
        What happens to the patches, such as "taken away".

    Returns
    -------
    plotly.graph_objects.Figure
    """
    lines = (
        (f"most salient first, area {curve.area}", curve.by_saliency, ACCENT),
        (f"in a random order, area {curve.random_area}", curve.at_random, _RANDOM),
    )
    figure = go.Figure(
        [
            go.Scatter(
                x=curve.fraction,
                y=values,
                mode="lines+markers",
                line=style.line,
                marker={"symbol": style.symbol, "size": 8},
                name=name,
                hovertemplate=f"%{{x:.0%}} {done}<br>probability %{{y:.3f}}<extra></extra>",
            )
            for name, values, style in lines
        ]
    )
    figure.update_xaxes(title=f"share of the film {done}", range=[-0.02, 1.02], tickformat="~%", automargin=True)
    figure.update_yaxes(title="mean probability of the top class", range=[0, 1.02], automargin=True)
    return finish(figure, 400)


def randomised_figure(stages: Sequence[RandomisedStage], other_film: Mean) -> go.Figure:
    """Draw how the maps lose their likeness to the trained network's as it is randomised from the top.

    Parameters
    ----------
    stages : sequence of RandomisedStage
        From the last layer alone to all of them.
    other_film : Mean
        Likeness of maps of different films, drawn as the line that a map which follows network and film should fall to.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    names, values = [stage.layers for stage in stages], [stage.correlation for stage in stages]
    figure = go.Figure(whiskers("rank correlation", ACCENT, names, list(range(len(names))), values))
    if other_film.value is not None:
        figure.add_scatter(
            x=[other_film.value, other_film.value],
            y=[-0.5, len(names) - 0.5],
            mode="lines",
            line=_RANDOM.line,
            name=f"maps of different films, {other_film}",
            hoverinfo="skip",
        )
    lows = [bound for mean in (*values, other_film) if (bound := mean.value if mean.low is None else mean.low) is not None]
    figure.update_xaxes(
        title="rank correlation with the trained<br>network's map (95% interval)", range=[min(-0.1, *lows) - 0.05, 1.02], automargin=True
    )
    row_axis(figure, [name.replace(" and ", " and<br>", 1) for name in names])
    return finish(figure, _REST_HEIGHT + _ROW_HEIGHT * len(names))


def agreement_figure(agreement: Mapping[str, Mapping[str, float]]) -> go.Figure:
    """Draw the mean rank correlation of each two saliency methods.

    Parameters
    ----------
    agreement : mapping of str to mapping of str to float
        By the name of one method and of the other.

    Returns
    -------
    plotly.graph_objects.Figure
    """
    names = list(agreement)
    values = [[agreement[one][other] for other in names] for one in names]
    texts = [[f"{value:.2f}" for value in row] for row in values]
    figure = matrix_figure(names, values, texts, "%{y} and %{x}<br>rank correlation %{z:.2f}<extra></extra>")
    figure.update_xaxes(title="method", automargin=True)
    figure.update_yaxes(title="method")
    return finish(figure, 360, legend_below=False)
