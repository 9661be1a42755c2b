"""What the page remembers.

One `CalculatorState` holds every number, and a `History` the states before it; each control is set from it before it is drawn, and changes
it when it is moved. So a slider and its box agree, and so do a link, a preset and the page.

The browser reports every control with each change. Of two quick steps of a slider, the second is reported with what the box beside it
said before the first, and would be undone by it. So the numbers' reports are taken together, when the page is drawn, and of several
those are passed over that repeat what the page had told their control.
"""

import time
from collections import defaultdict, deque
from dataclasses import replace
from typing import Any

import streamlit as st

from cxr_core.calculator import (
    HANDOVER_KEY,
    NO_MODEL,
    CalculatorState,
    Control,
    History,
    from_query,
    reconcile,
    to_query,
    with_point,
    with_source,
)
from pages.calculator.model import ShippedModel
from pages.site import choose_site_card, site_cards

TOLD_BEFORE = 8  # numbers of a control that a late report may still repeat


def open_calculator(model: ShippedModel) -> tuple[CalculatorState, ShippedModel]:
    """Return the numbers: of the link when the session begins. Later the session's own stand, and the link follows them.

    An operating point that another page has handed over is taken whenever there is one; see `cxr_core.calculator.point`.

    Returns
    -------
    CalculatorState
    ShippedModel
        With the figures that the link was made with, if it is one of those here that gives its numbers.
    """
    state = st.session_state
    if "history" not in state:
        linked, notes = from_query(st.query_params.to_dict())
        found, more, model = _reconciled(linked, model)
        state.history, state.figures = History(found), model.figures
        state.link_notes = notes + more
        state.told, state.reports, state.changed = defaultdict(lambda: deque(maxlen=TOLD_BEFORE)), [], False
        state.handed = found if found.source == "point" else None
    if "brought" in state:
        model = _take_brought(model, *state.pop("brought"))
    _take_reports()
    if HANDOVER_KEY in state:
        put(with_point(calculator(), "point", *state.pop(HANDOVER_KEY)))
        state.handed = calculator()
    if state.figures != model.figures:  # chosen here or on another page, or the site card is new or gone
        state.figures = model.figures
        if calculator().source in ("card", "threshold"):
            put(with_source(calculator(), calculator().source, model.offer))
    state.changed = False
    return calculator(), model


def _take_brought(model: ShippedModel, brought: CalculatorState, notes: tuple[str, ...]) -> ShippedModel:
    """Let a whole scenario stand that undo, redo or a pasted text brought; return the model with the figures that give its numbers."""
    found, more, model = _reconciled(brought, model)
    st.session_state.figures = model.figures
    if found != calculator():
        put(found)
    st.session_state.link_notes = notes + more
    return model


def _reconciled(linked: CalculatorState, model: ShippedModel) -> tuple[CalculatorState, tuple[str, ...], ShippedModel]:
    """Find the figures that give a link's numbers: those in use, or else other ones of this model, which are used from then on."""
    if linked.source == "typed":
        return *reconcile(linked, NO_MODEL), model
    first, notes = reconcile(linked, model.offer)
    if notes and linked.source in ("card", "threshold"):
        for other in (None, *site_cards(model.offer.model)):
            candidate = replace(model, site_card=other)
            found, faults = reconcile(linked, candidate.offer)
            if not faults:
                choose_site_card(candidate.figures)
                return found, (), candidate
    return first, notes, model


def calculator() -> CalculatorState:
    """Return the current numbers."""
    return st.session_state.history.now


def put(state: CalculatorState) -> None:
    """Let other numbers stand."""
    st.session_state.history.record(state, time.monotonic())
    st.session_state.link_notes = ()
    st.session_state.changed = True


def change(**fields: Any) -> None:
    """Change some of the numbers."""
    put(CalculatorState(**{**calculator().model_dump(), **fields}))


def bring(state: CalculatorState, notes: tuple[str, ...] = ()) -> None:
    """Let a whole scenario stand, as soon as the page is drawn: where its sensitivity of X-ray came from is compared with what is here."""
    st.session_state.brought = (state, notes)
    st.session_state.link_notes = ()
    st.session_state.changed = True


def tell(control_key: str, value: float) -> None:
    """Let the slider or the box of a number say `value`."""
    if st.session_state.get(control_key) != value:
        st.session_state.told[control_key].append(value)
    st.session_state[control_key] = value


def report(control: Control, control_key: str) -> None:
    """Take down what the slider or the box of a number says. An emptied box leaves the number as it was."""
    said = st.session_state[control_key]
    if said is not None:
        st.session_state.reports.append((control, control_key, said))


def _take_reports() -> None:
    """Let the numbers follow what was reported since the page was drawn."""
    state = st.session_state
    reports, state.reports = state.reports, []
    if state.changed or len(reports) > 1:
        fresh = [entry for entry in reports if entry[2] not in state.told[entry[1]]]
        reports = fresh if state.changed else fresh or reports
    for control, _, said in reports:
        change(**{control.field: control.value(said)})


def link_notes() -> None:
    """Say in one banner what of the link that opened the page could not be used, until a number is changed."""
    if st.session_state.link_notes:
        st.warning(" ".join(st.session_state.link_notes), icon=":material/link_off:")


def write_link() -> None:
    """Let the browser's address follow the numbers."""
    query = to_query(calculator())
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)
