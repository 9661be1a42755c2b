"""What the charts of results share: whiskers, and the look of the page."""

import plotly.graph_objects as go
import pytest

from cxr_core.figures import ChartLook, in_look
from cxr_core.figures.chart import finish, whiskers
from cxr_core.figures.theme import ACCENT, CLEAR, QUIET_COLOUR
from cxr_core.stats import Interval


def test_whiskers_reach_the_bounds_and_unmeasured_values_are_left_out():
    intervals = [Interval(value=0.8, low=0.7, high=0.95), Interval(value=None), Interval(value=0.5)]
    trace = whiskers("accuracy", ACCENT, ["a", "b", "c"], [0, 1, 2], intervals)
    assert tuple(trace.x) == (0.8, 0.5)
    assert tuple(trace.y) == (0, 2)
    assert tuple(trace.error_x.array) == pytest.approx((0.15, 0))
    assert tuple(trace.error_x.arrayminus) == pytest.approx((0.1, 0))
    assert [tuple(row) for row in trace.customdata] == [("a", "0.800 [0.700, 0.950]"), ("c", "0.500")]


def test_text_and_ground_take_the_pages_colours_everywhere():
    figure = finish(go.Figure(go.Scatter(x=[1], y=[1])), 300)
    for look in (ChartLook(QUIET_COLOUR, CLEAR), ChartLook("#123456", "#fedcba", 20)):
        layout = in_look(figure, look).layout
        fonts = (layout.font, layout.legend.font, layout.xaxis.tickfont, layout.yaxis.title.font)
        assert {(font.color, font.size) for font in fonts} == {(look.ink, look.text_size)}
        assert layout.paper_bgcolor == layout.plot_bgcolor == look.ground
