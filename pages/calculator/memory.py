"""What the page remembers.

One `CalculatorState` holds every number; each control is set from it before it is drawn, and changes it when it is moved. So a slider and
its box agree, and so do a link, a preset and the page.

The browser reports every control with each change. Of two quick steps of a slider, the second is reported with what the box beside it
said before the first, and would be undone by it. So the numbers' reports are taken together, when the page is drawn, and of several
those are passed over that repeat what the page had told their control.
"""

from collections import defaultdict, deque
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from cxr_core.decision import HANDOVER_KEY, NO_MODEL, CalculatorState, Control, from_query, point_of, reconcile, to_query, with_point
from pages.calculator.model import ShippedModel

TOLD_BEFORE = 8  # numbers of a control that a late report may still repeat


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
        state.told, state.reports, state.changed = defaultdict(lambda: deque(maxlen=TOLD_BEFORE)), [], False
        state.handed = point_of(state.calculator) if state.calculator.source == "point" else None
    _take_reports()
    if HANDOVER_KEY in state:
        state.handed = state.pop(HANDOVER_KEY)
        put(with_point(calculator(), "point", state.handed))
    state.changed = False
    return calculator()


def calculator() -> CalculatorState:
    """Return the current numbers."""
    return st.session_state.calculator


def put(state: CalculatorState) -> None:
    """Let other numbers stand."""
    st.session_state.calculator = state
    st.session_state.link_notes = ()
    st.session_state.changed = True


def change(**fields: Any) -> None:
    """Change some of the numbers."""
    put(CalculatorState(**{**calculator().model_dump(), **fields}))


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
    """Say what of the link that opened the page could not be used, until a number is changed."""
    for note in st.session_state.link_notes:
        st.warning(note, icon=":material/link_off:")


def write_link() -> str:
    """Let the browser's address follow the numbers; return it."""
    query = to_query(calculator())
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)
    return f"{st.context.url or ''}?{urlencode(query)}"
