"""The parts of the lecture's page, a module a chapter."""

from pages.lecture.frame import draw_step, ends, keep_choices, opened_step, overview, top
from pages.lecture.parts import is_large

__all__ = ["draw_step", "ends", "is_large", "keep_choices", "opened_step", "overview", "top"]
