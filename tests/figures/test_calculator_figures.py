"""The calculator's figures: they hold the results that they were given, and look the same everywhere."""

import itertools
import json

import numpy as np
import pytest

from cxr_core.decision import (
    PARAMETERS,
    CalculatorState,
    Strategy,
    acceptability,
    axis_values,
    break_even,
    compare,
    compare_strategies,
    decision_curve,
    default_ranges,
    histogram,
    prevalence_curves,
    prevalences,
    simulate,
    tornado,
    two_way,
)
from cxr_core.figures import (
    LINES,
    PCR_COLOUR,
    XRAY_COLOUR,
    Look,
    acceptability_figure,
    decision_curve_figure,
    difference_histogram_figure,
    difference_map_figure,
    net_benefit_figure,
    plot_config,
    tornado_figure,
)
from cxr_core.figures.palette import QUIET_COLOUR

PAGES = ("#ffffff", "#0d1117")


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
        "histogram": difference_histogram_figure(histogram(drawn), drawn.low, drawn.high),
        "acceptability": acceptability_figure(PARAMETERS["value"], places, acceptability(drawn, "value", places), state.value),
        "decision curve": decision_curve_figure(decision_curve(scores > 0.4, scores, np.linspace(0, 0.99, 12), state.prevalence)),
    }


def lightness(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    bright, dark = sorted((lightness(one), lightness(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("colour", sorted({line.colour for line in LINES.values()} | {QUIET_COLOUR}))
def test_every_line_stands_out_from_either_page(colour, page):
    assert contrast(colour, page) >= 3


def test_the_two_tests_differ_in_lightness_dash_and_symbol():
    assert contrast(XRAY_COLOUR, PCR_COLOUR) > 1.8
    for one, other in itertools.combinations(LINES.values(), 2):
        assert one.dash != other.dash
        assert one.symbol != other.symbol


@pytest.mark.parametrize(
    "fields",
    [{}, {"prevalence": 0}, {"value": 0}, {"cost_xray": 1e12}, {"cost_importance": 0, "sensitivity_xray": 1, "sensitivity_pcr": 1}],
)
def test_every_figure_can_be_drawn_and_says_what_its_axes_count(fields):
    for name, figure in all_figures(**fields).items():
        content = json.loads(figure.to_json())
        layout = content["layout"]
        assert layout["xaxis"]["title"]["text"], name
        assert layout["yaxis"]["title"]["text"] or name == "tornado", name
        assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "rgba(0,0,0,0)"
        assert layout["uirevision"]
        assert layout["xaxis"]["fixedrange"]
        assert any(trace.get("hovertemplate") for trace in content["data"]), name


def test_views_are_told_apart():
    views = [figure.layout.uirevision for figure in all_figures().values()]
    assert len(set(views)) == len(views) - 1  # the strategies are drawn in the figure of the net benefit


def test_ink_and_text_size_are_the_pages():
    figure, _ = net_benefit(look=Look("#123456", 20))
    assert figure.layout.xaxis.tickfont.color == figure.layout.font.color == "#123456"
    assert figure.layout.yaxis.title.font.size == figure.layout.annotations[0].font.size == 20


def test_png_button_names_the_file():
    config = plot_config("second-look-map")
    assert config["toImageButtonOptions"]["filename"] == "second-look-map"
    assert config["modeBarButtons"] == [["toImage"]]


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


def test_without_a_tie_nothing_is_claimed():
    figure, _ = net_benefit(cost_xray=80)
    assert [note.text for note in figure.layout.annotations] == ["<b>now 25%</b>"]


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
