"""What the model is for, and the card itself."""

from pathlib import Path

import streamlit as st

from cxr_core.artifacts import CARD_FILE, ModelCard
from pages.card.parts import bullets, section


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


def files(card: ModelCard, folder: Path) -> None:
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
        (folder / CARD_FILE).read_bytes(),
        CARD_FILE,
        "application/json",
        icon=":material/download:",
        on_click="ignore",
    )
