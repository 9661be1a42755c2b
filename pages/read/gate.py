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
        st.markdown(f"The input gate {outcome}{reasons}")
    elif gate.outcome == "read":
        from cxr_core.gate import PASSED

        st.markdown(f":material/check: {PASSED}")
    elif gate.outcome == "warning":
        st.warning(f"**Read with a warning.** {reasons}", icon=":material/warning:")
    else:
        _refusal(desk, reasons)


def _refusal(desk: Desk, reasons: str) -> None:
    """Say what the gate saw and what to try: as gravely when the read is shown all the same."""
    from cxr_core.gate import what_to_try

    assert desk.read is not None
    title = (
        "Refused by the input gate, shown at your request: do not rely on it." if desk.forced else "Not read: refused by the input gate."
    )
    seen = f"**{title}**  \n**What it saw:** {reasons}"
    tried = what_to_try(desk.read.gate.refusing)
    st.error(f"{seen}  \n**What to try:** {tried}" if tried else seen, icon=":material/block:")
    if not desk.forced:
        st.button(
            "Show anyway",
            icon=":material/visibility:",
            on_click=_force,
            args=(desk,),
            help="Shows what the model says of this film. It was never tested on such films; the report will say that it was refused.",
        )


def _force(desk: Desk) -> None:
    desk.forced = True
