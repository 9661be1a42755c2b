"""Many films: read in the background, listed, filtered, opened one by one, and taken away together."""

import streamlit as st

from cxr_core import DISCLAIMER
from pages.insides import through_the_router
from pages.list import (
    drop_zone,
    film_of_list,
    folder_box,
    go_on_reading,
    list_of_films,
    notices,
    sitting_of_session,
)
from pages.read import loading_notice, read_first_toggle, start_loading
from pages.site import site_card_choice

FINDING = (
    "Names of files are not shown. To find a film again, use its number: dropped films are numbered as they came, those of a zip archive "
    "or a folder by name, folder by folder, as a file manager sorts them (2 before 10). The twelve digits are a fingerprint of the pixels; "
    "`python -m cxr_core archive` writes it beside the path of each film."
)
PRIVACY = (
    "Dropped films stay in the memory of this computer, those of a folder where they are. Nothing is stored, and all is forgotten when you "
    "close the page."
)

through_the_router()
sitting = sitting_of_session()


def empty_page() -> None:
    """Draw what a newcomer sees."""
    _, middle, _ = st.columns([1, 3, 1])
    with middle:
        st.header("Read a list of films")
        drop_zone(sitting, "Drop many frontal chest X-rays here, up to 50 MB each, or a zip of them, up to 500 MB: PNG, JPEG or DICOM")
        folder_box(sitting)
        notices(sitting)
        st.caption(PRIVACY)
        read_first_toggle()
        st.caption(DISCLAIMER)
        loading_notice()


def list_page() -> None:
    """Draw the table with all that belongs to it."""
    loading_notice()
    notices(sitting)
    list_of_films(sitting)
    with st.expander("More films", icon=":material/add:"):
        drop_zone(sitting, "More films: PNG, JPEG or DICOM, or a zip of films")
        folder_box(sitting)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Remove all", icon=":material/delete_sweep:", on_click=sitting.clear, help="Forgets all films and what was read of them.")
        read_first_toggle()
    figures_box()
    st.caption(FINDING)
    st.caption(f"{PRIVACY} {DISCLAIMER}")


def figures_box() -> None:
    """Let the figures of a site card be used, if there is one."""
    future = start_loading()
    if future.done() and future.exception() is None:
        site_card_choice(future.result().classifier.identity.sha256, "worklist_figures")


start_loading()
if sitting.worklist.entries:
    go_on_reading(sitting)
if sitting.entry is not None:
    film_of_list(sitting)
elif sitting.worklist.entries:
    list_page()
else:
    empty_page()
