"""Which figures the pages use: those of a site card of this model, or the model card's. One choice a session, for all pages."""

from typing import Final

import streamlit as st

from cxr_core.site_cards import SiteCard, list_site_cards

CHOSEN: Final = "chosen_site_card"
"""Where a session keeps the name of the site card that it chose, or `MODEL_CARD`; nothing until somebody chooses."""

MODEL_CARD: Final = ""


def site_cards(weights_sha256: str) -> list[SiteCard]:
    """Return the site cards of these weights, the newest first."""
    return [card for card in list_site_cards()[0] if card.fits(weights_sha256)]


def chosen_site_card(weights_sha256: str) -> SiteCard | None:
    """Return the site card of these weights that is used: the chosen one, or else the newest; None for the model card."""
    chosen = st.session_state.get(CHOSEN)
    if chosen == MODEL_CARD:
        return None
    cards = site_cards(weights_sha256)
    return next((card for card in cards if card.name == chosen), cards[0] if cards else None)


def choose_site_card(name: str) -> None:
    """Use a site card from now on, or the model card for `MODEL_CARD`."""
    st.session_state[CHOSEN] = name


def site_card_choice(weights_sha256: str, key: str) -> None:
    """Let the figures be chosen, if there is a site card of these weights."""
    cards = {card.name: card for card in site_cards(weights_sha256)}
    if not cards:
        return
    chosen = chosen_site_card(weights_sha256)
    st.session_state[key] = MODEL_CARD if chosen is None else chosen.name
    st.selectbox(
        "Figures from",
        [*cards, MODEL_CARD],
        format_func=lambda name: f"Site card {name}, {cards[name].figures.films:,} films" if name else "The model card",
        key=key,
        on_change=_take,
        args=(key,),
        help="A site card holds what was measured on your own films, and a temperature and an operating point that were fitted to them. "
        "The Model card page lists them.",
    )


def _take(key: str) -> None:
    choose_site_card(st.session_state[key])
