"""Probabilities as bars and as words."""

import numpy as np
import pytest

from cxr_core.calibration import probability_text
from cxr_core.figures import probability_figure
from cxr_core.figures.theme import ACCENT, QUIET_COLOUR
from cxr_core.labels import CLASS_NAMES, in_words

SHOWN = tuple(map(in_words, CLASS_NAMES))
VALUES = dict(zip(CLASS_NAMES, (0.2, 0.7, 0.0999, 0.0001), strict=True))


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0.0, "<0.01"),
        (0.0049, "<0.01"),
        (0.0051, "0.01"),
        (0.25, "0.25"),
        (0.504, "0.50"),
        (0.9949, "0.99"),
        (0.9951, ">0.99"),
        (1.0, ">0.99"),
    ],
)
def test_text_has_two_digits_and_is_never_certain(probability, text):
    assert probability_text(probability) == text


def test_no_probability_is_written_as_0_or_1():
    texts = {probability_text(value) for value in np.linspace(0, 1, 2001)}
    assert not texts & {"0.00", "1.00"}
    assert len(texts) == 101


def test_text_of_a_float32_is_the_same():
    assert probability_text(np.float32(0.7)) == "0.70"


def test_bars_hold_the_numbers_in_order():
    (bar,) = probability_figure(VALUES).data
    assert bar.orientation == "h"
    assert tuple(bar.y) == SHOWN
    assert tuple(bar.x) == tuple(VALUES.values())
    assert tuple(bar.text) == ("0.20", "0.70", "0.10", "<0.01")


def test_first_class_is_on_top():
    assert probability_figure(VALUES).layout.yaxis.autorange == "reversed"


def test_only_the_top_class_stands_out():
    (bar,) = probability_figure(VALUES).data
    assert tuple(bar.marker.color) == (QUIET_COLOUR, ACCENT.colour, QUIET_COLOUR, QUIET_COLOUR)
    assert ACCENT.colour != QUIET_COLOUR


def test_classes_that_tie_stand_out_together():
    (bar,) = probability_figure(dict(zip(CLASS_NAMES, (0.4, 0.4, 0.1, 0.1), strict=True))).data
    assert tuple(bar.marker.color) == (ACCENT.colour, ACCENT.colour, QUIET_COLOUR, QUIET_COLOUR)


def test_axis_starts_at_0_and_does_not_depend_on_the_numbers():
    ranges = {probability_figure(dict.fromkeys(CLASS_NAMES, value)).layout.xaxis.range for value in (0.001, 0.25, 1.0)}
    assert ranges == {(0, 1)}


def test_the_number_of_a_bar_that_ends_at_1_has_its_room_beside_the_axis():
    figure = probability_figure(VALUES)
    assert figure.layout.margin.r >= 48  # "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}>0.99" in 16 px
    assert all(trace.cliponaxis is False for trace in figure.data)


def test_axes_cannot_be_dragged_away():
    layout = probability_figure(VALUES).layout
    assert layout.xaxis.fixedrange is True
    assert layout.yaxis.fixedrange is True
    assert layout.dragmode is False


LOW = dict(zip(CLASS_NAMES, (0.15, 0.61, 0.05, 0.0), strict=True))
HIGH = dict(zip(CLASS_NAMES, (0.29, 0.7, 0.12, 0.001), strict=True))


def test_whiskers_span_the_range_of_every_bar():
    bars, *whiskers, _ = probability_figure(VALUES, LOW, HIGH).data
    assert tuple(bars.x) == tuple(VALUES.values())
    assert len(whiskers) == 2
    for whisker in whiskers:
        assert tuple(whisker.y) == SHOWN
        value, less, more = np.array(whisker.x), np.array(whisker.error_x.arrayminus), np.array(whisker.error_x.array)
        np.testing.assert_allclose(value - less, list(LOW.values()))
        np.testing.assert_allclose(value + more, list(HIGH.values()))


def test_a_whisker_is_seen_on_every_ground():
    _, halo, core, _ = probability_figure(VALUES, LOW, HIGH).data
    assert halo.error_x.thickness > core.error_x.thickness
    for ground in (ACCENT.colour, QUIET_COLOUR, "#ffffff", "#0e1117"):
        assert max(contrast(line.error_x.color, ground) for line in (halo, core)) > 3


def contrast(one, other):
    """By WCAG 2.2, relative luminance."""
    lights = []
    for colour in (one, other):
        levels = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
        lights.append(np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4) @ (0.2126, 0.7152, 0.0722))
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def test_numbers_stand_clear_of_the_whiskers():
    bars, *_, numbers = probability_figure(VALUES, LOW, HIGH).data
    assert bars.text is None
    assert tuple(numbers.x) == (0.29, 0.7, 0.12, 0.001)
    assert [text.strip() for text in numbers.text] == ["0.20", "0.70", "0.10", "<0.01"]


def test_without_a_range_there_is_no_whisker():
    assert len(probability_figure(VALUES).data) == 1
