"""Which part of the card is open: the address says so, and pills, links within the page and the search all write the address."""

from pathlib import Path
from typing import Final

import streamlit as st

from pages.card.contents import PART_OF, PARTS, title_of
from pages.script import run_once

_BRING: Final = Path(__file__).parent / "bring.js"


def finder() -> str | None:
    """Draw the search and the pills; return the part that is open."""
    item = st.query_params.get("show")
    part = PART_OF.get(item or "", st.query_params.get("part"))
    st.session_state.card_part = part if part in PARTS else None
    st.session_state.card_item = item if item in PART_OF else None
    with st.container(key="finder"):
        st.pills(
            "Parts",
            list(PARTS),
            format_func=lambda name: PARTS[name],
            key="card_part",
            on_change=lambda: _write(part=st.session_state.card_part),
        )
        st.selectbox(
            "Find a chart or a table",
            list(PART_OF),
            format_func=title_of,
            key="card_item",
            placeholder="Find a chart or a table",
            label_visibility="collapsed",
            width=480,
            on_change=lambda: open_at(st.session_state.card_item),
        )
    if part not in (None, *PARTS) or item not in (None, *PART_OF):
        st.info("The link names something that this card does not have. Choose a part above.", icon=":material/link_off:")
    return st.session_state.card_part


def open_at(target: str | None) -> None:
    """Open a part of the card, or the one that holds a chart or a table; None closes them."""
    if target in PART_OF:
        _write(part=PART_OF[target], show=target)
    else:
        _write(part=target)


def link(label: str, target: str) -> None:
    """Link to a part, or to a chart or a table in one."""
    st.button(label, key=f"to-{target}-{label}", type="tertiary", on_click=open_at, args=(target,))


def _write(**query: str | None) -> None:
    st.query_params.from_dict({name: value for name, value in query.items() if value is not None})


def bring_into_view() -> None:
    """Scroll to what was opened, and give a chart or a table that was looked for, if it is there, the focus; once, when it is opened."""
    item, part = st.session_state.card_item, st.session_state.card_part
    if part is not None:
        run_once(_BRING, f"{item} in the part {part}", f".st-key-{item}")
