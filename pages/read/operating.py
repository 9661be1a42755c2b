"""The operating point: from which probability a film is called COVID, and what such a call is worth among the user's patients."""

import streamlit as st

from cxr_core.calculator import HANDOVER_KEY, Handover
from cxr_core.errors import SecondLookError
from cxr_core.site_cards import SiteCard
from pages.read.desk import Desk
from pages.read.model import measured
from pages.site import site_card_choice

STEP = 0.001


def figures_choice(desk: Desk) -> None:
    """Let the figures of a site card be used, or the model card's, if there is a site card."""
    assert desk.reader is not None
    if not desk.beyond_gate:
        site_card_choice(desk.reader.classifier.identity.sha256, "read_figures")


@st.fragment
def operating_point(desk: Desk) -> None:
    """Show the call at a threshold that can be moved, with its sensitivity and specificity and the predictive values."""
    from cxr_core.calibration import DEFAULT_PREVALENCE, MeasuredFilms, beside_the_set, call_film

    read, reader = desk.read, desk.reader
    assert read is not None
    assert reader is not None
    desk.call = None
    if desk.beyond_gate:
        st.markdown("No call for a refused film: nobody has measured how often one is right for such films.")
        return
    identity, calibration, site = reader.classifier.identity, reader.classifier.calibration, desk.site_card
    own_point = calibration.operating_point if site is None else site.operating_point
    chosen = calibration.threshold if site is None else site.threshold
    try:
        films = measured(identity) if site is None else MeasuredFilms.of_site(site)
    except SecondLookError as error:
        st.warning(str(error), icon=":material/warning:")
        return
    state = st.session_state
    threshold = standing_threshold(chosen, site)
    entered = state.get("read_prevalence")
    prevalence = 100 * DEFAULT_PREVALENCE if entered is None else entered
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
        help="Probability of COVID from which a film counts as positive.",
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
        help="Share of the patients like this one who have COVID. PPV and NPV depend on it.",
    )
    known = None if entered is None else entered / 100
    desk.call = call = call_film(read.probabilities, own_point, films, threshold, known)
    point = call.operating_point
    called = "Called COVID-positive" if call.positive else "Not called COVID-positive"
    beside = beside_the_set(call.positive, read.prediction_set)
    verdict.markdown(f"**{called}** at a threshold of {threshold:.3f}. {call.rule_text} {beside}".rstrip())
    figures = {
        "Sensitivity": str(point.sensitivity),
        "Specificity": str(point.specificity),
        f"PPV at {prevalence:g}%": call.ppv_text,
        f"NPV at {prevalence:g}%": call.npv_text,
    }
    st.markdown("  \n".join(f"{name} **{_written(figure)}" for name, figure in figures.items()))
    source = "" if site is None else f"{site.source_text}. "
    st.caption(f"{source}From {point.cases} films of COVID and {point.others} others {call.films_text} In brackets: 95% intervals.")
    with st.container(horizontal=True):
        if threshold != chosen:
            st.button(f"Back to {chosen:.3f}", icon=":material/undo:", on_click=_reset_threshold, args=(chosen,))
        if point.cases > 0 and point.others > 0:
            st.button(
                "Use in PCR or X-ray?",
                icon=":material/balance:",
                on_click=_hand_over,
                args=(Handover(point, identity.sha256),),
                help="Opens the calculator with this sensitivity and specificity of X-ray. The specificity counts there once you switch "
                "false positives on.",
            )
    if HANDOVER_KEY in state:
        st.switch_page("pages/net_benefit.py")


def _hand_over(handover: Handover) -> None:
    st.session_state[HANDOVER_KEY] = handover


def _written(figure: str) -> str:
    """Write a figure, the end of bold type between value and interval."""
    value, _, interval = figure.partition(" [")
    return f"{value}** [{interval}" if interval else f"{value}**"


def _forget_threshold_of_other_figures(figures: object) -> None:
    """Let the threshold be that of the operating point again where other figures are used than before: it is of another temperature."""
    state = st.session_state
    if state.get("read_threshold_of") != figures:
        state.read_threshold_of, state.read_threshold = figures, None
        state.pop("read_threshold_slider", None)


def standing_threshold(chosen: float, site: SiteCard | None) -> float:
    """Return the threshold that stands: that of the site card or the model until it is moved, and again when it is moved back there."""
    _forget_threshold_of_other_figures(None if site is None else (site.name, site.written))
    moved = st.session_state.get("read_threshold")
    return chosen if moved is None or abs(moved - chosen) < STEP / 2 else moved


def _take_threshold() -> None:
    st.session_state.read_threshold = st.session_state.read_threshold_slider


def _take_prevalence() -> None:
    st.session_state.read_prevalence = st.session_state.read_prevalence_input


def _reset_threshold(chosen: float) -> None:
    st.session_state.read_threshold = None
    st.session_state.read_threshold_slider = chosen
