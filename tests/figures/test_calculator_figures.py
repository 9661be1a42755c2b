"""The calculator's figures: they hold the results that they were given, and look the same everywhere."""

import json

import numpy as np
import pytest

from cxr_core.calculator import CalculatorState
from cxr_core.decision import (
    PARAMETERS,
    Strategy,
    acceptability,
    axis_values,
    break_even,
    compare,
    compare_strategies,
    decision_curve,
    default_ranges,
    frequencies,
    histogram,
    lead_tornado,
    prevalence_curves,
    prevalences,
    rank,
    simulate,
    tornado,
    two_way,
)
from cxr_core.figures import (
    ChartLook,
    acceptability_figure,
    avoided_figure,
    decision_curve_figure,
    difference_histogram_figure,
    difference_map_figure,
    frequency_tree_figure,
    gain_figure,
    icon_array_figure,
    lead_figure,
    net_benefit_figure,
    tornado_figure,
)
from cxr_core.figures.theme import PCR_COLOUR, XRAY_COLOUR


def compared(**fields):
    state = CalculatorState(**fields)
    return state, (state.xray(), state.pcr(), state.scenario())


def net_benefit(log=False, sequential=False, look=None, **fields):
    state, tests = compared(**fields)
    curves = prevalence_curves(*tests, prevalences(None if log else 1.0), sequential=sequential)
    here = {result.strategy: result.net_benefit for result in compare_strategies(*tests) if result.strategy in curves.net_benefit}
    return net_benefit_figure(curves, state.prevalence, here, log=log, look=look), curves


def difference_map(**fields):
    state, tests = compared(**fields)
    x, y = (break_even(name, *tests) for name in (state.map_x, state.map_y))
    grid = two_way(state.map_x, state.map_y, axis_values(x), axis_values(y), xray=tests[0], pcr=tests[1], scenario=tests[2])
    return difference_map_figure(grid, x.current, y.current), grid


def all_figures(**fields):
    state, tests = compared(**fields)
    drawn = simulate(*tests, state.uncertainty())
    places = axis_values(break_even("value", *tests))
    scores = np.linspace(0, 1, 50)
    return {
        "net benefit": net_benefit(**fields)[0],
        "strategies": net_benefit(sequential=True, log=True, **fields)[0],
        "map": difference_map(**fields)[0],
        "tornado": tornado_figure(tornado(*tests, default_ranges(*tests)), compare(*tests).difference),
        "lead": lead_figure(lead_tornado(*tests, default_ranges(*tests)), rank(*tests).best[0], rank(*tests).lead),
        "histogram": difference_histogram_figure(histogram(drawn), drawn.low, drawn.high),
        "acceptability": acceptability_figure(PARAMETERS["value"], places, acceptability(drawn, "value", places), state.value),
        "decision curve": decision_curve_figure(decision_curve(scores > 0.4, scores, np.linspace(0, 0.99, 12), state.prevalence)),
    }


@pytest.mark.parametrize(
    "fields",
    [{}, {"prevalence": 0}, {"value": 0}, {"cost_xray": 1e12}, {"cost_importance": 0, "sensitivity_xray": 1, "sensitivity_pcr": 1}],
)
def test_every_figure_can_be_drawn_and_says_what_its_axes_count(fields):
    for name, figure in all_figures(**fields).items():
        content = json.loads(figure.to_json())
        layout = content["layout"]
        assert layout["xaxis"]["title"]["text"], name
        assert layout["yaxis"]["title"]["text"] or name in ("tornado", "lead"), name
        assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "rgba(0,0,0,0)"
        assert layout["uirevision"]
        assert layout["xaxis"]["fixedrange"]
        assert any(trace.get("hovertemplate") for trace in content["data"]), name


def test_views_are_told_apart():
    views = [figure.layout.uirevision for figure in all_figures().values()]
    assert len(set(views)) == len(views) - 1  # the strategies are drawn in the figure of the net benefit


def test_ink_and_text_size_are_the_pages():
    figure, _ = net_benefit(look=ChartLook("#123456", "#fedcba", 20))
    assert figure.layout.xaxis.tickfont.color == figure.layout.font.color == "#123456"
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "#fedcba"
    assert figure.layout.yaxis.title.font.size == figure.layout.annotations[0].font.size == 20


def test_net_benefit_lines_are_the_curves_and_the_tie_is_marked():
    figure, curves = net_benefit()
    assert [trace.name for trace in figure.data[:2]] == ["X-ray", "PCR"]
    for trace, values in zip(figure.data, curves.net_benefit.values(), strict=False):
        assert np.array_equal(trace.y, values)
    texts = [note.text for note in figure.layout.annotations]
    assert "<b>tie at 30.8%</b>" in texts
    assert "<b>now 25%</b>" in texts
    assert {"X-ray preferred", "PCR preferred"} <= set(texts)
    rectangles = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert rectangles[0].x1 == rectangles[1].x0 == pytest.approx(curves.crossing.value)


