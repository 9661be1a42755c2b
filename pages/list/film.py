"""A film of the list on screen, in the read page's viewer and with the read page's answer."""

import streamlit as st

from cxr_core.worklist import Entry
from pages.list.gather import drop_zone, notices
from pages.list.sitting import Sitting
from pages.read import (
    answer,
    film_on_screen,
    label_box,
    parts,
    place_for_answer,
    read_first_toggle,
    reading,
    reads_first,
    wants_to_read_first,
)
from pages.viewer import StripEntry, film_strip


def film_of_list(sitting: Sitting) -> None:
    """Draw the film with its answer, and the ways to the next, to the one before and back to the table."""
    entry = sitting.entry
    assert entry is not None
    desk = sitting.desk()
    left, right = st.columns([5, 3], gap="medium")
    shown = False
    if desk is not None:
        desk.collect()
        with sitting.worklist.at_hand():
            shown = desk.read is not None and reading(desk) and not reads_first(desk) and not desk.refused
    with left, st.container(key="film"):
        film_strip([_strip_entry(one) for one in sitting.turns], sitting.at, sitting.turn)
        if desk is None:
            st.error(f"**This film cannot be read.** {entry.error}", icon=":material/block:")
        else:
            view = film_on_screen(desk, maps=shown)
    with right:
        _ways(sitting)
        if desk is not None:
            with place_for_answer(desk):
                with sitting.worklist.at_hand():
                    answer(desk, shown=shown)
                sitting.note()
                entry.shown |= shown
                parts(desk, view, shown=shown)
                label_box(desk)
        notices(sitting)
        drop_zone(sitting, "More films for the list: PNG, JPEG or DICOM, or a zip of films")
        with st.container(horizontal=True):
            read_first_toggle()


def _strip_entry(entry: Entry) -> StripEntry:
    told = entry.error if entry.state == "broken" else "" if wants_to_read_first() or entry.state == "waiting" else "read"
    words = ", ".join(word for word in (f"Film {entry.number}", entry.label, told) if word)
    return StripEntry(entry.label or str(entry.number), words, entry.picture, entry.state == "broken")


def _ways(sitting: Sitting) -> None:
    entry = sitting.entry
    assert entry is not None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("List", icon=":material/table_rows:", shortcut="Backspace", on_click=sitting.close, help="Back to the table.")
        for label, icon, step in (("Previous", "arrow_back", -1), ("Next", "arrow_forward", 1)):
            at = sitting.at + step
            st.button(
                label,
                icon=f":material/{icon}:",
                disabled=not 0 <= at < len(sitting.turns),
                on_click=sitting.turn,
                args=(at,),
                help="Arrow keys and Page Up and Page Down turn from film to film, too.",
            )
    waiting = sitting.worklist.waiting
    left = f" Still to be read: {waiting:,}." if waiting else ""
    st.caption(f"Film {entry.number}: {sitting.at + 1:,} of {len(sitting.turns):,} in the list.{left}")
