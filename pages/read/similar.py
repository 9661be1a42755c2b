"""Films that look alike: the nearest films of a folder that the user names, with class and source."""

import base64
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import streamlit as st

from cxr_core.errors import SecondLookError
from cxr_core.imaging import Film, display_grey, load_film
from cxr_core.labels import CLASS_NAMES, in_words
from pages.progress import time_left
from pages.read.desk import Desk
from pages.read.shelf import Shelf, another_is_built, name_folders, named_folders, named_text, shelf_of
from pages.visitor import FOLDER, sits_here

if TYPE_CHECKING:
    from cxr_core.similar import FilmIndex, Found, Neighbour

CARD_WIDTH: Final = 92
THUMBNAIL_SIDE: Final = 224
LARGE_SIDE: Final = 1024
QUALITY: Final = 85
_PATH: Final = "similar_path"


@dataclass(frozen=True, eq=False)
class Likenesses:
    """The nearest films to the one on a desk, with a picture of each: a data URI, or "" where its file is gone."""

    index: "FilmIndex"
    found: "Found"
    pictures: tuple[str, ...]


def similar_films(desk: Desk) -> None:
    """Let a folder be named, and show the films in it that the network finds most like the one on the desk."""
    reader = desk.reader
    assert reader is not None
    _folder()
    locations = named_folders()
    if not locations:
        st.caption(
            "Shows the films of a folder that the network finds most like this one, with class and source, and how many share a source: "
            "does it know the disease, or the hospital?"
        )
        return
    try:
        shelf = shelf_of(locations, reader.classifier.identity)
    except SecondLookError as error:
        st.error(str(error), icon=":material/error:")
        return
    with st.spinner("Loading the index"):
        index = shelf.load()
    _index(shelf, index, desk)
    if len(index):
        _nearest(desk, index)


def _folder() -> None:
    """Let the folder be named by those who sit at the computer that runs the app: others must not look into its folders."""
    if os.environ.get(FOLDER):
        return
    if not sits_here():
        st.info(
            f"A folder can be named only on the computer that runs Second Look. Whoever runs it names one for all with {FOLDER}.",
            icon=":material/lock:",
        )
        return
    with st.form("similar_folder", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Folder with films of known class and source",
            named_text(),  # the box is gone while another tab is open
            key=_PATH,
            placeholder="../shared/data",
            autocomplete="off",
            help=f"A folder with a folder a class ({', '.join(CLASS_NAMES)}), or with a manifest.csv, or a manifest "
            "under another name; several with ; between them. Sources come from a column `source` or a sources.csv. Nothing is copied, and "
            "nothing of the film on screen is written.",
        )
        st.form_submit_button("Search in it", icon=":material/search:", on_click=lambda: name_folders(st.session_state[_PATH]))


def _index(shelf: Shelf, index: "FilmIndex", desk: Desk) -> None:
    """Say how much of the folder can be searched, and let the rest be looked at."""
    films = shelf.films
    if shelf.building:
        _progress(shelf)
        return
    if shelf.job is not None and (shelf.job.failure or shelf.job.work.failed):
        st.error(shelf.job.failure or "The index could not be built. The terminal says why.", icon=":material/error:")
    waiting = shelf.waiting
    broken = index.listed - len(index) - waiting
    if waiting:
        _offer(shelf, index, desk)
    told = [f"{count:,} {what}" for count, what in ((broken, "cannot be read"), (films.missing, "are listed but not there")) if count]
    if told:
        st.caption(f"Of the films of this folder {' and '.join(told)}.")


def _offer(shelf: Shelf, index: "FilmIndex", desk: Desk) -> None:
    """Offer to build the index, or to go on with it."""
    assert desk.reader is not None
    listed, waiting = index.listed, shelf.waiting
    some = waiting < listed
    there = f"{listed - waiting:,} of {listed:,} films are in the index." if some else f"{listed:,} films, none in the index yet."
    if not sits_here():
        st.info(f"{there} Whoever runs Second Look builds it with `python -m cxr_core similar`.", icon=":material/lock:")
        return
    if another_is_built(shelf):
        st.info(f"{there} Another index is being built; this one has to wait for it.", icon=":material/hourglass_top:")
        return
    st.markdown(
        f"{there} The network looks at each film once. Your cache folder keeps what it computes, but neither films nor their names. You "
        "can stop, and go on later."
    )
    st.button(
        "Go on with the index" if some else "Build the index",
        icon=":material/play_arrow:",
        type="primary",
        on_click=shelf.build,
        args=(desk.reader.classifier,),
    )


