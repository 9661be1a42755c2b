"""What a practise series came to as a PDF, for the reader to keep."""

import itertools
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Final

from cxr_core import DISCLAIMER, __version__
from cxr_core.labels import CLASS_NAMES, in_words
from cxr_core.practice import (
    DISEASE_OF_ANY_KIND,
    TARGETS,
    Answer,
    Judgement,
    Roc,
    accuracy,
    by_confidence,
    changes,
    model_accuracy,
    pointing,
    score_model,
    score_reader,
    seconds_a_film,
)
from cxr_core.reporting.opinion import CONFIDENCE_WORDS
from cxr_core.reporting.sheet import ACCENT, GAP, MARGIN, QUIET, WIDTH, Sheet

if TYPE_CHECKING:
    from cxr_core.practice import AnswerSheet

FOOT: Final = 279.0
"""Where a page ends, in mm from the top."""

SQUARE: Final = 62.0
"""Side of the ROC plot in mm."""

ORANGE: Final = (200, 115, 28)
LINE: Final = 4.6
Take = Callable[[Answer], Judgement]


def practice_pdf(answers: "AnswerSheet", made_at: datetime) -> bytes:
    """Write a reader's series as a PDF file: figures with their intervals, the ROC curve beside the model's, and every film.

    It holds the reader's name as given, fingerprints of films and no file name. The same answers and time always give the same bytes.

    Parameters
    ----------
    answers : AnswerSheet
        Of `cxr_core.practice`, with at least one answer.
    made_at : datetime
        With its offset from UTC.

    Returns
    -------
    bytes
    """
    sheet = Sheet(1.0)
    sheet.set_creation_date(made_at.astimezone(timezone.utc))
    sheet.set_producer(f"Second Look {__version__}")
    sheet.set_title("A practise series")
    sheet.set_lang("en-GB")
    y = _header(sheet, answers, made_at)
    given = answers.answers
    y = _figures(sheet, given, y)
    top = y
    y = _roc(sheet, given, top)
    right = _sureness(sheet, given, top)
    if any(answer.revised for answer in given):
        right = _changed(sheet, given, right)
    _films(sheet, given, max(y, right))
    return bytes(sheet.output())


def _header(sheet: Sheet, answers: "AnswerSheet", made_at: datetime) -> float:
    link = answers.link
    sheet.write_text(MARGIN, 11, 60, "Second Look", 17, "B", ACCENT)
    sheet.write_text(MARGIN + 60, 11.2, WIDTH - 60, "A practise series", 11, "B", align="R")
    sheet.write_text(MARGIN + 60, 16.4, WIDTH - 60, DISCLAIMER, 8, align="R")
    sheet.rule(21.5, 0.5)
    order = "the own read twice, before and after the model's" if link.order == "revise" else "the own read, then the truth"
    text = (
        f"Reader {answers.reader}, {made_at:%Y-%m-%d %H:%M}. Series {link.series} of {link.films} films "
        f"(films {link.pool or 'unknown'}, model {link.model}), {len(answers.answers)} answered; {order}."
    )
    return sheet.write_text(MARGIN, 24, WIDTH, text)


def _figures(sheet: Sheet, answers: Sequence[Answer], y: float) -> float:
    """Write who tells what from what, a row each."""
    y = sheet.heading(MARGIN, y, WIDTH, "Sensitivity, specificity and area under the ROC, with 95% intervals")
    takers = _takers(answers)
    names = [*takers, "Model"]
    right = [accuracy(answers, take) for take in takers.values()] + [model_accuracy(answers)]
    y = sheet.write_text(MARGIN, y, WIDTH, "; ".join(f"{name} right: {share}" for name, share in zip(names, right, strict=True)), 8) + 1
    columns = (0.0, 44.0, 74.0, 110.0, 146.0)
    for x, text in zip(columns, ("Looked for", "By", "Sensitivity", "Specificity", "Area"), strict=True):
        sheet.write_text(MARGIN + x, y, 44, text, 7.5, colour=QUIET)
    y += LINE
    for target in TARGETS:
        scores = [score_reader(answers, target, take) for take in takers.values()] + [score_model(answers, target)]
        for number, (name, score) in enumerate(zip(names, scores, strict=True)):
            words = "Any disease" if target == DISEASE_OF_ANY_KIND else in_words(target)
            area = "not measured" if score.roc is None else str(score.roc.area)
            cells = (f"{words} ({scores[0].cases} films)" if not number else "", name, str(score.sensitivity), str(score.specificity), area)
            for x, text in zip(columns, cells, strict=True):
                sheet.write_text(MARGIN + x, y, 44, text, 8)
            y += LINE
    return y


def _takers(answers: Sequence[Answer]) -> dict[str, Take]:
    takers: dict[str, Take] = {"Reader": lambda answer: answer.own}
    if any(answer.revised for answer in answers):
        takers["With model"] = lambda answer: answer.last
    return takers


