"""Read first: the clinician's own opinion before the model's."""

from datetime import datetime
from typing import Final

import streamlit as st

from cxr_core.labels import CLASS_NAMES, in_words
from pages.read.desk import Desk

REVEALED: Final = "revealed_films"
"""Where a session keeps the films of which it has shown the model's read."""


def read_first_toggle() -> None:
    """Offer to read first. It holds for the session, and shows the read when it is switched off."""
    st.toggle(
        "Read first",
        value=st.session_state.get("read_first", False),
        key="read_first_toggle",
        on_change=_take,
        help="Give your own opinion before you see the model's: you see the film alone until you commit to a class. The report then holds "
        "both. Nothing is kept when the session ends.",
    )


def _take() -> None:
    st.session_state.read_first = st.session_state.read_first_toggle


def wants_to_read_first() -> bool:
    """Say whether the clinician gives an opinion before the model's is shown."""
    return bool(st.session_state.get("read_first"))


def reads_first(desk: Desk) -> bool:
    """Say whether the model's read is still to be kept from the clinician."""
    return wants_to_read_first() and desk.opinion is None and not _revealed(desk)


def opinion_form(desk: Desk) -> None:
    """Ask for the clinician's opinion."""
    from cxr_core.reporting import CONFIDENCE_WORDS

    before = not _revealed(desk)
    with st.form(f"opinion_{desk.number}", border=before):
        if before:
            st.markdown("**Your read first.** Commit to yours to see the model's.")
        st.pills("What is it?", CLASS_NAMES, format_func=in_words, key=_key(desk, "class"))
        st.pills("How sure are you?", CONFIDENCE_WORDS, key=_key(desk, "confidence"))
        st.form_submit_button("Commit", type="primary" if before else "secondary", on_click=_commit, args=(desk,))
        if st.session_state.pop("opinion_incomplete", False):
            st.error("Choose a class, and how sure you are, first.", icon=":material/error:")


def _key(desk: Desk, part: str) -> str:
    return f"opinion_{part}_{desk.number}"


def _commit(desk: Desk) -> None:
    from cxr_core.reporting import CONFIDENCE_WORDS, Opinion

    state = st.session_state
    class_name, words = state[_key(desk, "class")], state[_key(desk, "confidence")]
    if class_name is None or words is None:
        state.opinion_incomplete = True
        return
    desk.opinion = Opinion(class_name, CONFIDENCE_WORDS.index(words) + 1, datetime.now().astimezone(), before_reveal=not _revealed(desk))


def opinion_beside_read(desk: Desk) -> None:
    """Put the clinician's opinion beside the model's read, if there is one."""
    from cxr_core.calibration import probability_text
    from cxr_core.reporting import agreement

    opinion, read = desk.opinion, desk.read
    if opinion is None or read is None:
        return
    lines = [f"**You:** {in_words(opinion.class_name)}, {opinion.confidence_text}"]
    if not desk.refused:
        lines.append(f"**Model:** {in_words(read.top_class)}, {probability_text(read.probabilities[read.top_class])}")
        lines.append(agreement(opinion, read.top_class, None if desk.beyond_gate else read.prediction_set))
    if not opinion.before_reveal:
        lines.append("Given after the model's read was shown.")
    st.info("  \n".join(lines), icon=":material/stethoscope:")


def _revealed(desk: Desk) -> bool:
    """Tell whether this session has shown the model's read of the film, be it that the film was taken away meanwhile."""
    return desk.layer.key in st.session_state.get(REVEALED, ())
