"""Answers as CSV in the long form that packages for readers' studies take, and back."""

import io
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import pandas as pd

from cxr_core.labels import CLASS_NAMES
from cxr_core.practice.answers import DISEASE_OF_ANY_KIND, Answer, Judgement, is_target
from cxr_core.practice.errors import PracticeError
from cxr_core.practice.marks import Mark
from cxr_core.practice.series import Link

MODALITIES: Final = ("alone", "with model")
"""The own read, and the one after the model's was shown."""

MOST_LETTERS: Final = 40
_PROBABILITIES: Final = tuple(f"model {name}" for name in CLASS_NAMES)
_SIDES: Final = ("left", "top", "right", "bottom")
COLUMNS: Final = (
    *("reader", "case", "truth", "rating", "modality"),
    *("class", "called", "confidence", "seconds", *_SIDES, "hit", "chance", *_PROBABILITIES),
    *("place", "series", "films", "order", "pool", "model"),
)
"""First what such packages take: reader, case (the film's fingerprint), truth (1 for any disease, 0 for Normal) and rating (1 to 10)."""


@dataclass(frozen=True)
class AnswerSheet:
    """A reader's answers to a series, in their order."""

    reader: str
    link: Link
    answers: tuple[Answer, ...]


def reader_name(text: str) -> str:
    """Write a reader's name so that no spreadsheet takes it for a formula: letters, digits, dots, dashes and spaces, at most 40."""
    return re.sub(r"[^\w .-]", "", text).strip(" .-")[:MOST_LETTERS] or "reader"


def answers_csv(sheet: AnswerSheet) -> bytes:
    """Write answers as CSV: a row a film, two where it was read twice. No file names: those may tell of patients."""
    rows = []
    for answer in sheet.answers:
        judgements = [answer.own] if answer.revised is None else [answer.own, answer.revised]
        for modality, judgement in zip(MODALITIES, judgements, strict=False):
            row: dict[str, Any] = {
                "reader": reader_name(sheet.reader),
                "case": answer.fingerprint,
                "truth": int(is_target(answer.truth, DISEASE_OF_ANY_KIND)),
                "rating": judgement.rating(DISEASE_OF_ANY_KIND),
                "modality": modality,
                "class": answer.truth,
                "called": judgement.class_name,
                "confidence": judgement.confidence,
                "seconds": round(answer.seconds, 1),
                "hit": "" if answer.hit is None else int(answer.hit),
                "chance": "" if answer.chance is None else round(answer.chance, 6),
                "place": answer.place + 1,
            }
            if answer.mark is not None:
                row |= {side: round(value, 4) for side, value in asdict(answer.mark).items()}
            if answer.probabilities is not None:
                row |= {name: f"{value:.6f}" for name, value in zip(_PROBABILITIES, answer.probabilities, strict=True)}
            rows.append(row | asdict(sheet.link))
    return pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(index=False, lineterminator="\n").encode()


def read_answers(content: bytes) -> AnswerSheet:
    """Read such a file back.

    Parameters
    ----------
    content : bytes
        As `answers_csv` wrote it.

    Returns
    -------
    AnswerSheet

    Raises
    ------
    PracticeError
        It is no such file, is cut, or holds several readers or series.
    """
    try:
        table = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    except (ValueError, pd.errors.ParserError) as error:
        raise PracticeError("This is no CSV file that can be read.") from error
    missing = [name for name in COLUMNS if name not in table]
    if missing or table.empty:
        raise PracticeError("This is no file of answers: take one that this page made, as it is.")
    shared = table[["reader", "series", "films", "order", "pool", "model"]].drop_duplicates()
    if len(shared) > 1:
        raise PracticeError("The file holds answers of several readers or series. Give it as the page made it, one a reader.")
    query = shared.iloc[0].to_dict()
    try:
        link = Link.of(query)
        films = [list(rows.itertuples()) for _, rows in table.rename(columns=_plain).groupby("place", sort=False)]
        answers = sorted((_answer(rows) for rows in films), key=lambda answer: answer.place)
    except (ValueError, PracticeError) as error:
        raise PracticeError("A row of this file cannot be read. Give it as the page made it.") from error
    assert link is not None
    return AnswerSheet(reader_name(query["reader"]), link, tuple(answers))


def _plain(column: str) -> str:
    """Name a column so that it can be an attribute."""
    return {"class": "truth_class"}.get(column, column.replace(" ", "_"))


def _answer(rows: Sequence[Any]) -> Answer:
    first = rows[0]
    judgements = {row.modality: Judgement(row.called, int(row.confidence)) for row in rows}
    told = [getattr(first, _plain(name)) for name in _PROBABILITIES]
    sides = [getattr(first, side) for side in _SIDES]
    if first.truth_class not in CLASS_NAMES or not re.fullmatch("[0-9a-f]{12}", first.case) or MODALITIES[0] not in judgements:
        raise PracticeError("A row lacks its class, its case or its own read.")
    return Answer(
        place=int(first.place) - 1,
        fingerprint=first.case,
        truth=first.truth_class,
        own=judgements[MODALITIES[0]],
        seconds=float(first.seconds),
        revised=judgements.get(MODALITIES[1]),
        probabilities=tuple(map(float, told)) if all(told) else None,
        mark=Mark(*map(float, sides)) if all(sides) else None,
        hit=bool(int(first.hit)) if first.hit else None,
        chance=float(first.chance) if first.chance else None,
    )
