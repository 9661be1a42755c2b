"""Where the model looked: the choice of a saliency method, how the map is drawn, and how far to believe it."""

import math

import streamlit as st

from pages.read.desk import DEFAULT_METHOD, Desk
from pages.read.model import card_if_there
from pages.viewer import ViewerState

NONE = "nothing"


def where_it_looked(desk: Desk, view: ViewerState) -> None:
    """Choose the map in the viewer and another to compare it with, and say how much of it lies inside the lungs."""
    from cxr_core.saliency import CAVEAT, METHODS, rank_correlation

    assert view.shown is not None
    left, right = st.columns(2)
    # A film comes back with its own choice: the widgets follow the desk, and the desk follows the widgets.
    for column, label, part, options in (
        (left, "Saliency method", "method", list(METHODS)),
        (right, "Compare with", "compared", [NONE, *(name for name in METHODS if name != desk.method)]),
    ):
        column.selectbox(
            label,
            options,
            index=options.index(getattr(desk, part) or NONE),
            key=_key(desk, part),
            on_change=_choose,
            args=(desk, part, view.shown),
        )
    method = METHODS[desk.method]
    st.caption(f"{method.description} {method.paper}.")
    for name in [name for name in (desk.method, desk.compared) if name]:
        if view.shown not in desk.maps(name):
            _drawing(desk, name, view.shown)
    if desk.failure:
        st.warning(desk.failure, icon=":material/warning:")
    saliency, other = desk.maps(desk.method).get(view.shown), desk.maps(desk.compared).get(view.shown)
    if saliency is not None:
        _inside(desk, view.shown)
    if saliency is not None and other is not None:
        st.markdown(
            f"{desk.method} and {desk.compared} for {view.shown}: rank correlation **{rank_correlation(saliency, other):.2f}** "
            "(1: they rank the places alike; 0: they have nothing to do with each other). *Side by side* in the viewer shows both."
        )
    st.caption(CAVEAT)


def _key(desk: Desk, part: str) -> str:
    """Key of a choice. What can be compared hangs on the method that is shown."""
    return f"read_{part}_{desk.number}" + (f"_{desk.method}" if part == "compared" else "")


def _choose(desk: Desk, part: str, class_name: str) -> None:
    """Take a choice, and start drawing where there is no map yet."""
    chosen = st.session_state[_key(desk, part)]
    setattr(desk, part, "" if chosen == NONE else chosen)
    if desk.compared == desk.method:
        desk.compared = ""
    desk.stop()
    desk.failure = ""
    missing = [name for name in (desk.method, desk.compared) if name and class_name not in desk.maps(name)]
    if missing:
        desk.draw(missing[0], class_name)


def _drawing(desk: Desk, method: str, class_name: str) -> None:
    """Show how far the map is, or offer to draw it: these methods draw one class at a time."""
    drawing = desk.drawing
    if drawing is not None and (drawing.method, drawing.class_name) == (method, class_name):
        _progress(desk)
    else:
        st.button(
            f"Draw {method} for {class_name}",
            icon=":material/play_arrow:",
            key=f"draw_{method}",
            on_click=desk.draw,
            args=(method, class_name),
            help="This method takes its time, so it draws the map of one class only, the one that is shown.",
        )


@st.fragment(run_every=0.5)
def _progress(desk: Desk) -> None:
    """Follow the drawing, and show the map when it is there."""
    drawing = desk.drawing
    if drawing is None or drawing.finished:
        st.rerun()
    share = drawing.look()
    text = f"Drawing {drawing.method} for {drawing.class_name}" if drawing.started else "Waiting for a map of another session"
    left, right = st.columns([3, 1], vertical_alignment="center")
    left.progress(share, text=text)
    right.button("Cancel", key="cancel_drawing", on_click=desk.stop)


def _inside(desk: Desk, class_name: str) -> None:
    """Say how much of the map lies inside the lungs."""
    from cxr_core.saliency import outside_warning, share_inside

    share, area = share_inside(desk.maps(desk.method)[class_name], desk.lungs), float(desk.lungs.mean())
    if math.isnan(share):
        st.markdown(f"Nothing on this film speaks for {class_name}: the map is empty.")
        return
    warning = outside_warning(share, area)
    if warning:
        st.warning(f"{warning}{_elsewhere(desk)}", icon=":material/warning:")
    else:
        st.markdown(f"**{share:.0%}** of the map for {class_name} lies inside the lung fields, which take {area:.0%} of the area.")


def _elsewhere(desk: Desk) -> str:
    """Say of how many films this was measured and of how many it was so: a warning that always comes says little of this film."""
    assert desk.reader is not None
    card = card_if_there(desk.reader.classifier.identity)
    saliency = card.saliency if card else None
    if saliency is None or desk.method != DEFAULT_METHOD:
        return ""
    films, warned = (sum(getattr(share, part) for share in saliency.inside.values()) for part in ("films", "warned"))
    return f" So it was on {warned} of the {films} test films that {DEFAULT_METHOD} was tried on."
