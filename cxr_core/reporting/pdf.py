"""The report of one read as one A4 page, laid out as a department would file it."""

from collections.abc import Sequence
from typing import Final

from cxr_core import DISCLAIMER, __version__
from cxr_core.calibration import LIKE_TRAINING, Call, disagreement_sentence, probability_text, set_sentence
from cxr_core.gate import PASSED, GateOutcome
from cxr_core.imaging import BURNED_IN
from cxr_core.labels import in_words
from cxr_core.reporting.document import REPORT_DISCLAIMER, SOURCE_LIMIT, Coverage, FilmFacts
from cxr_core.reporting.pictures import draw_pictures
from cxr_core.reporting.report import ReadReport
from cxr_core.reporting.sheet import ACCENT, GAP, MARGIN, QUIET, WIDTH, Sheet
from cxr_core.reporting.strip import set_text

FOOTER: Final = 281.0
"""Where the footer starts, in mm from the top."""

MOST_REASONS: Final = 8

SUBTITLE: Final = f"Second reader's report. {DISCLAIMER}"
REST: Final = (185, 193, 200)

OUTCOMES: Final = {"read": "read", "warning": "read with a warning", "refused": "refused"}
FIELDS: Final = (("Patient", "Date of birth", "Patient no."), ("Accession no.", "Date of film", "Reviewed by (signature)"))
DIRECTIONS: Final = {"A": "front", "P": "back", "L": "left", "R": "right", "H": "head", "F": "feet"}
SIDES: Final = {"R": "right", "L": "left", "B": "both sides", "U": "unpaired"}


def draw_page(sheet: Sheet, report: ReadReport, side: float, *, finished: bool) -> float:
    """Draw the page, without its pictures while it is only being tried; return where the text ends."""
    scale, sheet.scale = sheet.scale, 1.0
    y = _header(sheet, report)
    y = draw_pictures(sheet, report, y + 3, side, finished=finished)
    sheet.scale = scale
    y = _gate(sheet, report.gate, y, read=report.probabilities is not None)
    y = max(_read(sheet, report, y), _opinion(sheet, report, y))
    if report.call is not None:
        y = _call(sheet, report.call, y)
    y = sheet.heading(MARGIN, y, WIDTH, "Limits")
    y = sheet.write_text(MARGIN, y, WIDTH, REPORT_DISCLAIMER, 7.5)
    y = sheet.write_text(MARGIN, y, WIDTH, SOURCE_LIMIT, 7.5)
    sheet.scale = 1.0
    _footer(sheet, report)
    return y


def _header(sheet: Sheet, report: ReadReport) -> float:
    sheet.write_text(MARGIN, 11, 60, "Second Look", 17, "B", ACCENT)
    sheet.write_text(MARGIN + 60, 11.2, WIDTH - 60, "Chest X-ray: read by a model", 11, "B", align="R")
    sheet.write_text(MARGIN + 60, 16.4, WIDTH - 60, SUBTITLE, 8, align="R")
    sheet.rule(21.5, 0.5)
    y, column = 23.5, (WIDTH - 2 * GAP) / 3
    for row in FIELDS:
        for number, name in enumerate(row):
            x = MARGIN + number * (column + GAP)
            sheet.write_text(x, y, column, name, 6.5, colour=QUIET)
            sheet.set_line_width(0.15)
            sheet.line(x, y + 8.6, x + column, y + 8.6)
        y += 10.2
    y = sheet.write_text(MARGIN, y, WIDTH, "To be filled in by hand: the app does not know who the patient is.", 6.5, "I", QUIET) + 1.2
    sheet.rule(y)
    y += 1.4
    film_end = sheet.write_text(MARGIN, y, WIDTH - 68, f"Film {report.film.name(report.label)}: {film_text(report.film)}", 7.5)
    return max(film_end, sheet.write_text(MARGIN + WIDTH - 66, y, 66, f"Read {time_text(report)}", 7.5, align="R"))


def time_text(report: ReadReport) -> str:
    """Write when the film was read: local time with its offset, and UTC."""
    offset = f"{report.read_at:%z}"
    local = f"{report.read_at:%Y-%m-%d %H:%M:%S} UTC{offset[:3]}:{offset[3:5]}"
    utc = report.read_at_utc
    day = "" if utc.date() == report.read_at.date() else f"{utc:%Y-%m-%d} "
    return f"{local} ({day}{utc:%H:%M:%S} UTC)"


def film_text(film: FilmFacts) -> str:
    """Write a film's technical facts in one line, and whether its file says that text is burned in."""
    kind = "phantom, drawn in code, of no patient" if film.format == "drawing" else film.format
    facts = [f"{kind}, {film.width} x {film.height} px, {film.bit_depth} bit"]
    if film.pixel_spacing is not None:
        rows, columns = film.pixel_spacing
        facts.append(f"{rows:.3g} x {columns:.3g} mm a pixel")
    facts += placing(film)
    if BURNED_IN in film.steps:
        facts.append(BURNED_IN)
    return "; ".join(facts)


