"""Charts of the saliency checks show the numbers that they are given."""

import json

import pytest

from cxr_core.artifacts import Mean
from cxr_core.figures import agreement_figure, patch_curve_figure, randomised_figure
from cxr_core.figures.theme import CLEAR
from tests.cards import drawn_saliency

FIGURES = {
    "deletion": lambda: patch_curve_figure(drawn_saliency().deletion, "taken away"),
    "randomised": lambda: randomised_figure(drawn_saliency().randomised, drawn_saliency().other_film),
    "agreement": lambda: agreement_figure(drawn_saliency().agreement),
}


@pytest.fixture(params=FIGURES)
def figure(request):
    return FIGURES[request.param]()


def test_every_axis_has_a_name(figure):
    assert all(axis.title.text or axis.ticktext for axis in (*figure.select_xaxes(), *figure.select_yaxes()))


def test_chart_can_be_sent_and_its_background_is_the_pages(figure):
    assert json.loads(figure.to_json())["data"]
    assert figure.layout.paper_bgcolor == CLEAR
    assert figure.layout.dragmode is False
    assert all(trace.hovertemplate or trace.hoverinfo == "skip" for trace in figure.data)


def test_curves_stand_beside_those_of_a_random_order():
    curve = drawn_saliency().deletion
    by_saliency, at_random = patch_curve_figure(curve, "taken away").data
    assert tuple(by_saliency.x) == tuple(curve.fraction)
    assert tuple(by_saliency.y) == tuple(curve.by_saliency)
    assert tuple(at_random.y) == tuple(curve.at_random)
    assert str(curve.area) in by_saliency.name
    assert by_saliency.line.dash != at_random.line.dash


def test_randomised_stages_are_rows_beside_the_line_of_other_films():
    result = drawn_saliency()
    values, line = randomised_figure(result.randomised, result.other_film).data
    assert tuple(values.x) == tuple(stage.correlation.value for stage in result.randomised)
    assert set(line.x) == {result.other_film.value}
    figure = randomised_figure(result.randomised, Mean(value=None))
    assert len(figure.data) == 1


def test_negative_correlations_are_in_view():
    stages = [stage.model_copy(update={"correlation": Mean(value=-0.6, low=-0.8, high=-0.4)}) for stage in drawn_saliency().randomised]
    assert randomised_figure(stages, Mean(value=0.1)).layout.xaxis.range[0] < -0.8


def test_agreement_has_a_number_a_cell():
    agreement = drawn_saliency().agreement
    figure = agreement_figure(agreement)
    texts = {(note.y, note.x): note.text for note in figure.layout.annotations}
    assert texts == {(one, other): f"{value:.2f}" for one, row in agreement.items() for other, value in row.items()}
