"""Charts of results show the numbers that they are given, on axes with names."""

import json

import pytest

from cxr_core.artifacts import Curve, ReliabilityBin
from cxr_core.figures import (
    AuditRow,
    accuracy_figure,
    audit_figure,
    confusion_figure,
    loss_figure,
    precision_recall_figure,
    reliability_figure,
    roc_figure,
    set_sizes_figure,
    study_figure,
)
from cxr_core.figures.theme import CLEAR, FONT
from cxr_core.labels import CLASS_NAMES, in_words
from cxr_core.stats import Interval
from tests.cards import drawn_history

CONFUSION = [[9, 1, 0, 0], [1, 8, 1, 0], [0, 0, 20, 0], [0, 0, 0, 0]]
CURVES = {
    "COVID": Curve(x=[0, 0.1, 1], y=[0, 0.9, 1], threshold=[None, 0.5, 0.1]),
    "Normal": Curve(x=[0, 0.3, 1], y=[0, 0.8, 1], threshold=[None, 0.6, 0.2]),
}
AREAS = {"COVID": Interval(value=0.95, low=0.9, high=0.99), "Normal": Interval(value=0.8)}
BINS = [
    ReliabilityBin(low=0.4, high=0.6, films=10, confidence=0.5, accuracy=0.4),
    ReliabilityBin(low=0.8, high=1.0, films=1200, confidence=0.95, accuracy=0.97),
]
ROWS = [
    AuditRow("Whole film", Interval(value=0.9, low=0.85, high=0.95), 0.25),
    AuditRow("Border only", Interval(value=0.3, low=0.2, high=0.4), 0.25),
]
STUDY = {"DenseNet121, ImageNet weights": Interval(value=0.9, low=0.8, high=0.95), "MobileNetV2, random weights": Interval(value=0.7)}

SIZES = [0.01, 0.9, 0.08, 0.01, 0.0]
FIGURES = {
    "confusion": lambda: confusion_figure(CONFUSION),
    "roc": lambda: roc_figure(CURVES, AREAS),
    "precision-recall": lambda: precision_recall_figure(CURVES, AREAS, {"COVID": 0.3, "Normal": 0.5}),
    "reliability": lambda: reliability_figure(BINS),
    "calibration": lambda: reliability_figure(BINS, BINS[:1]),
    "set sizes": lambda: set_sizes_figure(SIZES),
    "loss": lambda: loss_figure(drawn_history()),
    "accuracy": lambda: accuracy_figure(drawn_history()),
    "study": lambda: study_figure(STUDY, STUDY),
    "audits": lambda: audit_figure(ROWS, "macro recall"),
}


@pytest.fixture(params=FIGURES)
def figure(request):
    return FIGURES[request.param]()


def test_every_axis_of_numbers_has_a_name(figure):
    axes = [*figure.select_xaxes(), *figure.select_yaxes()]
    for axis in axes:
        assert axis.title.text or axis.ticktext or axis.showticklabels is False or axis.matches


def test_ground_is_left_to_the_page(figure):
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == CLEAR
    assert figure.layout.font.family == FONT


def test_chart_can_be_sent_and_does_not_trap_the_page(figure):
    assert json.loads(figure.to_json())["data"]
    assert figure.layout.dragmode is False


def test_every_shown_trace_says_what_it_is_under_the_pointer(figure):
    assert all(trace.hovertemplate or trace.hoverinfo == "skip" for trace in figure.data)


def test_lines_differ_in_more_than_colour(figure):
    looks = [(trace.line.dash, trace.line.width, trace.marker.symbol) for trace in figure.data if trace.type == "scatter"]
    colours = [trace.line.color for trace in figure.data if trace.type == "scatter"]
    assert len(set(zip(looks, colours, strict=True))) == len(looks)
    assert len(set(looks)) == len(looks)


def test_confusion_has_counts_and_row_shares():
    figure = confusion_figure(CONFUSION)
    (heat,) = figure.data
    assert tuple(heat.x) == tuple(heat.y) == tuple(map(in_words, CLASS_NAMES))
    assert [list(row) for row in heat.customdata] == CONFUSION
    assert list(heat.z[1]) == [0.1, 0.8, 0.1, 0]
    assert list(heat.z[3]) == [0, 0, 0, 0]
    assert figure.layout.yaxis.autorange == "reversed"
    texts = {(note.y, note.x): note.text for note in figure.layout.annotations}
    assert texts["COVID", "COVID"] == "<b>9</b><br>90.0%"
    assert texts["Lung opacity", "Normal"] == "<b>1</b><br>10.0%"
    assert len(texts) == 16