def placing(film: FilmFacts) -> list[str]:
    """Say what the file tells of what was taken, how, and how it is stored, in a few words each."""
    told = [film.body_part] if film.body_part else []
    if film.view:
        told.append(f"view {film.view}")
    if film.laterality:
        told.append(f"laterality {SIDES.get(film.laterality, film.laterality)}")
    if film.orientation:
        row, column = (DIRECTIONS[letter] for letter in film.orientation.split("\\"))
        told.append(f"rows to the patient's {row}, columns to the {column}")
    return told


def _gate(sheet: Sheet, gate: GateOutcome, y: float, *, read: bool) -> float:
    y = sheet.heading(MARGIN, y, WIDTH, f"Input gate: {OUTCOMES[gate.outcome]}")
    if gate.outcome == "read":
        y = sheet.write_text(MARGIN, y, WIDTH, PASSED)
    for reason in gate.reasons[:MOST_REASONS]:
        sheet.write_text(MARGIN, y, 3, "-")
        y = sheet.write_text(MARGIN + 3, y, WIDTH - 3, reason)
    left_out = len(gate.reasons) - MOST_REASONS
    if left_out > 0:
        y = sheet.write_text(MARGIN + 3, y, WIDTH - 3, f"and {left_out} more, which the JSON of this read holds.")
    if gate.outcome == "refused" and read:
        y = sheet.write_text(MARGIN, y, WIDTH, "The read below was shown on request. Do not rely on it.", style="B")
    return y


READ_WIDTH: Final = 106.0
WHISKERS: Final = (
    "Whiskers and parentheses: lowest and highest probability of the film and two test-time augmentations; not a confidence interval."
)


def _read(sheet: Sheet, report: ReadReport, y: float) -> float:
    """Draw the probabilities as a table with bars, and what the set says."""
    y = sheet.heading(MARGIN, y, READ_WIDTH, "The model's read: probabilities")
    probabilities = report.probabilities
    if probabilities is None:
        return sheet.write_text(MARGIN, y, READ_WIDTH, "No probabilities: the input gate refused this film.")
    x, width = MARGIN + 29.0, 43.0
    row = 4.9 * sheet.scale
    ranges = report.ranges or {}
    for name, probability in probabilities.items():
        is_top = name == report.top_class
        sheet.write_text(MARGIN, y + 0.5 * sheet.scale, 29, in_words(name), style="B" if is_top else "")
        sheet.set_fill_color(*(ACCENT if is_top else REST))
        sheet.rect(x, y + 0.6 * sheet.scale, max(0.15, width * probability), row - 1.5 * sheet.scale, "F")
        if name in ranges:
            low, high = ranges[name]
            _whisker(sheet, x + width * low, x + width * high, y + row / 2 - 0.15 * sheet.scale)
        sheet.write_text(x + width + 3, y + 0.5 * sheet.scale, 31, spread_text(probability, ranges.get(name)), style="B" if is_top else "")
        y += row
    sheet.set_draw_color(*QUIET)
    sheet.set_line_width(0.15)
    sheet.line(x, y, x + width, y)
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        sheet.line(x + width * tick, y, x + width * tick, y + 0.8)
        sheet.write_text(x + width * tick - 5, y + 1.1, 10, f"{tick:g}", 6, colour=QUIET, align="C")
    y = sheet.get_y() + 0.6
    if report.site_card is not None:
        y = sheet.write_text(MARGIN, y, READ_WIDTH, report.site_card, style="B") + 0.6
    if report.elsewhere is not None:
        y = sheet.write_text(MARGIN, y, READ_WIDTH, report.elsewhere, style="B") + 0.6
    if report.networks is not None:
        y = sheet.write_text(MARGIN, y, READ_WIDTH, disagreement_sentence(report.networks, None), style="B") + 0.6
    if ranges:
        y = sheet.write_text(MARGIN, y, READ_WIDTH, WHISKERS, 6.5, colour=QUIET) + 0.6
    if report.prediction_set is not None and report.top_class is not None:
        y = sheet.write_text(MARGIN, y, READ_WIDTH, set_sentence(report.prediction_set, report.top_class), style="B")
        y = sheet.write_text(MARGIN, y, READ_WIDTH, coverage_text(report.prediction_set, report.coverage), 7.5)
    return y


