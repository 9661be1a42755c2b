"""What helps on films from elsewhere: trainings that differ in one thing each."""

from functools import partial
from pathlib import Path

import streamlit as st

from cxr_core.artifacts import StudyDamagedError, read_helps
from cxr_core.figures import HelpsPoint, helps_figure
from cxr_core.model_card import helps_card
from pages.card.parts import bullets, chart, section, show_table

HELPS_COMMAND = "python -m cxr_core what-helps --data DIR --data OTHERS --out RUN"


def what_helps(folder: Path) -> None:
    """Show the rows in a folder, judged by films from elsewhere as well as in-set."""
    section("helps")
    try:
        rows = read_helps(folder)
    except StudyDamagedError as error:
        st.error(str(error), icon=":material/error:")
        return
    if not rows:
        st.info(
            f"What helps on films from elsewhere has not been measured yet. `{HELPS_COMMAND}` trains a row for each thing to try, and "
            "fills this part.",
            icon=":material/info:",
        )
        return
    st.markdown(helps_card.budget(rows))
    points = [HelpsPoint(helps_card.number(row, rows), row.title, row.in_set.accuracy, row.outside.held_out) for row in rows]
    left, right = st.columns(2, gap="large")
    with left:
        chart(partial(helps_figure, points), "what-helps", helps_card.verdict(rows))
    with right:
        bullets(helps_card.steps(rows))
    show_table(helps_card.outside_table(rows), "what-helps-outside")
    st.markdown(
        "The same rows on Kermany's own test folder: children of one hospital. They are not from elsewhere for a row that trained on "
        "films of that hospital; Viral Pneumonia in the public data set comes from there."
    )
    show_table(helps_card.kermany_table(rows), "what-helps-kermany", words=["trained on"])
    st.caption(f"{helps_card.films_sentence(rows[0])} Made by `{rows[0].command}`.")
