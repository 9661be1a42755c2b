"""The strip of films as a Streamlit component, and films dropped anywhere on a page."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Final, NamedTuple

import streamlit as st

from pages.viewer.component import sources

AROUND: Final = 30
"""Films before and after the one on screen that the strip shows."""

_TOLD_UNTIL: Final = "drop_told_until"
"""When the last refusal was that the browser told of, by its clock in milliseconds."""


@dataclass(frozen=True)
class StripEntry:
    """A film in the strip.

    Attributes
    ----------
    name : str
        Short, such as its number.
    told : str
        What is said of it to who points at it, or does not see it.
    picture : str
        Its thumbnail as a data URI; empty where there is none yet.
    refused : bool
        Whether its file could not be read.
    """

    name: str
    told: str
    picture: str = ""
    refused: bool = False


def film_strip(entries: Sequence[StripEntry], current: int, turn: Callable[[int], None]) -> None:
    """Draw the strip, once a page.

    Parameters
    ----------
    entries : sequence of StripEntry
        All films.
    current : int
        Place of the one on screen.
    turn : callable
        Takes the place of another film when it is asked for, before the page is drawn anew.
    """
    html, css, js = sources("strip", ("strip",))
    component = st.components.v2.component("film_strip", html=html, css=css, js=js)
    first = max(0, current - AROUND)
    shown = [asdict(entry) for entry in entries[first : current + AROUND + 1]]

    def opened() -> None:
        asked = st.session_state.film_strip.get("open")
        if asked is not None:
            turn(int(asked["place"]))

    data = {"entries": shown, "current": current, "first": first, "total": len(entries)}
    component(key="film_strip", data=data, on_open_change=opened)


class NotTaken(NamedTuple):
    """What of a drop was not uploaded.

    Attributes
    ----------
    films, zips, folders : int
        Files and zip archives that are too large, and folders.
    others : bool
        Whether other files of the same drop are still to come.
    """

    films: int = 0
    zips: int = 0
    folders: int = 0
    others: bool = False


def drop_anywhere(most_bytes: int, most_zip_bytes: int, refuse: Callable[[NotTaken], None]) -> None:
    """Let files be dropped anywhere on a page that has one drop zone of Streamlit's; draws nothing.

    Parameters
    ----------
    most_bytes, most_zip_bytes : int
        Larger files, and zip archives by their names, are not uploaded.
    refuse : callable
        Told of what was not, before the page is drawn anew.
    """
    html, css, js = sources("drop", ("files", "drop"))
    component = st.components.v2.component("drop_anywhere", html=html, css=css, js=js)

    def refused() -> None:
        told = st.session_state.drop_anywhere.get("refused")
        if told and told["at"] > st.session_state.get(_TOLD_UNTIL, 0):  # the browser says it again until it knows that it was heard
            st.session_state[_TOLD_UNTIL] = told["at"]
            refuse(NotTaken(int(told["films"]), int(told["zips"]), int(told["folders"]), bool(told["others"])))

    data = {"most_bytes": most_bytes, "most_zip_bytes": most_zip_bytes, "told_until": st.session_state.get(_TOLD_UNTIL, 0)}
    component(key="drop_anywhere", data=data, on_refused_change=refused)


def drop_nowhere(told: str) -> None:
    """Keep the browser from opening a file that is dropped beside a page's own drop zones, and tell where it belongs instead."""
    html, css, js = sources("drop", ("files", "nowhere"))
    st.components.v2.component("drop_nowhere", html=html, css=css, js=js)(key="drop_nowhere", data={"told": told})
