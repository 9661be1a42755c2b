"""The parts of the read page, each a piece of screen: widgets in, one call to the library, words and pictures out."""

from pages.read.desk import Desk
from pages.read.film import answer, film_on_screen, parts, place_for_answer
from pages.read.films import drop_zone, films_on_tray, label_box, refusals, tray_of_session
from pages.read.model import card_if_there, check_weights, elsewhere, loading_notice, measured, reading, start_loading
from pages.read.operating import figures_choice, standing_threshold
from pages.read.opinion import REVEALED, read_first_toggle, reads_first, wants_to_read_first
from pages.read.shelf import named_folders, shelf_of
from pages.read.tray import Place, Tray

__all__ = [
    "REVEALED",
    "Desk",
    "Place",
    "Tray",
    "answer",
    "card_if_there",
    "check_weights",
    "drop_zone",
    "elsewhere",
    "figures_choice",
    "film_on_screen",
    "films_on_tray",
    "label_box",
    "loading_notice",
    "measured",
    "named_folders",
    "parts",
    "place_for_answer",
    "read_first_toggle",
    "reading",
    "reads_first",
    "refusals",
    "shelf_of",
    "standing_threshold",
    "start_loading",
    "tray_of_session",
    "wants_to_read_first",
]
