"""Read a chest X-ray: films in; the input gate's word, calibrated class probabilities, saliency maps and a report out."""

import streamlit as st

from cxr_core import DISCLAIMER
from cxr_core.imaging import draw_phantom
from pages.insides import through_the_router
from pages.read import (
    Desk,
    Place,
    drop_zone,
    figures_choice,
    films_on_tray,
    gate_notice,
    label_box,
    loading_notice,
    operating_point,
    opinion_beside_read,
    opinion_form,
    probabilities,
    read_first_toggle,
    reading,
    reads_first,
    refusals,
    start_loading,
    take_away,
    tray_of_session,
    where_it_looked,
)
from pages.viewer import NativeLayer, ViewerState, film_viewer

through_the_router()
tray = tray_of_session()


def empty_page() -> None:
    """Draw what a newcomer sees."""
    _, middle, _ = st.columns([1, 3, 1])
    with middle:
        st.header("Read a chest X-ray")
        drop_zone("Drop frontal chest X-rays here, or anywhere on the page: PNG, JPEG or DICOM, or a zip of films, up to 50 MB each")
        refusals(tray)
        st.caption("A film stays in the memory of this computer. It is not stored, and it is forgotten when you close the page.")
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


def facts(desk: Desk) -> None:
    """Say what was read, how, and by which model."""
    from cxr_core.reporting import FilmFacts, placing

    film, read = desk.film, desk.read
    assert read is not None
    st.caption(
        f"Read in {read.seconds:.2f} s on {read.device} · {film.format} {film.width} x {film.height}, {film.bit_depth} bit"
        + "".join(f" · {fact}" for fact in (*placing(FilmFacts.of(film)), *film.steps))
    )
    st.page_link("pages/model_card.py", label=f"{read.model}: how good is it?", icon=":material/fact_check:")


def film_on_screen(desk: Desk, *, maps: bool) -> ViewerState:
    """Draw the viewer, with all of the film's pixels as soon as it was zoomed that far."""
    view = film_viewer(desk.layer, desk.layers() if maps else None, desk.native_asked, desk.caption)
    if view.native and desk.native_asked is None and desk.film.width > desk.layer.width:
        desk.native_asked = NativeLayer.of(desk.film)
        st.rerun()
    return view


def answer(desk: Desk, *, shown: bool) -> None:
    """Say what the input gate and the model say, as far as it may be shown."""
    if desk.is_phantom:
        st.warning("Phantom, not a patient: the model's answer means nothing.", icon=":material/draw:")
    if desk.read is None and reading(desk):
        st.rerun()  # the film is on screen by now; its maps go with the next run
    if desk.read is not None:
        gate_notice(desk)
        opinion_beside_read(desk)
    if reads_first(desk):
        opinion_form(desk)
    if shown:
        probabilities(desk)
    if desk.read is not None:
        facts(desk)


def parts(desk: Desk, view: ViewerState, *, shown: bool) -> None:
    """Draw what can be done with a read."""
    if shown:
        point, where, away = st.tabs(["Operating point", "Where it looked", "Take away"])
        with point:
            figures_choice(desk)
            operating_point(desk)
        with where:
            where_it_looked(desk, view)
        with away:
            take_away(desk, view)
    elif desk.read is not None and not reads_first(desk):
        take_away(desk, view)


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
        of_the_film = st.container()
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
