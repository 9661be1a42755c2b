"""The colours, dashes and symbols of all charts, and the browser's buttons."""

import itertools
import json

import pytest

from cxr_core.decision import Strategy
from cxr_core.figures import chart_config
from cxr_core.figures.theme import CLASS_STYLES, PCR_COLOUR, QUIET_COLOUR, SECOND, STRATEGY_STYLES, XRAY_COLOUR
from cxr_core.labels import CLASS_NAMES

PAGES = ("#ffffff", "#0d1117")


def luminance(colour):
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("page", PAGES)
def test_every_line_stands_out_from_either_page(page):
    styles = (*CLASS_STYLES.values(), *STRATEGY_STYLES.values(), SECOND)
    assert all(contrast(colour, page) >= 3 for colour in {QUIET_COLOUR, *(style.colour for style in styles)})


def test_classes_are_told_apart_without_colour():
    assert tuple(CLASS_STYLES) == CLASS_NAMES
    for part in ("colour", "dash", "symbol"):
        assert len({getattr(style, part) for style in CLASS_STYLES.values()}) == len(CLASS_NAMES)


def test_strategies_are_told_apart_without_colour_and_the_two_tests_in_grey():
    assert tuple(STRATEGY_STYLES) == tuple(Strategy)
    assert contrast(XRAY_COLOUR, PCR_COLOUR) > 1.8
    for one, other in itertools.combinations(STRATEGY_STYLES.values(), 2):
        assert one.dash != other.dash
        assert one.symbol != other.symbol


def test_picture_can_be_saved_under_the_charts_name():
    config = chart_config("second-look-roc")
    assert config["toImageButtonOptions"]["filename"] == "second-look-roc"
    assert config["toImageButtonOptions"]["format"] == "png"
    assert "toImage" not in config["modeBarButtonsToRemove"]
    json.dumps(config)
