"""The parts of the read page, each a piece of screen: widgets in, one call to the library, words and pictures out."""

from pages.read.desk import Desk
from pages.read.films import drop_zone, films_on_tray, label_box, refusals, tray_of_session
from pages.read.gate import gate_notice
from pages.read.model import loading_notice, reading, start_loading
from pages.read.operating import figures_choice, operating_point
from pages.read.opinion import opinion_beside_read, opinion_form, read_first_toggle, reads_first
from pages.read.probabilities import probabilities
from pages.read.take_away import take_away
from pages.read.tray import Place, Tray
from pages.read.where import where_it_looked

__all__ = [
    "Desk",
    "Place",
    "Tray",
    "drop_zone",
    "figures_choice",
    "films_on_tray",
    "gate_notice",
    "label_box",
    "loading_notice",
    "operating_point",
    "opinion_beside_read",
    "opinion_form",
    "probabilities",
    "read_first_toggle",
    "reading",
    "reads_first",
    "refusals",
    "start_loading",
    "take_away",
    "tray_of_session",
    "where_it_looked",
]
