"""A film with its answer: what stands in the two columns of a page that shows one."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.read.desk import Desk
from pages.read.gate import gate_notice
from pages.read.model import reading
from pages.read.operating import figures_choice, operating_point
from pages.read.opinion import opinion_beside_read, opinion_form, reads_first
from pages.read.probabilities import probabilities
from pages.read.similar import similar_films
from pages.read.take_away import take_away
from pages.read.where import where_it_looked
from pages.viewer import NativeLayer, Pointing, ViewerState, film_viewer


def facts(desk: Desk) -> None:
    """Say what was read, how, and by which model."""
    from cxr_core.reporting import FilmFacts, placing

    film, read = desk.film, desk.read
    assert read is not None
    done = "Judged" if desk.beyond_gate else "Read"
    st.caption(
        f"{done} in {read.seconds:.2f} s on {read.device} · {film.format} {film.width} x {film.height}, {film.bit_depth} bit"
        + "".join(f" · {fact}" for fact in (*placing(FilmFacts.of(film)), *film.steps))
    )
    st.page_link("pages/model_card.py", label=f"{read.model}: how good is it?", icon=":material/fact_check:")


def film_on_screen(desk: Desk, *, maps: bool, pointing: Pointing | None = None) -> ViewerState:
    """Draw the viewer, with all of the film's pixels as soon as it was zoomed that far."""
    view = film_viewer(desk.layer, desk.layers() if maps else None, desk.native_asked, desk.caption, pointing)
    if view.native and desk.native_asked is None and desk.film.width > desk.layer.width:
        desk.native_asked = NativeLayer.of(desk.film)
        st.rerun()
    return view


def place_for_answer(desk: Desk) -> DeltaGenerator:
    """Return where the answer goes. Before the film is read it is emptied first: what stands there is the answer of the film before."""
    return st.container() if desk.read is not None else st.empty().container()


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
        names = ["Operating point", "Where it looked", "Similar films", "Take away"]
        point, where, alike, away = st.tabs(names, key="read_parts", on_change="rerun")
        with point:
            figures_choice(desk)
            operating_point(desk)
        with where:
            where_it_looked(desk, view)
        if alike.open:  # ten films are decoded for it
            with alike:
                similar_films(desk)
        with away:
            take_away(desk, view)
    elif desk.read is not None and not reads_first(desk):
        take_away(desk, view)
