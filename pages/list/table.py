"""The table of films with its filters, drawn anew while films are being read."""

from dataclasses import replace
from typing import Any

import streamlit as st

from cxr_core.labels import CLASS_NAMES, in_words
from cxr_core.worklist import GATES, ORDERS, Entry, Figures, Wanted, choose, row_of
from pages.list.gather import progress
from pages.list.sitting import Sitting, figures_of_session, go_on_reading
from pages.list.take_away import take_away_list
from pages.read import wants_to_read_first

ROW_HEIGHT, MOST_HEIGHT = 56, 620
REFRESHED, A_ROW = 1.5, 0.004
"""Seconds after which the table is drawn anew while films are being read, and what is added for each film."""


def list_of_films(sitting: Sitting) -> None:
    """Draw progress, filters, table and what can be taken away, again and again while films are being read."""
    busy = _busy(sitting)
    every = REFRESHED + A_ROW * len(sitting.worklist.entries)
    st.fragment(_draw, run_every=every if busy else None)(sitting, busy)


def _busy(sitting: Sitting) -> bool:
    """Tell whether anything is being done in the background."""
    return sitting.worklist.reading or (sitting.book is not None and not sitting.book.finished)


def _draw(sitting: Sitting, busy: bool) -> None:
    go_on_reading(sitting)
    if sitting.entry is not None or busy != _busy(sitting):
        st.rerun()  # all of the page
    progress(sitting)
    _filters(sitting)
    figures = figures_of_session()
    chosen = choose(sitting.worklist.entries, figures, sitting.wanted, wants_to_read_first())
    _table(sitting, chosen, figures)
    take_away_list(sitting, chosen, figures)


def _filters(sitting: Sitting) -> None:
    wanted = sitting.wanted
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.pills(
            "Most probable class",
            CLASS_NAMES,
            selection_mode="multi",
            default=list(wanted.classes),
            format_func=in_words,
            key="worklist_classes",
            on_change=_take,
            args=(sitting, "classes"),
        )
        st.pills(
            "Input gate",
            list(GATES),
            selection_mode="multi",
            default=list(wanted.gates),
            format_func=GATES.__getitem__,
            key="worklist_gates",
            on_change=_take,
            args=(sitting, "gates"),
        )
        _order(sitting)


def _order(sitting: Sitting) -> None:
    wanted = sitting.wanted
    st.session_state.worklist_order = wanted.order  # a click on a column's head changes it, too
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", width="content"):
        st.selectbox(
            "Order",
            list(ORDERS),
            format_func=ORDERS.__getitem__,
            key="worklist_order",
            on_change=lambda: sitting.sort(st.session_state.worklist_order),
            width=190,
            help="Of the table, of turning from film to film, and of what you take away. A click on the head of a column does the same, "
            "and a second click turns it round. Films with nothing in that column come last.",
        )
        st.button(
            "Descending" if wanted.descending else "Ascending",
            icon=f":material/arrow_{'downward' if wanted.descending else 'upward'}:",
            on_click=sitting.sort,
            args=(wanted.order,),
            help="Turns the order round.",
        )


def _take(sitting: Sitting, part: str) -> None:
    value: Any = st.session_state[f"worklist_{part}"]
    change: dict[str, Any] = {part: tuple(value) if isinstance(value, list) else value}
    sitting.wanted = replace(sitting.wanted, **change)


def _table(sitting: Sitting, chosen: list[Entry], figures: Figures | None) -> None:
    """Draw the table; a click on a row opens its film, one on a column's head sorts by it.

    The browser's own sorting is off, since nobody here would hear of it: films would be turned in another order than they are shown in.
    """
    from pandas import DataFrame

    from cxr_core.calibration import probability_text

    reads_first, films = wants_to_read_first(), len(sitting.worklist.entries)
    shown = f"{len(chosen):,} of {films:,} films" if len(chosen) < films else f"{films:,} film{'s' * (films > 1)}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Open the first", icon=":material/open_in_full:", disabled=not chosen, on_click=sitting.open, args=(chosen, 0))
        st.toggle(
            "Disagrees with me",
            value=sitting.wanted.disagreeing,
            key="worklist_disagreeing",
            on_change=_take,
            args=(sitting, "disagreeing"),
            help="Films on which you committed to another class than the model's most probable one.",
        )
        st.caption(f"{shown}. Click a row to open its film. Click a column's head to sort.{_threshold(figures)}", width="stretch")
    if not chosen:
        st.info("No film fits these filters.", icon=":material/filter_alt:")
        return
    rows = [row_of(entry, figures, reads_first) for entry in chosen]
    if not reads_first:
        for entry in chosen:
            entry.shown |= entry.told and figures is not None
    key = f"worklist_table_{sitting.tables}"
    frame = DataFrame(rows).astype({"probability": float, "inside": float})
    with st.container(key="worklist-table"):
        st.dataframe(
            frame.style.format({"probability": probability_text, "inside": "{:.0%}"}, na_rep=""),
            key=key,
            hide_index=True,
            height=min(MOST_HEIGHT, 40 + ROW_HEIGHT * len(rows)),
            row_height=ROW_HEIGHT,
            selection_mode=("single-row", "single-cell", "single-column"),
            on_select=lambda: _clicked(sitting, st.session_state[key].selection, chosen),
            column_config=_columns(sitting.wanted),
            alt=f"Table of {shown}",
            placeholder="",
        )


def _threshold(figures: Figures | None) -> str:
    if figures is None:
        return ""
    site = "" if figures.site is None else f", from the site card {figures.site.name}"
    return f" Called COVID-positive from a probability of {figures.threshold:.3f}{site}."


def _columns(wanted: Wanted) -> dict[str, Any]:
    columns = st.column_config
    made: dict[str, Any] = {
        "number": columns.NumberColumn("No.", format="%d", width=56, pinned=True),
        "film": columns.ImageColumn("Film", width=72),
        "name": columns.TextColumn("Label or fingerprint", width=130),
        "gate": columns.TextColumn("Gate", width=96, help="What the input gate says. A film that it refused has no answer."),
        "class": columns.TextColumn("Model", width=116, help="The most probable class."),
        "probability": columns.NumberColumn("Probability", width=84, help="Of that class; calibrated."),
        "range": columns.TextColumn(
            "Range", width=110, help="Over the film and two test-time augmentations of it; not a confidence interval."
        ),
        "set": columns.TextColumn("Prediction set", width=150, help="Classes that fit the film."),
        "called": columns.TextColumn("COVID call", width=90, help="At the operating point."),
        "inside": columns.NumberColumn("In lungs", width=70, help="Share of the map of that class inside the lungs."),
        "own": columns.TextColumn("You", width=116, help="Your own opinion: open the film to commit to one."),
        "note": columns.TextColumn("Note", width="large", help="Why the film cannot be read, or what the input gate saw."),
    }
    if wanted.order in made:
        made[wanted.order]["label"] += " ↓" if wanted.descending else " ↑"
    return made


def _clicked(sitting: Sitting, selection: Any, chosen: list[Entry]) -> None:
    """Take a click on the table, from what Streamlit says is selected now."""
    if selection.columns:
        (column,) = selection.columns
        sitting.sort(column if column in ORDERS else "number")
        return
    places = [*selection.rows, *(row for row, _ in selection.cells)]
    if places and places[0] < len(chosen):
        sitting.open(chosen, places[0])
