"""The strip of text below a picture that leaves the app, so that nobody takes the picture for more than it is."""

import textwrap
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from cxr_core import DISCLAIMER
from cxr_core.gate import GateOutcome
from cxr_core.labels import in_words
from cxr_core.reporting.document import SaliencyShown

NOTICE: Final = f"Second Look. {DISCLAIMER}"

LETTER_SHARE: Final = 0.035
"""Height of a line of the text, as a share of the picture's width."""
LINE_LETTERS: Final = 66
"""Most letters in a line: more would make all of the text small."""
MOST_LINES: Final = 4
"""Most lines that one text is broken into; the rest of it is cut off."""


def gate_text(gate: GateOutcome) -> str:
    """Say that the input gate refused a film or warned of it, and why; "" where it did neither."""
    if gate.outcome == "read":
        return ""
    outcome = "REFUSED" if gate.outcome == "refused" else "warning"
    return f"Input gate: {outcome} - {' '.join(gate.reasons)}"


def set_text(prediction_set: Sequence[str]) -> str:
    """Name the classes of a prediction set."""
    return f"Prediction set: {in_words(', '.join(prediction_set)) or 'empty'}"


def map_texts(model: str, shown: SaliencyShown, gate: GateOutcome) -> list[str]:
    """Say what a film under a saliency map must be told with.

    Parameters
    ----------
    model : str
        Version of the classifier.
    shown : SaliencyShown
        The map.
    gate : GateOutcome
        The input gate's.

    Returns
    -------
    list of str
        Texts for `with_text`: what it is for, what the gate says unless it let the film pass, and which model drew which map.
    """
    return [text for text in (NOTICE, gate_text(gate), f"{model}: {shown.text}") if text]


def with_text(picture: np.ndarray, texts: Sequence[str]) -> np.ndarray:
    """Put texts below a picture, white on black, as large as they can be.

    Parameters
    ----------
    picture : numpy.ndarray
        uint8 RGB, shape (h, w, 3).
    texts : sequence of str
        Each starts a line, and is broken into several where it is long. Letters that are not ASCII become question marks.

    Returns
    -------
    numpy.ndarray
        uint8 RGB, shape (h + strip, w, 3).
    """
    lines = [line for text in texts for line in _broken(text)]
    font, width = cv2.FONT_HERSHEY_SIMPLEX, picture.shape[1]
    size = 0.6 * LETTER_SHARE * width / 22  # a capital of this font is 22 pixels high at size 1
    # Thicker letters are wider by steps, so the width that a size gives has to be tried.
    while max(cv2.getTextSize(line, font, size, _thickness(size))[0][0] for line in lines) > 0.94 * width:
        size *= 0.98
    row = max(4, round(22 * size / 0.6))
    strip = np.zeros((row * len(lines) + row // 2, width, 3), np.uint8)
    for number, line in enumerate(lines, start=1):
        cv2.putText(strip, line, (round(0.03 * width), row * number), font, size, (255, 255, 255), _thickness(size), cv2.LINE_AA)
    return np.concatenate([picture, strip])


def _thickness(size: float) -> int:
    return max(1, round(1.5 * size))


def _broken(text: str) -> list[str]:
    letters = text.encode("ascii", "replace").decode()
    return textwrap.wrap(letters, LINE_LETTERS, max_lines=MOST_LINES, placeholder=" ...")
