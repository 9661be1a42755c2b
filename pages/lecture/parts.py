"""What several steps draw with: charts in the size of type that was chosen, pictures, and choices."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import streamlit as st

from cxr_core.calibration import probability_text
from cxr_core.figures import in_look, probability_figure
from cxr_core.labels import CLASS_NAMES, in_words
from cxr_core.lecture import enlarged
from pages.insides import first_screen_first
from pages.plot import look, plot

SMALL, LARGE = 13, 20
TALLER: Final = 1.3
"""How many times as high a chart is with large type, which takes room from it."""

PICTURE: Final = 480
"""Width that a picture is made for, in pixels; the screen may show it smaller."""


def is_large() -> bool:
    """Whether large type was chosen."""
    return bool(st.session_state.get("lecture_large"))


def type_size() -> int:
    """Return the size of a chart's text, in pixels."""
    return LARGE if is_large() else SMALL


def chart(figure: Any, name: str, alt: str) -> None:
    """Show a chart, and say in words what is on it."""
    first_screen_first()
    if is_large():
        figure.update_layout(height=TALLER * figure.layout.height)
    plot(in_look(figure, look(type_size())), f"how_{name}", alt, buttons=False)


def bars(told: str, probabilities: np.ndarray, name: str) -> None:
    """Show the probabilities of the classes, in their order."""
    values = dict(zip(CLASS_NAMES, map(float, probabilities), strict=True))
    said = ", ".join(f"{in_words(class_name)} {probability_text(value)}" for class_name, value in values.items())
    chart(probability_figure(values), name, f"{told}: {said}.")


def picture(greys: np.ndarray, caption: str, *, side: int = PICTURE, width: int | str = "stretch") -> None:
    """Show a small picture, each of its places as a square."""
    st.image(greys if greys.ndim == 3 else enlarged(greys, side), caption, width=width)  # type: ignore[arg-type]


def choice(label: str, options: Sequence[Any], key: str, **more: Any) -> Any:
    """Let one of a few be chosen; the first to begin with, and where what was chosen is no longer offered."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    return st.pills(label, options, key=key, required=True, **more)


def slider(label: str, low: int, high: int, start: int, key: str) -> int:
    """Let a whole number be chosen; where there is only one, return it."""
    if high <= low:
        return low
    st.session_state[key] = min(high, max(low, int(st.session_state.get(key, start))))
    return int(st.slider(label, low, high, key=key))


def number(value: float) -> str:
    """Write a number in about three digits, for a cell."""
    if value == 0:
        return "0"
    return f"{value:.2f}" if 0.1 <= abs(value) < 10 else f"{value:.3f}" if 0.001 <= abs(value) < 0.1 else f"{value:.3g}"


def brief(value: float, digits: int) -> str:
    """Write a number in as little room as there is in a cell: without the 0 before the point."""
    text = f"{value:.{digits}f}"
    return "0" if float(text) == 0 else text.replace("0.", ".", 1) if abs(float(text)) < 1 else text


def numbers(values: np.ndarray) -> list[list[str]]:
    """Write a grid of numbers."""
    return [[number(float(value)) for value in row] for row in values]
