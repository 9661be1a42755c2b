"""The parts of the page to practise on: the start, a film with its answer, what the series came to, and a class together."""

from pages.practice.film import film_to_read
from pages.practice.readers import class_together
from pages.practice.result import result_of_series
from pages.practice.sitting import Sitting, sitting_of_session
from pages.practice.start import start_of_series

__all__ = ["Sitting", "class_together", "film_to_read", "result_of_series", "sitting_of_session", "start_of_series"]