def _whisker(sheet: Sheet, low: float, high: float, y: float) -> None:
    """Draw a whisker that shows on a dark and on a light bar: black, on a white line somewhat wider."""
    for colour, thickness in (((255, 255, 255), 0.75), ((0, 0, 0), 0.3)):
        sheet.set_draw_color(*colour)
        sheet.set_line_width(thickness)
        sheet.line(low, y, high, y)
        for x in (low, high):
            sheet.line(x, y - 1.0 * sheet.scale, x, y + 1.0 * sheet.scale)


def spread_text(probability: float, within: tuple[float, float] | None) -> str:
    """Write a probability with the range of its whisker, not as confidence intervals are written."""
    text = probability_text(probability)
    return text if within is None else f"{text} ({probability_text(within[0])} to {probability_text(within[1])})"


def coverage_text(prediction_set: Sequence[str], coverage: Coverage | None) -> str:
    """Write which classes the prediction set holds, how often such sets are made to hold the right one, and how often they did."""
    text = set_text(prediction_set)
    if coverage is None:
        return text
    told = f"aimed to hold the true class in {coverage.aimed:.0%} of the films of each class, {LIKE_TRAINING}"
    if coverage.measured is not None:
        by_class = coverage.measured_by_class or {}
        lowest = min(by_class, key=by_class.__getitem__, default=None)
        of_lowest = f", least {by_class[lowest]:.3f} ({in_words(lowest)})" if lowest else ""
        told += f"; on the test films: {coverage.measured:.3f}{of_lowest}"
    return f"{text} ({told})"


def _opinion(sheet: Sheet, report: ReadReport, y: float) -> float:
    """Put the clinician's opinion beside the model's."""
    opinion = report.opinion
    if opinion is None:
        return y
    x, width = MARGIN + READ_WIDTH + GAP, WIDTH - READ_WIDTH - GAP
    y = sheet.heading(x, y, width, "The clinician's own opinion")
    when = "before" if opinion.before_reveal else "after"
    rows = [("Clinician", f"{in_words(opinion.class_name)}, {opinion.confidence_text}")]
    if report.probabilities is not None and report.top_class is not None:
        within = (report.ranges or {}).get(report.top_class)
        rows.append(("Model", f"{in_words(report.top_class)}, {spread_text(report.probabilities[report.top_class], within)}"))
    for name, text in rows:
        sheet.write_text(x, y, 17, name, colour=QUIET)
        y = sheet.write_text(x + 17, y, width - 17, text, style="B") + 0.4
    if report.agreement is not None:
        y = sheet.write_text(x, y + 0.6, width, report.agreement)
    committed = f"Committed {when} the model's read was shown, at {opinion.committed_at.astimezone(report.read_at.tzinfo):%H:%M:%S}."
    return sheet.write_text(x, y + 0.6, width, committed, 7.5, colour=QUIET)


def _call(sheet: Sheet, call: Call, y: float) -> float:
    point = call.operating_point
    called = "called" if call.positive else "not called"
    y = sheet.heading(MARGIN, y, WIDTH, f"Operating point: {called} positive for {call.class_name}")
    y = sheet.write_text(MARGIN, y, WIDTH, f"Positive from a probability of {point.threshold:.3g}. {call.rule_text}") + 1
    column = WIDTH / 4
    cells = (
        ("Sensitivity [95% interval]", str(point.sensitivity)),
        ("Specificity", str(point.specificity)),
        (f"PPV at a prevalence of {100 * call.prevalence:.3g}%", call.ppv_text),
        (f"NPV at a prevalence of {100 * call.prevalence:.3g}%", call.npv_text),
    )
    for number, (name, figure) in enumerate(cells):
        x = MARGIN + number * column
        sheet.write_text(x, y, column, name, 7, colour=QUIET)
        sheet.write_text(x, y + 3.4 * sheet.scale, column, figure, style="B")
    return sheet.write_text(MARGIN, sheet.get_y() + 0.6, WIDTH, measured_text(call), 7.5, colour=QUIET)


def measured_text(call: Call) -> str:
    """Write what the figures of a call were measured on, and whether anybody entered the prevalence."""
    point = call.operating_point
    text = f"From {point.cases:,} films of {call.class_name} and {point.others:,} others {call.films_text}"
    if not call.prevalence_is_default:
        return text
    return f"{text} Prevalence of {100 * call.prevalence:.3g}% (a default; yours may differ)."


def _footer(sheet: Sheet, report: ReadReport) -> None:
    sheet.rule(FOOTER + 1.5)
    y = FOOTER + 2.6
    sheet.write_text(MARGIN, y, WIDTH - 30, f"Model {report.model} on {report.device}; Second Look {__version__}", 7)
    sheet.write_text(MARGIN, y + 3.2, WIDTH - 30, f"Weights SHA-256 {report.model_sha256}", 7)
    sheet.write_text(MARGIN + WIDTH - 30, y, 30, f"Page {sheet.page_no()} of {sheet.pages_planned}", 7, align="R")
