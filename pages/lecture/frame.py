"""The frame around a step: which one the address names, how to get to the others, large type, and the overview."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Final

import streamlit as st

from pages.lecture.film import say_which_film
from pages.lecture.steps import CHAPTERS, STEPS
from pages.script import run_once

_HOMES: Final = {
    "neuron": "neuron",
    "loss": "neuron",
    "convolution": "convolution",
    "pooling": "convolution",
    "depths": "through",
    "dense": "through",
    "gradcam": "gradcam",
    "transfer": "transfer",
    "cheats": "cheats",
}
"""The module that draws each step, by a function of the step's name; imported when it is first shown."""

_ENTER: Final = Path(__file__).parent / "step.js"


def keep_choices() -> None:
    """Keep what was chosen in a step while others are shown: Streamlit forgets a control that is off screen."""
    for key in [key for key in st.session_state if str(key).startswith("lecture_")]:
        st.session_state[key] = st.session_state[key]


def opened_step() -> str | None:
    """Return the step that the address names; None for the overview."""
    name = st.query_params.get("step")
    if name is not None and name not in STEPS:
        st.info("The link names a step that does not exist. Choose one below.", icon=":material/link_off:")
    return name if name in STEPS else None


def _open(name: str | None) -> None:
    st.query_params.from_dict({} if name is None else {"step": name})


def top(name: str | None) -> None:
    """Draw where one is and the ways to the neighbours. The keys are those that a presenter's remote control sends."""
    names = [None, *STEPS]
    at = names.index(name)
    before, behind = names[at - 1] if at else None, names[at + 1] if at + 1 < len(names) else None
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="lecture-top"):
        for label, icon, key, target, disabled in (
            ("Previous", ":material/arrow_back:", "PageUp", before, at == 0),
            ("Next", ":material/arrow_forward:", "PageDown", behind, at + 1 == len(names)),
        ):
            st.button(
                label, icon=icon, key=f"to-{label.lower()}", shortcut=key, on_click=_open, args=(target,), disabled=disabled,
                type="primary" if label == "Next" else "secondary",
            )  # fmt: skip
        st.button("Overview", icon=":material/list:", key="to-overview", on_click=_open, args=(None,), disabled=at == 0)
        st.toggle("Large type", key="lecture_large", help="For a projector.")
        if name is not None:
            st.caption(f"Step {at} of {len(STEPS)} · {STEPS[name].chapter}", width="content")


def overview() -> None:
    """Draw all steps, by chapter."""
    st.header("How it works", anchor=False)
    st.markdown("From one neuron to this network's answer to one film, step by step. Every number is computed as you look.")
    say_which_film()
    for number, (chapter, steps) in enumerate(CHAPTERS.items(), 1):
        st.markdown(f"**{number}. {chapter}**")
        with st.container(horizontal=True, gap="small"):
            for name, step in steps.items():
                st.button(step.title, key=f"to-{name}", on_click=_open, args=(name,))


def draw_step(name: str) -> None:
    """Draw a step: title, sentence, and what it shows."""
    step = STEPS[name]
    st.header(step.title, anchor=False)
    st.markdown(step.about)
    draw: Callable[[], None] = getattr(import_module(f"pages.lecture.{_HOMES[name]}"), name)
    draw()


def ends(name: str | None) -> None:
    """Draw the way on below a step, where a phone has scrolled to, and show each step from its top."""
    names = list(STEPS)
    at = -1 if name is None else names.index(name)
    if at + 1 < len(names):
        behind = names[at + 1]
        st.button(f"Next: {STEPS[behind].title}", icon=":material/arrow_forward:", key="to-next-below", on_click=_open, args=(behind,))
    run_once(_ENTER, f"the step {name}")