def test_region_names_follow_who_wins_below_the_tie():
    def order(**fields):
        notes = [note for note in net_benefit(**fields)[0].layout.annotations if note.text.endswith("preferred")]
        return [note.text for note in sorted(notes, key=lambda note: note.x)]

    assert order() == ["X-ray preferred", "PCR preferred"]
    assert order(sensitivity_xray=0.99, sensitivity_pcr=0.92, cost_xray=80) == ["PCR preferred", "X-ray preferred"]


def test_without_a_tie_one_test_has_the_whole_plot():
    figure, _ = net_benefit(cost_xray=80)
    assert [note.text for note in figure.layout.annotations] == ["PCR preferred", "<b>now 25%</b>"]
    figure, _ = net_benefit(sensitivity_xray=0.985, cost_xray=50)  # the two tie everywhere
    assert [note.text for note in figure.layout.annotations] == ["<b>now 25%</b>"]


def test_shading_names_the_best_of_all_strategies_where_all_are_compared():
    figure, curves = net_benefit(sequential=True, prevalence=0.6)
    shades = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert [(shape.x0, shape.x1) for shape in shades] == [(region.start, region.end) for region in curves.regions]
    assert len({shape.fillcolor for shape in shades}) == 4
    texts = [note.text for note in figure.layout.annotations]
    assert "Best: X-ray,<br>then PCR if negative" in texts
    assert "<b>tie at 50.2%</b>" in texts
    assert not any("preferred" in text for text in texts)


def test_names_of_regions_and_axes_are_written_where_there_is_room():
    state, tests = compared(prevalence=0.6)
    curves = prevalence_curves(*tests, prevalences(1.0))
    here = {result.strategy: result.net_benefit for result in compare_strategies(*tests) if result.strategy in curves.net_benefit}
    for width, height, named, title in ((570, 400, True, "net benefit ("), (100, 150, False, "net benefit<br>(")):
        figure = net_benefit_figure(curves, state.prevalence, here, width=width, height=height)
        assert any("preferred" in note.text for note in figure.layout.annotations) is named
        assert figure.layout.yaxis.title.text.startswith(title)


def test_now_and_tie_are_never_written_alike():
    texts = [note.text for note in net_benefit(prevalence=0.308)[0].layout.annotations]
    assert {"<b>now 30.8%</b>", "<b>tie at 30.77%</b>"} <= set(texts)


def test_logarithmic_axis_reaches_from_one_in_ten_thousand_to_all():
    figure, _ = net_benefit(log=True, prevalence=0.001)
    assert figure.layout.xaxis.type == "log"
    assert figure.layout.xaxis.range == pytest.approx((-4, 0))
    now = next(note for note in figure.layout.annotations if note.text.startswith("<b>now"))
    assert now.x == pytest.approx(0.25)
    assert 0.001 in figure.layout.xaxis.tickvals


def test_all_strategies_are_drawn_with_their_points():
    figure, _ = net_benefit(sequential=True)
    assert [trace.name for trace in figure.data[:5]] == [strategy.value for strategy in Strategy]
    assert sum(trace.mode == "markers" for trace in figure.data) == 5


def test_points_where_tests_are_as_good_are_both_seen():
    figure, _ = net_benefit()
    sizes = [trace.marker.size for trace in figure.data if trace.mode == "markers"]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == len(sizes)


def test_map_holds_the_grid_its_line_and_the_current_point():
    figure, grid = difference_map()
    surface, line, point = figure.data
    assert np.array_equal(surface.z, grid.difference)
    assert surface.zmin == -surface.zmax
    assert np.array_equal(np.column_stack([line.x, line.y]), grid.contour[0])
    assert (point.x[0], point.y[0]) == (0.25, 1000)
    assert {note.text for note in figure.layout.annotations} == {"<b>X-ray preferred</b>", "<b>PCR preferred</b>"}


def test_map_names_only_who_is_preferred_somewhere():
    figure, _ = difference_map(cost_xray=80)
    assert {note.text for note in figure.layout.annotations} == {"<b>PCR preferred</b>"}
    figure, _ = difference_map(sensitivity_xray=0.985, cost_xray=50)
    assert not figure.layout.annotations


def test_tornado_splits_each_bar_where_the_choice_turns():
    _, tests = compared()
    bars = tornado(*tests, default_ranges(*tests))
    figure = tornado_figure(bars, compare(*tests).difference)
    xray, pcr = figure.data[:2]
    assert list(xray.y) == [bar.parameter.symbol for bar in bars]
    for bar, right, base, left, start in zip(bars, xray.x, xray.base, pcr.x, pcr.base, strict=True):
        assert right + left == pytest.approx(bar.swing)
        assert base >= 0
        assert start <= 0
    assert pcr.marker.pattern.shape == "/"
    assert xray.marker.color == XRAY_COLOUR


