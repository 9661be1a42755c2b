"""Where the model looked: the choice of a saliency method, how the map is drawn, and how far to believe it."""

import math

import streamlit as st

from cxr_core.labels import in_words
from pages.read.desk import DEFAULT_METHOD, Desk
from pages.read.model import card_if_there
from pages.viewer import ViewerState

NONE = "nothing"


def where_it_looked(desk: Desk, view: ViewerState) -> None:
    """Choose the map in the viewer and another to compare it with, and say how much of it lies inside the lungs."""
    from cxr_core.saliency import CAVEAT, rank_correlation
    from cxr_core.saliency.methods import METHODS

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
            f"{desk.method} and {desk.compared} for {in_words(view.shown)}: rank correlation **{rank_correlation(saliency, other):.2f}** "
            "(1: the same order of places; 0: no relation). *Side by side* in the viewer shows both."
        )
    st.caption(CAVEAT)


def _key(desk: Desk, part: str) -> str:
    """Key of a choice. What can be compared depends on the method that is shown."""
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
            f"Draw {method} for {in_words(class_name)}",
            icon=":material/play_arrow:",
            key=f"draw_{method}",
            on_click=desk.draw,
            args=(method, class_name),
            help="This method is slow, so it draws one map at a time: that of the class on screen.",
        )


@st.fragment(run_every=0.5)
def _progress(desk: Desk) -> None:
    """Follow the drawing, and show the map when it is there."""
    drawing = desk.drawing
    if drawing is None or drawing.finished:
        st.rerun()
    share = drawing.look()
    text = f"Drawing {drawing.method} for {in_words(drawing.class_name)}" if drawing.started else "Waiting for a map of another session"
    left, right = st.columns([3, 1], vertical_alignment="center")
    left.progress(share, text=text)
    right.button("Cancel", key="cancel_drawing", on_click=desk.stop)


def _inside(desk: Desk, class_name: str) -> None:
    """Say how much of the map lies inside the lungs."""
    from cxr_core.saliency import outside_warning, share_inside

    assert desk.read is not None
    lungs = desk.read.lungs
    if lungs.doubt is not None:
        st.markdown(f"{lungs.doubt} So the share of the map inside them is not computed.")
        return
    share, area = share_inside(desk.maps(desk.method)[class_name], desk.read.lung_mask), lungs.area
    if math.isnan(share):
        st.markdown(f"The map for {in_words(class_name)} is empty: the model found no evidence for it on this film.")
        return
    warning = outside_warning(share, area)
    if warning:
        st.warning(f"{warning}{_seen(desk)}", icon=":material/warning:")
    else:
        st.markdown(
            f"**{share:.0%}** of the map for {in_words(class_name)} lies inside the lung fields, which cover {area:.0%} of the area."
        )


def _seen(desk: Desk) -> str:
    """Say how often that was so on the card's films: a warning that always comes says little of this film."""
    from cxr_core.saliency import seen_sentence

    assert desk.reader is not None
    card = card_if_there(desk.reader.classifier.identity)
    if card is None or card.saliency is None or desk.method != DEFAULT_METHOD:
        return ""
    return f" {seen_sentence(card.saliency)}"
