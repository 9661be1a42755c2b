"""A class: the files of several readers, together."""

import math
from collections.abc import Iterator
from typing import Final

import streamlit as st

from cxr_core.figures import readers_roc_figure
from cxr_core.practice import PracticeError
from pages.plot import plot_in_look
from pages.practice.result import area, last_of, target_choice
from pages.uploads import CSV_TOO_LARGE, MOST_CSV_MB, upload_zone
from pages.viewer import NotTaken

_SHEETS: Final = "practice_sheets"
_REFUSALS: Final = "practice_refusals"


def class_together() -> None:
    """Take the files of a class, and draw their mean ROC curve and the spread by reader."""
    state = st.session_state
    with st.expander("A class together", icon=":material/groups:", expanded=_SHEETS in state):
        st.markdown("Drop the CSV files of all readers of a series here, for the mean ROC curve and the spread by reader.")
        upload_zone(
            "practice_class",
            "Answers of a class, CSV",
            "Files that you drop later are added.",
            MOST_CSV_MB * 2**20,
            _take,
            kind="csv",
        )
        for refusal in state.get(_REFUSALS, ()):
            st.error(refusal, icon=":material/error:")
        if state.get(_SHEETS):
            st.button("Clear", icon=":material/clear_all:", key="practice_class_clear", on_click=_clear)
            _together()


def _take(contents: Iterator[bytes], refused: NotTaken) -> None:
    """Put the files of a drop to those that are here, and keep why others cannot be read until the next drop."""
    from cxr_core.practice import read_answers

    state = st.session_state
    sheets, refusals = list(state.get(_SHEETS, ())), [CSV_TOO_LARGE] * (refused.films + refused.zips)
    for number, content in enumerate(contents, 1):
        try:
            sheet = read_answers(content)
        except PracticeError as error:
            refusals.append(f"File {number}: {error}")
            continue
        if sheet in sheets:  # a second copy would count as a second reader
            refusals.append(f"File {number}: these answers are here already.")
        else:
            sheets.append(sheet)
    state[_SHEETS], state[_REFUSALS] = sheets, refusals


def _clear() -> None:
    for key in (_SHEETS, _REFUSALS):
        st.session_state.pop(key, None)


def _together() -> None:
    from cxr_core.practice import GRID, together

    sheets = st.session_state[_SHEETS]
    left, right = st.columns(2)
    with left:
        target = target_choice("practice_class_target")
    twice = any(answer.revised is not None for sheet in sheets for answer in sheet.answers)
    after = False
    if twice:
        with right:
            after = (
                st.segmented_control("Reads", ["alone", "with the model"], default="alone", key="practice_class_reads") == "with the model"
            )
    found = together(sheets, target, last_of) if after else together(sheets, target)
    if not found.same_films:
        st.warning("Not all readers read the same films, so their figures also differ by the films.", icon=":material/warning:")
    spread = "" if math.isnan(found.spread) else f", standard deviation {found.spread:.3f} over {len(found.areas)} readers"
    st.markdown(f"**Mean area under the ROC: {found.mean_area}**{spread}. The model on these films: {area(found.model)}.")
    rows = ["| reader | films | sensitivity | specificity | area under the ROC |", "|:--|--:|--:|--:|--:|"]
    for name, score in found.scores.items():
        rows.append(f"| {name} | {score.cases + score.others} | {score.sensitivity} | {score.specificity} | {area(score)} |")
    st.markdown("\n".join(rows))
    if found.mean is None or found.low is None or found.high is None:
        return
    curves = {f"mean of {len(found.areas)}, area {found.mean_area.value:.2f}": (GRID, found.mean)}
    if found.model.roc is not None:
        curves[f"the model, area {area(found.model, short=True)}"] = (found.model.roc.x, found.model.roc.y)
    readers = [(score.roc.x, score.roc.y) for score in found.scores.values() if score.roc is not None]
    figure = readers_roc_figure(curves, readers, (GRID, found.low, found.high))
    plot_in_look(figure, "practice_class_roc", f"ROC curves of a class: {', '.join(curves)}")
    st.caption("Curves are averaged at equal specificity. The interval is that of the mean over readers, on these films.")
