"""Site cards on disk: they lie in the user's data folder, and leave it when the user says so."""

from pathlib import Path

import platformdirs
from pydantic import ValidationError

from cxr_core.files import replace_file
from cxr_core.site_cards.card import SITE_CARD_NAME, SiteCard
from cxr_core.site_cards.errors import SiteCardDamagedError, SiteCardExistsError, SiteCardMissingError, SiteCardNameError


def site_cards_folder() -> Path:
    """Return where site cards lie: in the user's data folder, as the system has it."""
    return platformdirs.user_data_path("second-look", appauthor=False) / "site-cards"


def check_new_site_card(name: str, folder: Path | None = None) -> None:
    """See that a site card can be kept under a name, before films are read for it.

    Parameters
    ----------
    name : str
        Letters, digits, spaces, hyphens and underscores; 40 at most, a letter or digit first.
    folder : Path, optional
        Where site cards lie; `site_cards_folder()` without it.

    Raises
    ------
    SiteCardNameError
        The name cannot be that of a file.
    SiteCardExistsError
        There is one of this name.
    """
    if _path(name, folder).exists():
        raise SiteCardExistsError(f"There is a site card {name!r} already. Choose another name, or remove that one with --forget.")


def write_site_card(card: SiteCard, folder: Path | None = None) -> Path:
    """Keep a site card; return its file.

    Raises
    ------
    SiteCardNameError, SiteCardExistsError
        As `check_new_site_card`.
    """
    check_new_site_card(card.name, folder)
    path = _path(card.name, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, lambda partial: partial.write_text(card.model_dump_json(indent=1) + "\n", encoding="utf-8"))
    return path


def read_site_card(name: str, folder: Path | None = None) -> SiteCard:
    """Read a site card.

    Raises
    ------
    SiteCardNameError
        The name cannot be that of a file.
    SiteCardMissingError
        There is none of this name.
    SiteCardDamagedError
        It cannot be read, does not fit the schema, or is of another name.
    """
    path = _path(name, folder)
    if not path.is_file():
        raise SiteCardMissingError(f"There is no site card {name!r}. --list shows those that are there.")
    try:
        card = SiteCard.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise SiteCardDamagedError(
            f"The site card {name!r} is damaged or of another version. Remove it with --forget, and keep it anew with 'validate'."
        ) from error
    if card.name != name:
        raise SiteCardDamagedError(f"The file of the site card {name!r} holds the one called {card.name!r}. Give it back its name.")
    return card


def list_site_cards(folder: Path | None = None) -> tuple[list[SiteCard], list[str]]:
    """Read all site cards.

    Returns
    -------
    cards : list of SiteCard
        The newest first.
    damaged : list of str
        Names of those that cannot be read.
    """
    cards, damaged = [], []
    for path in sorted((folder or site_cards_folder()).glob("*.json")):
        if not SITE_CARD_NAME.fullmatch(path.stem):
            continue  # no file of ours
        try:
            cards.append(read_site_card(path.stem, folder))
        except SiteCardDamagedError:
            damaged.append(path.stem)
        except SiteCardMissingError:
            continue  # removed meanwhile
    return sorted(cards, key=lambda card: card.written, reverse=True), damaged


def remove_site_card(name: str, folder: Path | None = None) -> None:
    """Remove a site card, whether or not it can be read.

    Raises
    ------
    SiteCardNameError, SiteCardMissingError
        As `read_site_card`.
    """
    try:
        _path(name, folder).unlink()
    except FileNotFoundError as error:
        raise SiteCardMissingError(f"There is no site card {name!r}. --list shows those that are there.") from error


def _path(name: str, folder: Path | None) -> Path:
    if not SITE_CARD_NAME.fullmatch(name):
        raise SiteCardNameError(
            "A site card's name is made of letters from A to Z, digits, spaces, hyphens and underscores, 40 at most, a letter or a digit "
            "first and no space last."
        )
    return (folder or site_cards_folder()) / f"{name}.json"