def test_roc_has_areas_with_intervals_and_chance():
    *curves, chance = roc_figure(CURVES, AREAS).data
    assert [trace.name for trace in curves] == ["COVID, AUC 0.950 [0.900, 0.990]", "Normal, AUC 0.800"]
    assert tuple(curves[0].x) == (0, 0.1, 1)
    assert [tuple(row) for row in curves[0].customdata] == [(1, "above all"), (0.9, "0.500"), (0, "0.100")]
    assert tuple(chance.x) == tuple(chance.y) == (0, 1)


def test_precision_recall_has_the_share_of_each_class_as_its_baseline():
    curve, baseline, *_ = precision_recall_figure(CURVES, AREAS, {"COVID": 0.3, "Normal": 0.5}).data
    assert curve.name == "COVID, area 0.950 [0.900, 0.990]; share 0.30"
    assert tuple(baseline.y) == (0.3, 0.3)
    assert baseline.showlegend is False
    assert curve.legendgroup == baseline.legendgroup


def test_reliability_has_the_bins_and_their_films():
    diagonal, points, bars = reliability_figure(BINS).data
    assert tuple(diagonal.x) == tuple(diagonal.y)
    assert tuple(points.x) == (0.5, 0.95)
    assert tuple(points.y) == (0.4, 0.97)
    assert tuple(bars.y) == (10, 1200)
    assert tuple(bars.text) == ("10", "1,200")


def test_reliability_before_calibration_is_a_line_of_its_own():
    before = [ReliabilityBin(low=0.6, high=0.8, films=7, confidence=0.7, accuracy=0.3)]
    _, first, second, bars = reliability_figure(BINS, before).data
    assert (first.name, tuple(first.x), tuple(first.y)) == ("before calibration", (0.7,), (0.3,))
    assert (second.name, tuple(second.x)) == ("after calibration", (0.5, 0.95))
    assert first.line.dash != second.line.dash
    assert first.marker.symbol != second.marker.symbol
    assert tuple(bars.y) == (10, 1200)


def test_set_sizes_are_shares_and_sets_of_one_stand_out():
    (bars,) = set_sizes_figure(SIZES).data
    assert tuple(bars.y) == tuple(SIZES)
    assert tuple(bars.text) == ("1.0%", "90.0%", "8.0%", "1.0%", "0.0%")
    assert [label.split("<br>")[0] for label in bars.x] == list("01234")
    colours = bars.marker.color
    assert [colour == colours[1] for colour in colours] == [False, True, False, False, False]


def test_no_bins_make_an_empty_diagram():
    assert tuple(reliability_figure([]).data[2].y) == ()


def test_learning_curves_are_by_epoch_train_and_val():
    train, val = loss_figure(drawn_history(3)).data
    assert (train.name, val.name) == ("loss, training films", "loss, validation films")
    assert tuple(train.x) == (1, 2, 3)
    assert tuple(val.y) == pytest.approx((1.35, 0.7, 1.3 / 3 + 0.05))
    assert [trace.name for trace in accuracy_figure(drawn_history(3)).data] == [
        "accuracy, training films",
        "accuracy, validation films",
        "COVID recall, training films",
        "COVID recall, validation films",
    ]


def test_what_an_epoch_lacks_is_left_out():
    history = drawn_history(2)
    del history[0]["val_loss"]
    _, val = loss_figure(history).data
    assert tuple(val.x) == (2,)
    assert accuracy_figure([{"loss": 1.0}]).data == ()


def test_study_has_two_values_a_row_and_the_first_on_top():
    figure = study_figure(STUDY, STUDY)
    accuracy, recall = figure.data
    assert tuple(accuracy.x) == tuple(recall.x) == (0.9, 0.7)
    assert [round(y) for y in accuracy.y] == [round(y) for y in recall.y] == [0, 1]
    assert figure.layout.yaxis.ticktext[0] == "DenseNet121,<br>ImageNet weights"
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]


def test_long_titles_of_runs_have_room_for_their_lines():
    long = "MobileNetV2, radiograph weights, last 20 layers, 160 px, 10 epochs, seed 12, refined"
    figures = []
    for titles in ((long, f"{long} again"), ("one", "two")):
        values = {title: Interval(value=0.9) for title in titles}
        figures.append(study_figure(values, values))
    lines = max(label.count("<br>") + 1 for label in figures[0].layout.yaxis.ticktext)
    assert lines > 4
    assert figures[0].layout.height - figures[1].layout.height >= 2 * 15 * (lines - 4)


def test_audits_have_their_lines_of_chance():
    values, chance = audit_figure(ROWS, "macro recall").data
    assert tuple(values.x) == (0.9, 0.3)
    assert tuple(chance.x) == (0.25, 0.25)
    assert tuple(values.y) == tuple(chance.y)
