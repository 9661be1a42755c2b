"""The strip of text below a picture that leaves the app."""

import numpy as np
import pytest

from cxr_core import DISCLAIMER
from cxr_core.gate import Finding, GateOutcome
from cxr_core.reporting import SaliencyShown
from cxr_core.reporting.strip import LINE_LETTERS, MOST_LINES, gate_text, map_texts, set_text, with_text
from tests.reporting.reports import refused

SHOWN = SaliencyShown(method="Grad-CAM", class_name="COVID", opacity=0.45)


@pytest.mark.parametrize("shape", [(64, 64), (600, 400), (300, 1200), (1500, 2000)])
@pytest.mark.parametrize("texts", [["short", "a line that is far longer than the other one is"], ["many words " * 60]])
def test_text_fits_the_strip(shape, texts):
    picture = np.full((*shape, 3), 7, np.uint8)
    shown = with_text(picture, texts)
    np.testing.assert_array_equal(shown[: shape[0]], picture)
    strip = shown[shape[0] :]
    assert strip.max() > 100
    for edge in (strip[0], strip[-1], strip[:, 0], strip[:, -1]):
        assert edge.max() == 0


def test_long_text_is_broken_and_does_not_make_all_of_it_small():
    picture = np.zeros((300, 400, 3), np.uint8)
    heights = [with_text(picture, ["x" * letters]).shape[0] - 300 for letters in (LINE_LETTERS, 2 * LINE_LETTERS, 50 * LINE_LETTERS)]
    row = heights[1] - heights[0]
    assert row > 5
    assert heights[2] == heights[0] + (MOST_LINES - 1) * row


@pytest.mark.parametrize(
    ("gate", "told"),
    [
        (GateOutcome(), ""),
        (GateOutcome.of([Finding("blurred", "warning", "It is blurred.")]), "Input gate: warning - It is blurred."),
        (refused("It is a photograph.", "It is small."), "Input gate: REFUSED - It is a photograph. It is small."),
    ],
)
def test_gate_is_told_unless_it_let_the_film_pass(gate, told):
    assert gate_text(gate) == told
    texts = map_texts("densenet121 3f2a9c", SHOWN, gate)
    assert [text for text in texts if "gate" in text] == ([told] if told else [])
    assert DISCLAIMER in texts[0]
    assert texts[-1] == "densenet121 3f2a9c: Grad-CAM for COVID, opacity 45%"


def test_set_is_named_by_its_classes():
    assert set_text(("COVID", "Normal")) == "Prediction set: COVID, Normal"
    assert set_text(()) == "Prediction set: empty"
