"""The model card: what was measured of the shipped classifier, what it means, and what must be said beside it. Loads no model."""

import streamlit as st

from cxr_core.card import CARD_FILE, SHIPPED_MODEL, STUDY_FOLDER, Interval, ModelCard, ModelError, read_card
from cxr_core.reporting import report
from pages import through_the_router
from pages.card.comparison import backbones, beside_the_report, training
from pages.card.data import data
from pages.card.doubt import doubt
from pages.card.gate import gate
from pages.card.parts import SECTIONS, bullets, draw_what_waits, large_figures, nothing_waits, section
from pages.card.results import results, shortcuts
from pages.card.saliency import saliency

through_the_router()


def headline(card: ModelCard) -> None:
    """Show the five figures that stand for the rest, beside the report's where it has the like."""
    results, external, theirs = card.results, card.external, report.FINAL
    covid = results.classes["COVID"]
    shares: list[tuple[str, Interval | None, str]] = [
        ("Accuracy", results.accuracy, f"{results.films:,} films · report {theirs.accuracy:.2f}"),
        ("COVID recall", covid.recall, f"{covid.support:,} films · report {theirs.classes['COVID'].recall:.2f}"),
        ("Macro F1", results.macro.f1, f"{results.films:,} films · report {theirs.macro.f1:.2f}"),
        (
            "Accuracy elsewhere",
            external.accuracy if external else None,
            f"{external.films:,} films of other collections" if external else "",
        ),
    ]
    figures = []
    for name, value, films in shares:
        if value is None or value.value is None:
            figures.append((name, "not measured", ""))
        else:
            about = films if value.low is None else f"{value.low:.3f} to {value.high:.3f} · {films}"
            figures.append((name, f"{value.value:.3f}", about))
    large_figures([*figures, ("Calibration error", f"{results.expected_calibration_error:.3f}", "0 is perfect")])


def use(card: ModelCard) -> None:
    """Say what the model is for and what it is not for."""
    section("use")
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**For**")
        bullets(card.statements.intended_use)
    with right:
        st.markdown("**Not for**")
        bullets(card.statements.not_for)


def files(card: ModelCard) -> None:
    """Offer the card itself."""
    section("files")
    st.markdown(f"{card.statements.licence}")
    st.caption(
        f"Written {card.written[:10]} by `{card.command}` with "
        + ", ".join(f"{name} {version}" for name, version in card.libraries.items())
        + f". Weights SHA-256 {card.model.sha256}."
    )
    st.download_button(
        "The card as JSON",
        (SHIPPED_MODEL / CARD_FILE).read_bytes(),
        CARD_FILE,
        "application/json",
        icon=":material/download:",
        on_click="ignore",
    )


try:
    card = read_card(SHIPPED_MODEL)
except ModelError as error:
    st.error(str(error), icon=":material/error:")
    st.stop()

st.header(f"Model card: {card.model.version}")
st.markdown(
    f"Measured on the {card.data.split} split, {card.results.films:,} films "
    + ("that no choice was made on." if card.data.split == "test" else "that choices may have been made on.")
    + " Below a figure: its 95% interval where it has one, and what the report has on another test set."
)
headline(card)
st.markdown(" · ".join(f"[{title}](#{anchor})" for anchor, title in SECTIONS.items()))
nothing_waits()
use(card)
data(card)
results(card)
doubt(card)
gate(card)
saliency(card)
shortcuts(card)
training(card)
beside_the_report(card)
compared = st.container()
files(card)
with compared:
    backbones(STUDY_FOLDER, card)  # the first visit to a server waits for its resampling; all else stands there by then
draw_what_waits()
