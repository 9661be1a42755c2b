"""Whether the model works on the user's own films: how to measure that, and the site cards that are kept."""

from contextlib import suppress
from functools import partial

import streamlit as st

from cxr_core.artifacts import ModelCard
from cxr_core.model_card import site_card
from cxr_core.site_cards import SiteCard, SiteCardMissingError, SiteFigures, list_site_cards, remove_site_card, site_cards_folder
from pages.card.measure import measure_here
from pages.card.parts import bullets, section, show_table, when_opened


def own_films(card: ModelCard) -> None:
    """Show how films of one's own are measured, and the site cards with their figures beside the model card's."""
    section("own")
    st.markdown(
        "Only your own films tell whether the model works in your department; a hundred of known class are a start. This command, or the "
        "form below for whoever sits at this computer, reads them on this computer, PNG, JPEG or DICOM, and compares the figures with "
        "this card. `DIR` holds a folder for each class that you have films of, or a `manifest.csv` with the columns `path` and `label`."
    )
    st.code(site_card.KEEP_COMMAND, language="bash", wrap_lines=True)
    st.markdown(
        "`--keep` keeps a site card under a name of your choice: the figures, and a temperature and an operating point fitted to your "
        "films by cross-validation. It holds no film and no file name. The read page and the calculator then use the newest, until you "
        "choose the model card there."
    )
    measure_here(card, partial(_found, card=card))
    cards, damaged = list_site_cards()
    for name in damaged:
        st.warning(f"The site card {name} is damaged or of another version, and is not used.", icon=":material/warning:")
        _removal(name)
    if not cards:
        st.markdown("No site card is kept on this computer.")
        return
    show_table(site_card.cards_table(card, cards), "site-cards", words=["applies"])
    st.caption(f"Kept in {site_cards_folder()}.")
    for one in cards:
        _site_card(one, card)


def _site_card(one: SiteCard, card: ModelCard) -> None:
    """Show what a site card says, and let it be removed."""
    applies = one.fits(card.model.sha256)
    st.markdown(f"**Site card {one.name}**, {one.written:%Y-%m-%d}. {site_card.films_sentence(one.figures)}")
    st.markdown(
        site_card.verdict(one.figures)
        if applies
        else f"Not applicable: it was measured with other weights, {one.model}. It is never used with these."
    )
    when_opened(f"Figures of {one.name}", f"site-{one.name}", partial(_figures, one, card if applies else None))
    _removal(one.name)


def _found(figures: SiteFigures, card: ModelCard) -> None:
    """Show what was just measured on the user's own films."""
    st.markdown(f"**Your films.** {site_card.films_sentence(figures)} {site_card.verdict(figures)}")
    _said(figures)
    show_table(site_card.figures_table(figures, card), "own-films")
    st.markdown("Top class of these films:")
    show_table(site_card.confusion_table(figures), "own-films-confusion")
    st.caption(site_card.METHOD)


def _said(found: SiteFigures) -> None:
    calibration = site_card.calibration_sentence(found)
    bullets([*site_card.caveats(found), *site_card.comparison_sentences(found), *([calibration] if calibration else [])])


def _figures(one: SiteCard, card: ModelCard | None) -> None:
    found = one.figures
    _said(found)
    show_table(site_card.figures_table(found, card), f"site-{one.name}")
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("Top class of these films:")
        show_table(site_card.confusion_table(found), f"site-{one.name}-confusion")
    with right:
        st.markdown("Fitted to these films:")
        bullets(site_card.fit_sentences(one))
    st.caption(site_card.METHOD)


def _removal(name: str) -> None:
    """Let a site card be removed, with a second press."""
    with st.popover(f"Remove {name}", icon=":material/delete:", type="tertiary"):
        st.markdown("This cannot be undone. Your films are not touched.")
        st.button("Remove it", key=f"remove-{name}", type="primary", on_click=_remove, args=(name,))


def _remove(name: str) -> None:
    with suppress(SiteCardMissingError):  # somebody was faster
        remove_site_card(name)
