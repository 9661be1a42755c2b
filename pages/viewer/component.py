"""The viewer as a Streamlit component: what goes to the browser, and what comes back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Final

import streamlit as st

from cxr_core.imaging import PackedSamples
from pages.insides import served_from_memory
from pages.viewer.layers import FilmLayer, MapLayers, NativeLayer
from pages.viewer.state import Pointing, ViewerState

_HERE: Final = Path(__file__).parent
_SCRIPTS: Final = ("samples", "place", "measures", "drawing", "hand", "controls", "keys", "viewer")
"""In the order in which they use each other."""
_KEPT: Final = "viewer_kept"
_START: Final = "viewer_start"
_SENT: Final = "viewer_sent"


def film_viewer(
    film: FilmLayer,
    maps: MapLayers | None = None,
    native: NativeLayer | None = None,
    caption: Mapping[str, str] | None = None,
    pointing: Pointing | None = None,
) -> ViewerState:
    """Draw the viewer, once a page.

    The browser fetches the film once, and is sent its maps once; a click in the viewer runs the page again, but sends nothing anew and
    leaves the zoom alone. A film that was on screen before the reader looked at another page comes back as it was looked at.

    Parameters
    ----------
    film : FilmLayer
        The film.
    maps : MapLayers, optional
        Its maps; as long as they are None the browser holds nothing of what the model says.
    native : NativeLayer, optional
        All of its pixels, as soon as the state asks for them.
    caption : mapping of str to str, optional
        Which film it is: its ``fingerprint`` and its ``label``, written onto the film.
    pointing : Pointing, optional
        Lets a place be marked on the film; its map then comes up as soon as there is one.

    Returns
    -------
    ViewerState
        How the film is being looked at. `shown` is None only while there are no maps.
    """
    state = st.session_state
    key = f"viewer_{film.key}"
    if key not in state or _START not in state:  # new in the browser: what it starts with must stay the same from then on
        kept_key, kept = state.get(_KEPT, (None, ViewerState()))
        state[_START] = kept if kept_key == film.key else kept.for_another_film()
    start = asdict(state[_START])
    sent = (film.key, maps.message["key"] if maps else None)
    turn, before = state.get(_SENT, (0, None))
    state[_SENT] = (turn + (sent != before), sent)
    # Registered in every run, since every server and every test has a register of its own.
    html, css, js = sources("viewer", _SCRIPTS)
    component = st.components.v2.component("film_viewer", html=html, css=css, js=js)
    message = {
        "film": film.message | _served(film.picture, "film"),
        "native": native and _native_message(native),
        "maps": maps.message if maps else None,
        "caption": dict(caption or {}),
        "pointing": pointing and ("on" if pointing.asked else "shown"),
        "truth": [] if pointing is None else pointing.outlines,
        "start": start,
        "turn": state[_SENT][0],  # the browser may come to an earlier message after a later one
    }
    result = component(key=key, data=message, default={"view": start}, on_view_change=lambda: None)
    view = ViewerState(**result["view"])
    if view.shown is None and maps is not None:
        view = ViewerState(**{**asdict(view), "shown": maps.top})
    state[_KEPT] = (film.key, view)
    return view


def marked_on(film: FilmLayer) -> Sequence[float] | None:
    """Return what is marked on a film on screen, as `ViewerState.mark`; for what is called before the page is drawn."""
    told = st.session_state.get(f"viewer_{film.key}")
    return None if told is None else told["view"].get("mark")


def _native_message(native: NativeLayer) -> dict[str, Any]:
    return {"height": native.height, "width": native.width, "deep": native.deep} | _served(native.picture, "native")


def _served(picture: PackedSamples, place: str) -> dict[str, Any]:
    return {"url": served_from_memory(picture.data, f"viewer.{place}"), "parts": picture.parts}


@cache
def sources(name: str, scripts: tuple[str, ...]) -> tuple[str, str, str]:
    """Read a component's files: HTML, CSS, and its JavaScript modules as one, for Streamlit takes a single one."""
    html, css = ((_HERE / f"{name}.{kind}").read_text(encoding="utf-8") for kind in ("html", "css"))
    joined = "\n".join((_HERE / f"{script}.js").read_text(encoding="utf-8") for script in scripts)
    alone = re.sub(r'^import [^;]* from "\./[^;]*;\n', "", joined, flags=re.MULTILINE)
    return html, css, re.sub(r"^export (?!default)", "", alone, flags=re.MULTILINE)
