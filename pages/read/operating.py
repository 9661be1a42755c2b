"""The operating point: from which probability a film is called COVID, and what such a call is worth among the user's patients."""

import streamlit as st

from cxr_core.decision import HANDOVER_KEY, ModelPoint
from cxr_core.errors import SecondLookError
from pages.read.desk import Desk
from pages.read.model import card_of, measured

STEP = 0.001
DEFAULT_PREVALENCE = 5.0
"""In percent. No more than a number to begin with: the user's patients are not known."""


@st.fragment
def operating_point(desk: Desk) -> None:
    """Show the call at a threshold that can be moved, with its sensitivity and specificity and the predictive values."""
    from cxr_core.doubt import RULES, count_at, predictive_values
    from cxr_core.read_report import Call

    read, reader = desk.read, desk.reader
    assert read is not None
    assert reader is not None
    if desk.beyond_gate:
        desk.call = None
        st.caption("No call is made on a refused film: how often it would be right is not known for films like it.")
        return
    identity, chosen = reader.classifier.identity, reader.classifier.doubt.operating_point
    try:
        split = card_of(identity).data.split
        is_covid, probability = measured(identity)
    except SecondLookError as error:
        desk.call = None
        st.warning(str(error), icon=":material/warning:")
        return
    state = st.session_state
    threshold = _threshold(chosen.threshold)
    entered = state.get("read_prevalence")
    prevalence = DEFAULT_PREVALENCE if entered is None else entered
    verdict = st.empty()
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    state.setdefault("read_threshold_slider", threshold)
    left.slider(
        "Threshold for COVID",
        0.0,
        1.0,
        step=STEP,
        format="%.3f",
        key="read_threshold_slider",
        on_change=_take_threshold,
        help="Probability of COVID from which a film is called positive.",
    )
    right.number_input(
        "Prevalence, %",
        0.0,
        100.0,
        prevalence,
        step=0.1 if prevalence <= 1 else 1.0,
        format="%.2f",
        key="read_prevalence_input",
        on_change=_take_prevalence,
        help="Share of the patients like this one who have COVID. The predictive values hang on it.",
    )
    counts = count_at(is_covid, probability, threshold)
    ppv, npv = predictive_values(counts, prevalence / 100)
    is_chosen = threshold == chosen.threshold
    rule = RULES[chosen.rule] if is_chosen else "Set by hand."
    positive = read.probabilities["COVID"] >= threshold
    desk.call = call = Call(
        threshold=threshold,
        rule=rule,
        positive=positive,
        prevalence=prevalence / 100,
        prevalence_is_default=entered is None,
        sensitivity=counts.sensitivity,
        specificity=counts.specificity,
        ppv=ppv,
        npv=npv,
        cases=counts.cases,
        others=counts.others,
        split=split,
    )
    called = "Called COVID-positive" if positive else "Not called COVID-positive"
    beside = ""
    if positive != ("COVID" in read.prediction_set):
        beside = f" The prediction set {'does not hold' if positive else 'holds'} COVID: the two are set by different rules."
    verdict.markdown(f"**{called}** at a threshold of {threshold:.3f}. {rule}{beside}")
    figures = {
        "Sensitivity": str(counts.sensitivity),
        "Specificity": str(counts.specificity),
        f"PPV at {prevalence:g}%": call.ppv_text,
        f"NPV at {prevalence:g}%": call.npv_text,
    }
    st.markdown("  \n".join(f"{name} **{_written(figure)}" for name, figure in figures.items()))
    st.caption(
        f"In brackets the 95% intervals, from {counts.cases} films of COVID and {counts.others} others of the {split} split. On films from "
        "elsewhere the figures may be far worse."
    )
    with st.container(horizontal=True):
        if not is_chosen:
            st.button(f"Back to {chosen.threshold:.3f}", icon=":material/undo:", on_click=_reset_threshold, args=(chosen.threshold,))
        if counts.cases > 0 and counts.others > 0:
            point = ModelPoint(counts.found / counts.cases, counts.cleared / counts.others, threshold, float(counts.cases), identity.sha256)
            st.button(
                "Use in PCR or X-ray?",
                icon=":material/balance:",
                on_click=_hand_over,
                args=(point,),
                help="Opens the calculator with this sensitivity and specificity of X-ray. The specificity counts there once false "
                "positives are switched on.",
            )
    if HANDOVER_KEY in state:
        st.switch_page("pages/net_benefit.py")


def _hand_over(point: ModelPoint) -> None:
    st.session_state[HANDOVER_KEY] = point


def _written(figure: str) -> str:
    """Write a figure, the end of bold type between value and interval."""
    value, _, interval = figure.partition(" [")
    return f"{value}** [{interval}" if interval else f"{value}**"


def _threshold(chosen: float) -> float:
    """Return the threshold that stands: the model's own until it is moved, and again when it is moved back there."""
    moved = st.session_state.get("read_threshold")
    return chosen if moved is None or abs(moved - chosen) < STEP / 2 else moved


def _take_threshold() -> None:
    st.session_state.read_threshold = st.session_state.read_threshold_slider


def _take_prevalence() -> None:
    st.session_state.read_prevalence = st.session_state.read_prevalence_input


def _reset_threshold(chosen: float) -> None:
    st.session_state.read_threshold = None
    st.session_state.read_threshold_slider = chosen
