"""The film of the lecture, and the network that looks at it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from cxr_core.artifacts import SHIPPED_MODEL, ModelIdentity, read_identity
from cxr_core.imaging import Film, draw_phantom
from cxr_core.lungs import Prepared, prepare
from pages.read import loading_notice, start_loading, tray_of_session

if TYPE_CHECKING:  # these bring TensorFlow, which a page loads when a step needs the network
    from cxr_core.lecture import Insides, Seen
    from cxr_core.reading import Read, Reader


@st.cache_resource(show_spinner=False)
def _phantom() -> Film:
    return draw_phantom(opacity=0.6)


def film_of_session() -> tuple[Film, str]:
    """Return the film on the read page's tray, or else the phantom, and say which it is."""
    tray = tray_of_session()
    film = tray.current.film if tray.current is not None else None
    if film is None:
        return _phantom(), "No film is open on *Read*, so this is the phantom: drawn in code, of no patient."
    if film.format == "drawing":
        return film, "The film is the phantom that is open on *Read*: drawn in code, of no patient."
    return film, f"The film is number {tray.at + 1} of {len(tray.places)} on *Read*."


def say_which_film() -> Film:
    """Write which film it is; return it."""
    film, sentence = film_of_session()
    st.caption(sentence)
    return film


def prepared_film(film: Film, identity: ModelIdentity | None = None) -> Prepared:
    """Return a film as the shipped model sees it, prepared once for as long as it is looked at."""
    identity = identity or read_identity(SHIPPED_MODEL)
    key = (film.fingerprint, identity.size, identity.crop)
    if "how_prepared" not in st.session_state or st.session_state.how_prepared[0] != key:
        st.session_state.how_prepared = (key, prepare(film, identity.size, identity.crop))
    kept: Prepared = st.session_state.how_prepared[1]
    return kept


@dataclass(frozen=True, eq=False)
class Look:
    """The loaded network looking at the film."""

    reader: "Reader"
    insides: "Insides"
    film: Film
    prepared: Prepared
    seen: "Seen"
    read: "Read"


@st.cache_resource(show_spinner=False, max_entries=2)
def _insides(sha256: str, _reader: Any) -> Any:
    from cxr_core.lecture import Insides

    return Insides(_reader.classifier.network)


def loaded_reader() -> "Reader | None":
    """Return the loaded model; None while it is loading, having said so, or where it could not be loaded, having said why."""
    future = start_loading()
    if not future.done() or future.exception() is not None:
        loading_notice()
        return None
    reader: Reader = future.result()
    return reader


def insides_of(reader: "Reader") -> "Insides":
    """Return the network's insides, made once a server."""
    made: Insides = _insides(reader.classifier.identity.sha256, reader)
    return made


def look_at(film: Film) -> Look | None:
    """Send the film through the network, once for as long as it is looked at; None while there is no network."""
    reader = loaded_reader()
    if reader is None:
        return None
    key = (film.fingerprint, reader.classifier.identity.sha256)
    if "how_look" not in st.session_state or st.session_state.how_look[0] != key:
        with st.spinner("The network looks at the film"):
            prepared = prepared_film(film, reader.classifier.identity)
            insides = insides_of(reader)
            st.session_state.how_look = (key, Look(reader, insides, film, prepared, insides.see(prepared.canonical), reader.read(film)))
    kept: Look = st.session_state.how_look[1]
    return kept
