"""Practising on films with known classes: a series from a number, a reader's answers, what they come to. Loads no pandas by itself."""

from typing import TYPE_CHECKING

from cxr_core.lazy import lazily
from cxr_core.practice.answers import DISEASE_OF_ANY_KIND, TARGETS, Answer, Judgement
from cxr_core.practice.errors import PracticeError
from cxr_core.practice.marks import Mark, chance_of
from cxr_core.practice.scoring import (
    Roc,
    Score,
    accuracy,
    by_confidence,
    changes,
    model_accuracy,
    pointing,
    score_model,
    score_reader,
    seconds_a_film,
)
from cxr_core.practice.series import NO_MODEL, NUMBERS, SIZES, Case, Link, candidates, draw_series

if TYPE_CHECKING:
    from cxr_core.practice.export import AnswerSheet, answers_csv, read_answers, reader_name
    from cxr_core.practice.films import PracticeFilms, open_films
    from cxr_core.practice.readers import GRID, together

__getattr__ = lazily(
    __name__,
    {
        "GRID": "readers",
        "PracticeFilms": "films",
        "AnswerSheet": "export",
        "answers_csv": "export",
        "open_films": "films",
        "read_answers": "export",
        "reader_name": "export",
        "together": "readers",
    },
)

__all__ = [
    "DISEASE_OF_ANY_KIND",
    "GRID",
    "NO_MODEL",
    "NUMBERS",
    "SIZES",
    "TARGETS",
    "Answer",
    "AnswerSheet",
    "Case",
    "Judgement",
    "Link",
    "Mark",
    "PracticeError",
    "PracticeFilms",
    "Roc",
    "Score",
    "accuracy",
    "answers_csv",
    "by_confidence",
    "candidates",
    "chance_of",
    "changes",
    "draw_series",
    "model_accuracy",
    "open_films",
    "pointing",
    "read_answers",
    "reader_name",
    "score_model",
    "score_reader",
    "seconds_a_film",
    "together",
]
