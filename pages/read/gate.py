"""What the input gate says, before anything else is said of a film."""

import streamlit as st

from pages.read.desk import Desk


def gate_notice(desk: Desk) -> None:
    """Say whether the film should be read, and why not; of a refused one, offer to show the read all the same."""
    assert desk.read is not None
    gate = desk.read.gate
    reasons = " ".join(gate.reasons)
    if desk.is_phantom:
        outcome = {"read": "lets it pass.", "warning": "warns: ", "refused": "would refuse it: "}[gate.outcome]
        st.caption(f"The input gate {outcome}{reasons}")
    elif gate.outcome == "read":
        from cxr_core.gate import PASSED

        st.caption(f":material/check: {PASSED}")
    elif gate.outcome == "warning":
        st.warning(f"**Read with a warning.** {reasons}", icon=":material/warning:")
    elif desk.forced:
        st.warning(f"**The input gate refused this film. Do not rely on the read below.** {reasons}", icon=":material/warning:")
    else:
        st.error(f"**Not read: the input gate refused this film.** {reasons}", icon=":material/block:")
        st.button(
            "Show anyway",
            icon=":material/visibility:",
            on_click=_force,
            args=(desk,),
            help="Shows what the model says of this film. It was never tested on such films; the report will say that it was refused.",
        )


def _force(desk: Desk) -> None:
    desk.forced = True
