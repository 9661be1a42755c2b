"""A film of the same class from another source, through the same network, where a folder was named on *Read*."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from cxr_core.calibration import probability_text
from cxr_core.errors import SecondLookError
from cxr_core.imaging import load_film
from cxr_core.labels import CLASS_NAMES, in_words
from cxr_core.lecture import greyed
from cxr_core.lungs import prepare
from pages.lecture.film import Look
from pages.lecture.parts import bars, picture
from pages.read import named_folders, shelf_of

if TYPE_CHECKING:
    from cxr_core.similar import FilmIndex, Neighbour

_KEPT = "how_other"


@dataclass(frozen=True, eq=False)
class Other:
    """The film from another source, as the network sees it, and what it answers.

    Attributes
    ----------
    look : Look
        The film on screen.
    index : FilmIndex
        Of the named folder.
    film : Neighbour
        Which film it is.
    called : str
        Its class, which is the called class of the film on screen.
    seen : numpy.ndarray
        What the network sees of it, shape (size, size, channels).
    probabilities : numpy.ndarray
        By class code.
    """

    look: Look
    index: "FilmIndex"
    film: "Neighbour"
    called: str
    seen: np.ndarray
    probabilities: np.ndarray


def film_of_another_source(look: Look, probabilities: np.ndarray) -> Other | None:
    """Return the film of the called class, from another source, that the network finds most like the one on screen.

    None where no folder was named on *Read*, it has no index, or there is no such film.
    """
    try:
        return _other(look, CLASS_NAMES[int(probabilities.argmax())])
    except (SecondLookError, MemoryError):
        return None  # *Read* says what is wrong with the folder; its sentence belongs there


def show_another_source(other: Other | None) -> None:
    """Show that film and its answer, or say how to get one."""
    st.markdown("**The same class from another source**")
    if other is None:
        st.caption(
            "Name a folder with films of several sources on *Read*, under *Similar films*, and build its index: then a film of the same "
            "class from another source stands here."
        )
        return
    called = other.called
    answer = CLASS_NAMES[int(other.probabilities.argmax())]
    right = "and is right" if answer == called else f"and is wrong: it is {in_words(called)}"
    st.markdown(
        f"This is the film of {in_words(called)} in your folder that the network finds most like the one above, among those from another "
        f"source. It comes from {other.film.source}. **The network says {in_words(answer)}, "
        f"{probability_text(float(other.probabilities.max()))}, {right}.**"
    )
    left, right_column = st.columns([1, 3], vertical_alignment="center")
    with left:
        picture(greyed(other.seen[..., 0]), f"{in_words(called)}, {other.film.source}")
    with right_column:
        bars("From another source", other.probabilities, "bars_another_source")


def _other(look: Look, called: str) -> Other | None:
    """Return the film with its answer, worked out once for as long as the film and the index are the same."""
    locations = named_folders()
    if not locations:
        return None
    from cxr_core.similar import sketch_of

    identity = look.reader.classifier.identity
    index = shelf_of(locations, identity).load()
    kept: Other | None = st.session_state.get(_KEPT)
    if kept is not None and kept.look is look and kept.index is index:
        return kept
    if not len(index):
        return None
    film = index.from_another_source(look.read.features, sketch_of(look.film), look.film.fingerprint, called)
    if film is None:
        return None
    seen = prepare(load_film(film.path), identity.size, identity.crop).canonical
    found = Other(look, index, film, called, seen, look.reader.classifier.predict(seen[np.newaxis])[0])
    st.session_state[_KEPT] = found
    return found