def test_lead_splits_each_bar_where_another_takes_over():
    _, tests = compared(prevalence=0.6, sequential=True)
    bars, ranking = lead_tornado(*tests, default_ranges(*tests)), rank(*tests)
    figure = lead_figure(bars, ranking.best[0], ranking.lead)
    kept, *lost = [trace for trace in figure.data if trace.type == "bar"]
    assert kept.name == "X-ray, then PCR if negative best"
    assert {trace.name for trace in lost} == {f"{bar.best_at_least.value} best" for bar in bars if bar.least < 0}
    for number, bar in enumerate(bars):
        assert kept.x[number] + sum(trace.x[number] for trace in lost) == pytest.approx(bar.swing)
    assert all(trace.marker.pattern.shape == "/" for trace in lost)
    assert "X-ray then PCR if negative" in figure.layout.xaxis.title.text


def test_histogram_bars_are_coloured_by_who_is_preferred():
    state, tests = compared(spread=0.2)
    drawn = simulate(*tests, state.uncertainty())
    figure = difference_histogram_figure(histogram(drawn), drawn.low, drawn.high)
    xray, pcr = figure.data
    assert min(xray.x) > 0 > max(pcr.x)
    assert sum(xray.y) + sum(pcr.y) == len(drawn.difference)
    assert (xray.marker.color, pcr.marker.color) == (XRAY_COLOUR, PCR_COLOUR)


def test_acceptability_marks_the_current_value():
    figure = all_figures()["acceptability"]
    assert figure.layout.annotations[0].x == 1000
    assert figure.layout.annotations[0].text == "<b>now 1,000</b>"
    assert set(figure.data[0].y) <= set(np.arange(10_001) / 10_000)


def test_decision_curve_is_cut_off_not_far_below_zero():
    figure = all_figures(prevalence=0.01)["decision curve"]
    assert [trace.name for trace in figure.data] == ["Act on the X-ray read", "Act on everybody", "Act on nobody"]
    assert figure.layout.yaxis.range == pytest.approx((-0.003, 0.011))


def test_difference_and_interventions_avoided_hold_the_curves_results():
    scores = np.linspace(0, 1, 50)
    curve = decision_curve(scores > 0.4, scores, np.linspace(0, 0.99, 12), 0.2)
    assert np.array_equal(gain_figure(curve).data[0].y, curve.gain)
    assert np.array_equal(avoided_figure(curve).data[0].y, 100 * curve.avoided, equal_nan=True)
    assert "in 100 patients" in avoided_figure(curve).layout.yaxis.title.text


COUNTS = frequencies(0.25, 0.92, 0.9)


def test_every_patient_is_an_icon_and_the_sick_have_the_same_places_in_both_tests():
    figure = icon_array_figure(COUNTS, "xray")
    assert {trace.name: len(trace.x) for trace in figure.data} == {"found": 230, "missed": 20, "falsely alarmed": 75, "cleared": 675}
    places = [(x, y) for trace in figure.data for x, y in zip(trace.x, trace.y, strict=True)]
    assert len(set(places)) == 1000
    other = icon_array_figure(frequencies(0.25, 0.5, 1), "pcr")

    def sick(drawn):
        return {(x, y) for trace in drawn.data[:2] for x, y in zip(trace.x, trace.y, strict=True)}

    assert sick(figure) == sick(other)


def test_groups_differ_in_shape_and_colour():
    markers = [trace.marker for trace in icon_array_figure(COUNTS, "xray").data]
    assert len({marker.symbol for marker in markers}) == len({marker.color for marker in markers}) == 4


def test_more_patients_than_icons_are_refused():
    with pytest.raises(ValueError, match="1,001 patients"):
        icon_array_figure(frequencies(0.25, 0.92, 0.9, 1001), "xray")


def test_tree_holds_every_count():
    figure = frequency_tree_figure(COUNTS, "xray")
    assert [note.text for note in figure.layout.annotations] == [
        "<b>1,000</b><br>patients",
        "<b>250</b><br>with COVID",
        "<b>750</b><br>without",
        "<b>230</b><br>found",
        "<b>20</b><br>missed",
        "<b>75</b><br>falsely<br>alarmed",
        "<b>675</b><br>cleared",
    ]
    assert list(figure.data[0].x).count(None) == 6  # a gap after every branch


def test_amounts_on_axes_are_written_in_full_unless_they_are_long():
    assert all_figures()["acceptability"].layout.xaxis.tickformat == ",.4~g"  # never 500m for a half
    assert all_figures(value=50_000)["acceptability"].layout.xaxis.tickformat == "~s"
