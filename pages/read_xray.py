"""Read a chest X-ray: films in; the input gate's word, calibrated class probabilities, saliency maps and a report out."""

import streamlit as st

from cxr_core import DISCLAIMER
from cxr_core.imaging import draw_phantom
from cxr_core.labels import CLASSES_COUNTED
from pages.insides import through_the_router
from pages.read import (
    Place,
    answer,
    drop_zone,
    film_on_screen,
    films_on_tray,
    label_box,
    loading_notice,
    parts,
    place_for_answer,
    read_first_toggle,
    reading,
    reads_first,
    refusals,
    start_loading,
    tray_of_session,
)

through_the_router()
tray = tray_of_session()


def empty_page() -> None:
    """Draw what a newcomer sees."""
    with st.container(key="first-screen"):
        st.title("Second Look", anchor=False)
        st.markdown(f"A second reader for chest X-rays: {CLASSES_COUNTED} probabilities, how sure they are, and where the model looked.")
        st.markdown(
            ":material/lock: A film stays in the memory of this computer. It is not stored, and it is forgotten when you close the page."
        )
        drop_zone("Drop frontal chest X-rays here, or anywhere on the page: PNG, JPEG or DICOM, or a zip of films, up to 50 MB each")
        refusals(tray)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Try the phantom",
                icon=":material/draw:",
                on_click=lambda: tray.put(draw_phantom(opacity=0.6)),
                help="A film drawn in code, of no patient.",
            )
            read_first_toggle()
        st.caption(DISCLAIMER)
        loading_notice()


def below() -> None:
    """Draw what holds for any film."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Remove film", icon=":material/delete:", on_click=tray.remove, help="Forgets the film and what was read of it.")
        if len(tray.places) > 1:
            st.button("Remove all", icon=":material/delete_sweep:", on_click=tray.clear, help="Forgets all films.")
        read_first_toggle()
    st.caption(DISCLAIMER)


def film_page(place: Place) -> None:
    """Draw the film with its read, or why its file could not be read: nothing of another film stands beside that."""
    desk = place.desk
    left, right = st.columns([5, 3], gap="medium")
    shown = False
    if desk is not None:
        desk.collect()
        # The film comes first: it is on screen while the model still reads it.
        shown = desk.read is not None and reading(desk) and not reads_first(desk) and not desk.refused
    with left, st.container(key="film"):
        films_on_tray()
        if desk is None:
            st.error(f"**This file cannot be read.** {place.refusal}", icon=":material/block:")
        else:
            view = film_on_screen(desk, maps=shown)
    with right:
        refusals(tray)
        of_the_film = st.empty() if desk is None else place_for_answer(desk)
        # Drawn before the film is read, so that the next one can be dropped meanwhile.
        drop_zone("More films: PNG, JPEG or DICOM, or a zip of films")
        below()
        if desk is not None:
            with of_the_film:
                answer(desk, shown=shown)
                parts(desk, view, shown=shown)
                label_box(desk)


start_loading()
if tray.has_films:
    film_page(tray.places[tray.at])
else:
    empty_page()