@st.fragment(run_every=1.0)
def _progress(shelf: Shelf) -> None:
    """Follow the building."""
    job = shelf.job
    if job is None or job.work.finished:
        st.rerun()
    building = job.building
    pace = building.films_a_second
    speed = "" if pace is None else f", {pace:.1f} films a second"
    text = f"{building.done:,} of {building.total:,} films{speed}{time_left(job.work.seconds_left)}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(building.done / max(1, building.total), text=text, width="stretch")
        st.button("Stop", key="stop_similar", icon=":material/stop:", on_click=shelf.stop, help="What was computed stays.")


def _nearest(desk: Desk, index: "FilmIndex") -> None:
    """Show the nearest films, and say what they come to."""
    from cxr_core.similar import NO_SECOND_OPINION, class_sentence, far_sentence, left_out_sentence, source_sentences

    shown = _likenesses(desk, index)
    found = shown.found
    if not found.neighbours:
        st.markdown("The index holds no film but this one.")
        return
    if far := far_sentence(found, index):
        st.warning(far, icon=":material/warning:")
    sources = source_sentences(found, index)
    st.markdown("  \n".join([*sources, class_sentence(found)]))
    with st.container(horizontal=True, gap="xsmall", key="similar_films"):
        for number, (film, picture) in enumerate(zip(found.neighbours, shown.pictures, strict=True), 1):
            _card(desk, number, film, picture)
    searched = f"Searched: {len(index):,} films" + (f" of {index.listed:,}." if len(index) < index.listed else ".")
    st.caption(" ".join(filter(None, [searched, left_out_sentence(found), NO_SECOND_OPINION])))


def _card(desk: Desk, number: int, film: "Neighbour", picture: str) -> None:
    """Show one film, and offer it larger."""
    with st.container(width=CARD_WIDTH, gap=None, key=f"similar_{number}"):
        if picture:
            st.image(picture, width="stretch")
        else:
            st.caption("This film cannot be read any more.")
        st.caption(f"**{in_words(film.label) or 'class not known'}**  \n{film.source or 'source not known'}  \n{film.distance:.2f}")
        if picture and st.button("Compare", key=f"compare_{number}", type="tertiary", help=f"Film {number} beside the one on screen."):
            _compare(desk, number, film)


@st.dialog("Two films side by side", width="large")
def _compare(desk: Desk, number: int, film: "Neighbour") -> None:
    """Show the film on the desk and one that is like it, large."""
    try:
        other = load_film(film.path)
    except SecondLookError as error:
        st.error(str(error), icon=":material/error:")
        return
    about = ", ".join(filter(None, (in_words(film.label), film.source)))
    left, right = st.columns(2)
    left.image(display_grey(desk.film, LARGE_SIDE), "The film on screen", width="stretch")
    right.image(display_grey(other, LARGE_SIDE), f"Film {number}: {about or 'not known'}, distance {film.distance:.2f}", width="stretch")
    st.caption(f"Fingerprint of film {number}: {film.fingerprint}. `python -m cxr_core archive` writes it beside the path of each film.")


def _likenesses(desk: Desk, index: "FilmIndex") -> Likenesses:
    """Search the index for the film on the desk, once for as long as both stay."""
    from cxr_core.similar import sketch_of

    kept = desk.similar
    if isinstance(kept, Likenesses) and kept.index is index:
        return kept
    assert desk.read is not None
    found = index.search(desk.read.features, sketch_of(desk.film), desk.film.fingerprint)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        pictures = tuple(pool.map(_picture, found.neighbours))
    desk.similar = shown = Likenesses(index, found, pictures)
    return shown


def _picture(film: "Neighbour") -> str:
    try:
        return _as_jpeg(load_film(film.path))
    except (SecondLookError, MemoryError):
        return ""


def _as_jpeg(film: Film) -> str:
    grey = display_grey(film, THUMBNAIL_SIDE)
    packed = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()
    return f"data:image/jpeg;base64,{base64.b64encode(packed).decode()}"
