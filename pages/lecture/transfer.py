"""The fourth chapter: what is frozen, and what the study's rows say."""

import streamlit as st

from cxr_core.artifacts import STUDY_FOLDER, read_study
from cxr_core.errors import SecondLookError
from cxr_core.figures import frozen_figure, study_figure
from cxr_core.lecture import compared_rows, starts_sentence
from pages.lecture.film import insides_of, loaded_reader
from pages.lecture.parts import chart, slider

REPORT = 20
"""The last layers that the report trains (section 5.1)."""


def transfer() -> None:
    """Freeze and unfreeze, and show the study."""
    left, right = st.columns([2, 3], gap="large")
    with right:
        _study()
    with left:
        _freeze()


def _freeze() -> None:
    reader = loaded_reader()
    if reader is None:
        return
    structure = insides_of(reader).structure
    layers = len(structure.layers)
    last = slider("Last layers that learn", 0, layers, REPORT, "lecture_last")
    st.markdown(f"{structure.sentence(last)} The report trains the last {REPORT}.")
    shares = [structure.trained(count) / structure.weights for count in range(layers + 1)]
    chart(frozen_figure(shares, last), "frozen", structure.sentence(last))


def _study() -> None:
    try:
        runs = read_study(STUDY_FOLDER)
    except SecondLookError as error:
        st.error(str(error), icon=":material/error:")
        return
    if not runs:
        st.info("The study has no rows yet. `python -m cxr_core study --data DIR --out RUN` trains them.", icon=":material/info:")
        return
    rows = compared_rows(runs)
    st.markdown(f"**What the study's {len(rows)} rows say.** {starts_sentence(runs)}")
    chart(
        study_figure({row.label: row.accuracy for row in rows}, {row.label: row.covid_recall for row in rows}),
        "study",
        f"Accuracy and COVID recall of {len(rows)} runs. {starts_sentence(runs)}",
    )
    with st.expander("What each started from, and how long it took"):
        st.markdown(
            "| Run | Started from | Minutes |\n|---|---|---:|\n"
            + "\n".join(f"| {row.label} | {row.started_from} | {'' if row.minutes is None else f'{row.minutes:.1f}'} |" for row in rows)
        )
