"""Site cards: what a user's own films say of one model. They lie in the user's data folder, and hold no film and no file name."""

from cxr_core.site_cards.card import CURVE_STEP, FEWEST_FILMS, FEWEST_OF_A_KIND, SiteCard, SiteComparison, SiteCurve, SiteFigures
from cxr_core.site_cards.errors import (
    SiteCardMissingError,
)
from cxr_core.site_cards.folder import (
    check_new_site_card,
    list_site_cards,
    remove_site_card,
    site_cards_folder,
    write_site_card,
)

__all__ = [
    "CURVE_STEP",
    "FEWEST_FILMS",
    "FEWEST_OF_A_KIND",
    "SiteCard",
    "SiteCardMissingError",
    "SiteComparison",
    "SiteCurve",
    "SiteFigures",
    "check_new_site_card",
    "list_site_cards",
    "remove_site_card",
    "site_cards_folder",
    "write_site_card",
]
