"""What the page remembers.

One `CalculatorState` holds every number; each control is set from it before it is drawn, and changes it when it is moved. So a slider and
its box agree, and so do a link, a preset and the page.
"""

from typing import Any
from urllib.parse import urlencode

import streamlit as st

from cxr_core.decision import HANDOVER_KEY, NO_MODEL, CalculatorState, from_query, point_of, reconcile, to_query, with_point
from pages.calculator.model import ShippedModel


def open_calculator(model: ShippedModel) -> CalculatorState:
    """Return the numbers: of the link when the session begins. Later the session's own stand, and the link follows them.

    An operating point that another page has handed over is taken whenever there is one; see `cxr_core.decision.model_point`.
    """
    state = st.session_state
    if "calculator" not in state:
        linked, notes = from_query(st.query_params.to_dict())
        state.calculator, more = reconcile(linked, model.offer if linked.source != "typed" else NO_MODEL)
        state.link_notes = notes + more
        state.before, state.chosen = None, None
        state.handed = point_of(state.calculator) if state.calculator.source == "point" else None
    if HANDOVER_KEY in state:
        state.handed = state.pop(HANDOVER_KEY)
        put(with_point(calculator(), "point", state.handed))
    return calculator()


def calculator() -> CalculatorState:
    """Return the current numbers."""
    return st.session_state.calculator


def put(state: CalculatorState) -> None:
    """Let other numbers stand."""
    st.session_state.calculator = state
    st.session_state.link_notes = ()


def change(**fields: Any) -> None:
    """Change some of the numbers."""
    put(CalculatorState(**{**calculator().model_dump(), **fields}))


def link_notes() -> None:
    """Say what of the link that opened the page could not be used, until a number is changed."""
    for note in st.session_state.link_notes:
        st.warning(note, icon=":material/link_off:")


def write_link() -> str:
    """Let the browser's address follow the numbers; return it."""
    query = to_query(calculator())
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)
    return f"{st.context.url or ''}?{urlencode(query)}"
