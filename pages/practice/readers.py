"""A class: the files of several readers, together."""

import math

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cxr_core.figures import readers_roc_figure
from cxr_core.practice import PracticeError
from pages.plot import plot_in_look
from pages.practice.result import area, last_of, target_choice
from pages.uploads import CSV_TOO_LARGE, MOST_CSV_MB, csv_of

_SHEETS = "practice_sheets"


def class_together() -> None:
    """Take the files of a class, and draw their mean ROC curve and the spread by reader."""
    with st.expander("A class together", icon=":material/groups:", expanded=_SHEETS in st.session_state):
        st.markdown("Drop the CSV files of all readers of a series here, for the mean ROC curve and the spread by reader.")
        st.file_uploader(
            "Answers of a class, CSV", type="csv", accept_multiple_files=True, key="practice_class", max_upload_size=MOST_CSV_MB
        )
        files = [file for file in st.session_state.get("practice_class") or () if isinstance(file, UploadedFile)]
        if files:
            _take(files)
        if st.session_state.get(_SHEETS):
            _together()


def _take(files: list[UploadedFile]) -> None:
    from cxr_core.practice import read_answers

    sheets = []
    for number, file in enumerate(files, 1):
        content = csv_of(file)
        if content is None:
            st.error(f"File {number}: {CSV_TOO_LARGE}", icon=":material/error:")
            continue
        try:
            sheets.append(read_answers(content))
        except PracticeError as error:
            st.error(f"File {number}: {error}", icon=":material/error:")
    st.session_state[_SHEETS] = sheets


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
        st.warning("Not all read the same films, so readers and films differ together.", icon=":material/warning:")
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
