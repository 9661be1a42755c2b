"""What all charts share: styles that are told apart without colour, a PNG button, whiskers."""

import json

import plotly.graph_objects as go
import pytest

from cxr_core.card import Interval
from cxr_core.figures import chart_config, in_colour
from cxr_core.figures.chart import ACCENT, CLASS_STYLES, QUIET_COLOUR, SECOND, whiskers
from cxr_core.labels import CLASS_NAMES

BACKGROUNDS = ("#ffffff", "#0d1117")


def luminance(colour):
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("background", BACKGROUNDS)
@pytest.mark.parametrize("colour", [style.colour for style in CLASS_STYLES.values()] + [SECOND.colour, QUIET_COLOUR])
def test_lines_stand_out_in_light_and_dark(colour, background):
    dark, light = sorted((luminance(colour), luminance(background)))
    assert (light + 0.05) / (dark + 0.05) >= 3


def test_classes_are_told_apart_without_colour():
    assert tuple(CLASS_STYLES) == CLASS_NAMES
    for part in ("colour", "dash", "symbol"):
        assert len({getattr(style, part) for style in CLASS_STYLES.values()}) == len(CLASS_NAMES)


def test_picture_can_be_saved_under_the_charts_name():
    config = chart_config("roc")
    assert config["toImageButtonOptions"]["filename"] == "roc"
    assert config["toImageButtonOptions"]["format"] == "png"
    assert "toImage" not in config["modeBarButtonsToRemove"]
    json.dumps(config)


def test_whiskers_reach_the_bounds_and_unmeasured_values_are_left_out():
    intervals = [Interval(value=0.8, low=0.7, high=0.95), Interval(value=None), Interval(value=0.5)]
    trace = whiskers("accuracy", ACCENT, ["a", "b", "c"], [0, 1, 2], intervals)
    assert tuple(trace.x) == (0.8, 0.5)
    assert tuple(trace.y) == (0, 2)
    assert tuple(trace.error_x.array) == pytest.approx((0.15, 0))
    assert tuple(trace.error_x.arrayminus) == pytest.approx((0.1, 0))
    assert [tuple(row) for row in trace.customdata] == [("a", "0.800 [0.700, 0.950]"), ("c", "0.500")]


def test_text_takes_the_pages_colour_everywhere():
    figure = in_colour(go.Figure(go.Scatter(x=[1], y=[1])), "#123456")
    layout = figure.layout
    colours = {layout.font.color, layout.legend.font.color, layout.xaxis.tickfont.color, layout.yaxis.title.font.color}
    assert colours == {"#123456"}
