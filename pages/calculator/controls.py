"""The controls that everything else on the page is put together from."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from cxr_core.calculator import CONTROLS, symbol_latex
from cxr_core.decision import PARAMETERS, ParameterName
from pages.calculator.memory import calculator, change, report, tell

ALONE = "This compares X-ray alone with PCR alone; the sentence, the first plot and the tornado compare all five strategies."


def number(field: str, *, disabled: bool = False, widths: tuple[int, int] = (5, 2), said: bool = True) -> None:
    """Draw what a number means, unless that is said elsewhere, its slider, and its box beside it."""
    control = CONTROLS[field]
    tell(f"slider_{field}", control.nearest(getattr(calculator(), field)))
    with st.container(gap="xsmall", key=f"row_{field}"):
        if said:
            st.markdown(f":small[{symbol(control.symbol)} · {control.meaning} :gray[({control.unit})]]")
        sliding, typing = st.columns(widths, vertical_alignment="center", wrap=False)
        sliding.select_slider(
            control.meaning,
            control.grid,
            format_func=control.text,
            key=f"slider_{field}",
            on_change=report,
            args=(control, f"slider_{field}"),
            disabled=disabled,
            label_visibility="collapsed",
        )
        with typing:
            box(field, f"{control.meaning} ({control.unit})", disabled=disabled, label_visibility="collapsed")


def box(field: str, label: str, **options: Any) -> None:
    """Draw the box of a number."""
    control = CONTROLS[field]
    tell(f"box_{field}", control.shown(getattr(calculator(), field)))
    st.number_input(
        label,
        control.low,
        control.high,
        step=control.step,
        format=control.box_format,
        key=f"box_{field}",
        on_change=report,
        args=(control, f"box_{field}"),
        **options,
    )


def switch(field: str, label: str, hint: str) -> bool:
    """Draw a switch; return whether it is on."""
    st.session_state[f"set_{field}"] = getattr(calculator(), field)
    return st.toggle(label, key=f"set_{field}", on_change=from_widget, args=(field,), help=hint)


def view_choice(name: str, label: str, options: Mapping[str, str]) -> str:
    """Draw a choice of how something is shown, the first to begin with; return what is chosen. `options` are labels by name."""
    chosen = kept(name, next(iter(options)))
    st.segmented_control(label, list(options), format_func=options.__getitem__, required=True, key=name, on_change=keep, args=(name,))
    return chosen


def kept(name: str, default: str) -> str:
    """Set a control of the view to what it said last, and return that. Streamlit forgets a control that was off screen meanwhile."""
    st.session_state[name] = st.session_state.get(f"kept_{name}", default)
    return st.session_state[name]


def keep(name: str) -> None:
    """Remember what a control of the view says."""
    st.session_state[f"kept_{name}"] = st.session_state[name]


def titled(name: ParameterName) -> str:
    """Write a parameter's name for a list."""
    return PARAMETERS[name].title


def symbol(name: str) -> str:
    """Write a symbol for a label."""
    return f"${symbol_latex(name)}$"


def from_widget(field: str) -> None:
    """Take what a switch or a list says."""
    change(**{field: st.session_state[f"set_{field}"]})
