"""The parts of the worklist page: films in, the table with its filters, one film on screen, what is taken away."""

from pages.list.film import film_of_list
from pages.list.gather import drop_zone, folder_box, notices
from pages.list.sitting import Sitting, go_on_reading, sitting_of_session
from pages.list.table import list_of_films

__all__ = [
    "Sitting",
    "drop_zone",
    "film_of_list",
    "folder_box",
    "go_on_reading",
    "list_of_films",
    "notices",
    "sitting_of_session",
]