def _roc(sheet: Sheet, answers: Sequence[Answer], y: float) -> float:
    """Draw the curve for any disease against Normal."""
    y = sheet.heading(MARGIN, y, SQUARE, "ROC, any disease against Normal")
    sheet.set_draw_color(*QUIET)
    sheet.set_line_width(0.2)
    sheet.rect(MARGIN, y, SQUARE, SQUARE)
    sheet.line(MARGIN, y + SQUARE, MARGIN + SQUARE, y)
    for score, colour in (
        (score_model(answers, DISEASE_OF_ANY_KIND), ORANGE),
        (score_reader(answers, DISEASE_OF_ANY_KIND), ACCENT),
    ):
        if score.roc is not None:
            _curve(sheet, score.roc, y, colour)
    y += SQUARE + 1
    sheet.write_text(MARGIN, y, SQUARE, "Across: 1 - specificity; upwards: sensitivity.", 7, colour=QUIET)
    sheet.write_text(MARGIN, y + 3.4, 20, "Reader", 7, "B", ACCENT)
    return sheet.write_text(MARGIN + 14, y + 3.4, 20, "Model", 7, "B", ORANGE)


def _curve(sheet: Sheet, roc: Roc, y: float, colour: tuple[int, int, int]) -> None:
    sheet.set_draw_color(*colour)
    sheet.set_line_width(0.7)
    places = [(MARGIN + SQUARE * float(x), y + SQUARE * (1 - float(up))) for x, up in zip(roc.x, roc.y, strict=True)]
    for start, end in itertools.pairwise(places):
        sheet.line(*start, *end)


def _sureness(sheet: Sheet, answers: Sequence[Answer], y: float) -> float:
    x, width = MARGIN + SQUARE + GAP, WIDTH - SQUARE - GAP
    y = sheet.heading(x, y, width, "How often the reader is right, by confidence")
    for one in by_confidence(answers):
        sheet.write_text(x, y, 40, f"{CONFIDENCE_WORDS[one.step - 1]} ({one.step}), {one.films} films", 8)
        sheet.write_text(x + 48, y, width - 48, str(one.right), 8, "B")
        y += LINE
    seconds = seconds_a_film(answers)
    y = sheet.write_text(x, y + 1, width, f"Time a film: {seconds:.0f} s (median).", 8)
    hits, chance = pointing(answers)
    if chance is not None:
        y = sheet.write_text(x, y, width, f"Marks that hit the outlined infection: {hits}; points anywhere: {chance:.3f}.", 8)
    return y


def _changed(sheet: Sheet, answers: Sequence[Answer], y: float) -> float:
    found, x, width = changes(answers), MARGIN + SQUARE + GAP, WIDTH - SQUARE - GAP
    y = sheet.heading(x, y, width, "When the model spoke")
    told = f"Of {found.films} reads {len(found.better)} changed for the better and {len(found.worse)} for the worse."
    y = sheet.write_text(x, y, width, told, 8)
    y = sheet.write_text(x, y, width, f"It helped, where the reader was wrong and it was right: {found.helped}", 8)
    return sheet.write_text(x, y, width, f"It misled, where the reader was right and it was wrong: {found.misled}", 8)


def _films(sheet: Sheet, answers: Sequence[Answer], y: float) -> None:
    """List every film, over as many pages as that takes."""
    columns = {
        "Film": 0.0,
        "Case": 10.0,
        "Class": 36.0,
        "Reader": 66.0,
        "Sure": 96.0,
        "Again": 106.0,
        "Model": 136.0,
        "Mark": 164.0,
        "s": 176.0,
    }
    y = sheet.heading(MARGIN, y, WIDTH, "Film by film")
    head = True
    for answer in answers:
        if y > FOOT - LINE:
            sheet.add_page()
            y, head = MARGIN, True
        if head:
            for name, x in columns.items():
                sheet.write_text(MARGIN + x, y, 30, name, 7, colour=QUIET)
            y, head = y + LINE, False
        cells = (
            str(answer.place + 1),
            answer.fingerprint,
            in_words(answer.truth),
            in_words(answer.own.class_name),
            str(answer.own.confidence),
            "" if answer.revised is None else in_words(answer.revised.class_name),
            in_words(answer.model or ""),
            {None: "", True: "hits", False: "misses"}[answer.hit],
            f"{answer.seconds:.0f}",
        )
        for (name, x), text in zip(columns.items(), cells, strict=True):
            wrong = name in {"Reader", "Again", "Model"} and text in map(in_words, CLASS_NAMES) and text != in_words(answer.truth)
            sheet.write_text(MARGIN + x, y, 30, text, 7.5, "B" if wrong else "")
        y += LINE - 0.6
    sheet.write_text(MARGIN, y + 1, WIDTH, "In bold: a wrong class.", 7, colour=QUIET)
