"""The report of one read as one A4 page, laid out as a department would file it."""

import io
import unicodedata
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from fpdf import FPDF

from cxr_core import __version__
from cxr_core.figures import probability_text
from cxr_core.reporting.errors import ReportingError
from cxr_core.reporting.read_report import DISCLAIMER, SOURCE_LIMIT, Call, FilmFacts, GateResult, Probability, ReadReport, SaliencyShown

MARGIN: Final = 15.0
WIDTH: Final = 210.0 - 2 * MARGIN
GAP: Final = 6.0
FOOTER: Final = 281.0
"""Where the footer starts, in mm from the top."""

PICTURE_SIDE: Final = 1200
"""Longest side, in pixels, of an embedded picture: at the printed size that is over 300 dots an inch."""
OUTLINE_SIDE: Final = 256
"""Longest side, in pixels, at which a map is outlined: it has no finer detail."""
JPEG_QUALITY: Final = 95
COLOUR_MAP: Final = cv2.COLORMAP_PLASMA
"""That of `cxr_core.saliency`, which cannot be asked without TensorFlow."""

PLANS: Final = tuple((side, scale) for scale in (1.0, 0.92, 0.84, 0.76) for side in (108.0, 96.0, 86.0, 76.0, 66.0, 56.0))
"""Greatest height of a picture in mm, and size of the text below it, in the order in which they are tried until everything fits."""
LONGEST_TEXT: Final = 260
MOST_REASONS: Final = 8

SUBTITLE: Final = "Second reader's report - for research and teaching, not a medical device"
INK: Final = (22, 33, 43)
QUIET: Final = (95, 105, 115)
ACCENT: Final = (15, 110, 140)
REST: Final = (185, 193, 200)

OUTCOMES: Final = {"read": "read", "warning": "read with a warning", "refused": "refused"}
FIELDS: Final = (("Patient", "Date of birth", "Patient no."), ("Accession no.", "Date of film", "Reviewed by (signature)"))
SIDES: Final = {"R": "right", "L": "left", "B": "both sides", "U": "unpaired"}

_LATIN = str.maketrans(
    {
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2022": "-",
        "\u2212": "-",
        "\u2264": "<=",
        "\u2265": ">=",
    }
)


def latin(text: str) -> str:
    """Write a text with the letters that a PDF's own fonts have (Latin-1): others by their nearest, or a question mark; one line.

    A text too long for its place is cut, and ends in three dots.
    """
    text = unicodedata.normalize("NFKC", " ".join(text.split())).translate(_LATIN)
    letters = []
    for letter in text:
        if ord(letter) > 255:
            letter = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
            letter = letter if letter and all(ord(part) < 128 for part in letter) else "?"
        letters.append(letter if letter.isprintable() else "?")
    text = "".join(letters)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 3].rstrip() + "..."


class _Sheet(FPDF):
    """An empty page; `scale` multiplies the size of all text below the pictures."""

    def __init__(self, scale: float) -> None:
        super().__init__(format="A4")
        self.scale = scale
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.c_margin = 0
        self.add_page()

    def write_text(
        self, x: float, y: float, width: float, text: str, size: float = 8.5, style: str = "", colour: Sequence[int] = INK, align: str = "L"
    ) -> float:
        """Write a text in a column, in as many lines as it needs; return where it ends."""
        self.set_font("helvetica", style, size * self.scale)
        self.set_text_color(*colour)
        self.set_xy(x, y)
        self.multi_cell(width, 0.45 * size * self.scale, latin(text), align=align, new_x="LEFT", new_y="NEXT")
        return float(self.get_y())

    def heading(self, x: float, y: float, width: float, text: str) -> float:
        """Write the heading of a block; return where the block starts."""
        return self.write_text(x, y + 3.0 * self.scale, width, text, 9.5, "B", ACCENT) + 0.8 * self.scale

    def rule(self, y: float, thickness: float = 0.2) -> None:
        """Draw a line across the page."""
        self.set_draw_color(*INK)
        self.set_line_width(thickness)
        self.line(MARGIN, y, MARGIN + WIDTH, y)


def report_pdf(report: ReadReport) -> bytes:
    """Write a report as a PDF file of one A4 page.

    It holds nothing but what the report does: no file name, user or path. The same report always gives the same bytes.

    Parameters
    ----------
    report : ReadReport
        The report.

    Returns
    -------
    bytes

    Raises
    ------
    ReportingError
        The texts do not fit the page, which only texts far beyond those of this app could bring about.
    """
    for side, scale in PLANS:
        if _draw(_Sheet(scale), report, side, finished=False) <= FOOTER:
            break
    else:
        raise ReportingError("The report's texts do not fit one page. Take the JSON instead, which holds all of them.")
    sheet = _Sheet(scale)
    sheet.set_creation_date(report.read_at_utc)
    sheet.set_producer(f"Second Look {__version__}")
    sheet.set_title("Second reader's report")
    sheet.set_lang("en-GB")
    _draw(sheet, report, side, finished=True)
    return bytes(sheet.output())


def _draw(sheet: _Sheet, report: ReadReport, side: float, *, finished: bool) -> float:
    """Draw the page, without its pictures while it is only being tried; return where the text ends."""
    scale, sheet.scale = sheet.scale, 1.0
    y = _header(sheet, report)
    y = _pictures(sheet, report, y + 3, side, finished=finished)
    sheet.scale = scale
    if report.gate is not None:
        y = _gate(sheet, report.gate, y, read=report.probabilities is not None)
    y = max(_read(sheet, report, y), _opinion(sheet, report, y))
    if report.call is not None:
        y = _call(sheet, report.call, y)
    y = sheet.heading(MARGIN, y, WIDTH, "Limits")
    y = sheet.write_text(MARGIN, y, WIDTH, DISCLAIMER, 7.5)
    y = sheet.write_text(MARGIN, y, WIDTH, SOURCE_LIMIT, 7.5)
    sheet.scale = 1.0
    _footer(sheet, report)
    return y


def _header(sheet: _Sheet, report: ReadReport) -> float:
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
    film_end = sheet.write_text(MARGIN, y, WIDTH - 68, f"Film: {film_text(report.film)}", 7.5)
    return max(film_end, sheet.write_text(MARGIN + WIDTH - 66, y, 66, f"Read {time_text(report)}", 7.5, align="R"))


def time_text(report: ReadReport) -> str:
    """Write when the film was read: local time with its offset, and UTC."""
    offset = f"{report.read_at:%z}"
    local = f"{report.read_at:%Y-%m-%d %H:%M:%S} UTC{offset[:3]}:{offset[3:5]}"
    utc = report.read_at_utc
    day = "" if utc.date() == report.read_at.date() else f"{utc:%Y-%m-%d} "
    return f"{local} ({day}{utc:%H:%M:%S} UTC)"


def film_text(film: FilmFacts) -> str:
    """Write a film's technical facts in one line."""
    facts = [f"{film.format}, {film.width} x {film.height} px, {film.bit_depth} bit"]
    if film.pixel_spacing is not None:
        rows, columns = film.pixel_spacing
        facts.append(f"{rows:.3g} x {columns:.3g} mm a pixel")
    if film.view:
        facts.append(f"view {film.view}")
    if film.laterality:
        facts.append(f"laterality {SIDES.get(film.laterality, film.laterality)}")
    return "; ".join(facts)


def _pictures(sheet: _Sheet, report: ReadReport, y: float, side: float, *, finished: bool) -> float:
    """Draw film and overlay side by side, as large as their columns and `side` allow, with what they show below."""
    column = (WIDTH - GAP) / 2
    rows, columns = report.picture.shape
    scale = min(column / columns, side / rows)
    width, height = columns * scale, rows * scale
    places = [(report.picture, MARGIN, "The film, as displayed")]
    if report.overlaid is not None and report.saliency is not None:
        places.append((report.overlaid, MARGIN + column + GAP, saliency_text(report.saliency)))
    ends = []
    for picture, x, caption in places:
        if finished:
            sheet.image(io.BytesIO(jpeg_bytes(picture)), x, y, width, height, alt_text=latin(caption))
        ends.append(sheet.write_text(x, y + height + 1.2, column, caption, 7.5))
    if report.saliency_map is not None and finished:
        _outline(sheet, report.saliency_map, MARGIN + column + GAP, y, width, height)
    if report.saliency is None:
        return ends[0]
    return max(ends[0], _colour_bar(sheet, report, report.saliency, ends[-1] + 0.8))


def _outline(sheet: _Sheet, saliency: np.ndarray, x: float, y: float, width: float, height: float) -> None:
    """Draw the map's outlines over its picture: black on white, so that they show on dark and on bright film, and without colour."""
    for outline in outlines(saliency):
        points = [(x + width * float(across), y + height * float(down)) for across, down in outline]
        for colour, thickness in (((255, 255, 255), 0.5), ((0, 0, 0), 0.2)):
            sheet.set_draw_color(*colour)
            sheet.set_line_width(thickness)
            sheet.polygon(points)


def outlines(saliency: np.ndarray) -> list[np.ndarray]:
    """Find where a map falls below half.

    Parameters
    ----------
    saliency : numpy.ndarray
        float32, shape (h, w), in [0, 1].

    Returns
    -------
    list of numpy.ndarray
        Closed outlines, float (n, 2): places as shares of the width and of the height.
    """
    scale = min(1.0, OUTLINE_SIDE / max(saliency.shape))
    extent = [max(1, round(side * scale)) for side in saliency.shape[::-1]]
    # A margin of nothing: a map that is strong up to the film's edge is outlined along it.
    strong = np.pad(cv2.resize(saliency, extent, interpolation=cv2.INTER_AREA) >= 0.5, 1).astype(np.uint8)
    found, _ = cv2.findContours(strong, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    smooth = [cv2.approxPolyDP(outline, 0.7, True)[:, 0] for outline in found]
    return [(outline - 0.5) / extent for outline in smooth if len(outline) > 2]


def saliency_text(shown: SaliencyShown) -> str:
    """Say what lies over the film, and how much of it inside the lungs."""
    text = f"{shown.method} for {shown.class_name}, opacity {shown.opacity:.0%}"
    return text if shown.lung_share is None else f"{text}; {shown.lung_share:.0%} of it inside the lungs"


def _colour_bar(sheet: _Sheet, report: ReadReport, shown: SaliencyShown, y: float) -> float:
    column = (WIDTH - GAP) / 2
    x = MARGIN + column + GAP
    bar = 34.0
    colours = bar_colours(shown.opacity)
    step = bar / len(colours)
    for number, colour in enumerate(colours):
        sheet.set_fill_color(*map(int, colour))
        # A hair wider than the step, so that no viewer shows a gap between two.
        sheet.rect(x + number * step, y, step + (0.1 if number < len(colours) - 1 else 0), 2.6, "F")
    sheet.set_draw_color(*INK)
    sheet.set_line_width(0.1)
    sheet.rect(x, y, bar, 2.6)
    meaning = (
        f"none to strongest evidence for {shown.class_name} on this film: where, not how much. "
        "Saliency maps localise disease worse than radiologists do."
    )
    if report.saliency_map is not None:
        meaning += " The outline is at half of the strongest."
    return sheet.write_text(x + bar + 2, y - 0.4, column - bar - 2, meaning, 6.5, colour=QUIET)


def bar_colours(opacity: float, levels: int = 48) -> np.ndarray:
    """Return how a saliency from 0 to 1 looks over a medium grey, as `cxr_core.saliency.overlay` blends it.

    Parameters
    ----------
    opacity : float
        Of the layer, in [0, 1].
    levels : int
        Number of colours.

    Returns
    -------
    numpy.ndarray
        uint8 RGB, shape (levels, 3).
    """
    values = np.rint(np.linspace(0, 255, levels)).astype(np.uint8)
    colours = cv2.cvtColor(cv2.applyColorMap(values[np.newaxis], COLOUR_MAP), cv2.COLOR_BGR2RGB)[0].astype(np.float32)
    alpha = values[:, np.newaxis].astype(np.float32) / 255 * np.float32(opacity)
    return np.rint(128 + (colours - 128) * alpha).astype(np.uint8)


def jpeg_bytes(picture: np.ndarray) -> bytes:
    """Encode a uint8 picture, grey (h, w) or RGB (h, w, 3), as a JPEG file of at most `PICTURE_SIDE` pixels a side."""
    scale = PICTURE_SIDE / max(picture.shape[:2])
    if scale < 1:
        extent = [max(1, round(side * scale)) for side in picture.shape[1::-1]]
        picture = cv2.resize(picture, extent, interpolation=cv2.INTER_AREA)
    if picture.ndim == 3:
        picture = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].tobytes()


def _gate(sheet: _Sheet, gate: GateResult, y: float, *, read: bool) -> float:
    y = sheet.heading(MARGIN, y, WIDTH, f"Input gate: {OUTCOMES[gate.outcome]}")
    for reason in gate.reasons[:MOST_REASONS]:
        sheet.write_text(MARGIN, y, 3, "-")
        y = sheet.write_text(MARGIN + 3, y, WIDTH - 3, reason)
    left_out = len(gate.reasons) - MOST_REASONS
    if left_out > 0:
        y = sheet.write_text(MARGIN + 3, y, WIDTH - 3, f"and {left_out} more, which the JSON of this read holds.")
    if gate.outcome == "refused" and read:
        y = sheet.write_text(MARGIN, y, WIDTH, "The read below was asked for all the same. Do not rely on it.", style="B")
    return y


READ_WIDTH: Final = 106.0


def _read(sheet: _Sheet, report: ReadReport, y: float) -> float:
    """Draw the probabilities as a table with bars, and what the set says."""
    y = sheet.heading(MARGIN, y, READ_WIDTH, "The model's read: probabilities")
    probabilities = report.probabilities
    if probabilities is None:
        refused = report.gate is not None and report.gate.outcome == "refused"
        text = "No probabilities: the input gate refused this film." if refused else "No probabilities: the film was not read."
        return sheet.write_text(MARGIN, y, READ_WIDTH, text)
    x, width = MARGIN + 29.0, 46.0
    row = 4.9 * sheet.scale
    for name, probability in probabilities.items():
        is_top = name == report.top_class
        sheet.write_text(MARGIN, y + 0.5 * sheet.scale, 29, name, style="B" if is_top else "")
        sheet.set_fill_color(*(ACCENT if is_top else REST))
        sheet.rect(x, y + 0.6 * sheet.scale, max(0.15, width * probability.value), row - 1.5 * sheet.scale, "F")
        if probability.low is not None and probability.high is not None:
            _whisker(sheet, x + width * probability.low, x + width * probability.high, y + row / 2 - 0.15 * sheet.scale)
        sheet.write_text(x + width + 3, y + 0.5 * sheet.scale, 28, spread_text(probability), style="B" if is_top else "")
        y += row
    sheet.set_draw_color(*QUIET)
    sheet.set_line_width(0.15)
    sheet.line(x, y, x + width, y)
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        sheet.line(x + width * tick, y, x + width * tick, y + 0.8)
        sheet.write_text(x + width * tick - 5, y + 1.1, 10, f"{tick:g}", 6, colour=QUIET, align="C")
    y = sheet.get_y() + 0.6
    if any(probability.low is not None for probability in probabilities.values()):
        note = "Whiskers and brackets: lowest and highest probability over small changes of the film."
        y = sheet.write_text(MARGIN, y, READ_WIDTH, note, 6.5, colour=QUIET) + 0.6
    if report.prediction_set is not None:
        y = sheet.write_text(MARGIN, y, READ_WIDTH, report.prediction_set.sentence, style="B")
        y = sheet.write_text(MARGIN, y, READ_WIDTH, set_text(report), 7.5)
    return y


def _whisker(sheet: _Sheet, low: float, high: float, y: float) -> None:
    """Draw a whisker that shows on a dark and on a light bar: black, on a white line somewhat wider."""
    for colour, thickness in (((255, 255, 255), 0.75), ((0, 0, 0), 0.3)):
        sheet.set_draw_color(*colour)
        sheet.set_line_width(thickness)
        sheet.line(low, y, high, y)
        for x in (low, high):
            sheet.line(x, y - 1.0 * sheet.scale, x, y + 1.0 * sheet.scale)


def spread_text(probability: Probability) -> str:
    """Write a probability with its whisker in brackets."""
    text = probability_text(probability.value)
    if probability.low is None or probability.high is None:
        return text
    return f"{text} [{probability_text(probability.low)}, {probability_text(probability.high)}]"


def set_text(report: ReadReport) -> str:
    """Write which classes the prediction set holds, and how often such sets hold the right one."""
    made = report.prediction_set
    if made is None:
        return ""
    text = f"Prediction set: {', '.join(made.classes) or 'empty'}"
    if made.coverage is None:
        return text
    return f"{text} (made to hold the right class in {made.coverage:.0%} of films like those it was set on)"


def _opinion(sheet: _Sheet, report: ReadReport, y: float) -> float:
    """Put the clinician's opinion beside the model's."""
    opinion = report.opinion
    if opinion is None:
        return y
    x, width = MARGIN + READ_WIDTH + GAP, WIDTH - READ_WIDTH - GAP
    y = sheet.heading(x, y, width, "The clinician's own opinion")
    when = "before" if opinion.before_reveal else "after"
    rows = [("Clinician", f"{opinion.class_name}, {opinion.confidence_text}")]
    if report.probabilities is not None and report.top_class is not None:
        rows.append(("Model", f"{report.top_class}, {spread_text(report.probabilities[report.top_class])}"))
    for name, text in rows:
        sheet.write_text(x, y, 17, name, colour=QUIET)
        y = sheet.write_text(x + 17, y, width - 17, text, style="B") + 0.4
    if report.agreement is not None:
        y = sheet.write_text(x, y + 0.6, width, report.agreement)
    committed = f"Committed {when} the model's read was shown, at {opinion.committed_at.astimezone(report.read_at.tzinfo):%H:%M:%S}."
    return sheet.write_text(x, y + 0.6, width, committed, 7.5, colour=QUIET)


def _call(sheet: _Sheet, call: Call, y: float) -> float:
    verdict = "positive" if call.positive else "negative"
    y = sheet.heading(MARGIN, y, WIDTH, f"Operating point: called {verdict} for {call.class_name}")
    y = sheet.write_text(MARGIN, y, WIDTH, f"Positive from a probability of {call.threshold:.3g}. {call.rule}") + 1
    column = WIDTH / 4
    cells = (
        ("Sensitivity [95% interval]", call.sensitivity),
        ("Specificity", call.specificity),
        (f"PPV at a prevalence of {100 * call.prevalence:.3g}%", call.ppv),
        (f"NPV at a prevalence of {100 * call.prevalence:.3g}%", call.npv),
    )
    for number, (name, interval) in enumerate(cells):
        x = MARGIN + number * column
        sheet.write_text(x, y, column, name, 7, colour=QUIET)
        sheet.write_text(x, y + 3.4 * sheet.scale, column, str(interval), style="B")
    return sheet.get_y()


def _footer(sheet: _Sheet, report: ReadReport) -> None:
    sheet.rule(FOOTER + 1.5)
    y = FOOTER + 2.6
    sheet.write_text(MARGIN, y, WIDTH - 30, f"Model {report.model} on {report.device}; Second Look {__version__}", 7)
    sheet.write_text(MARGIN, y + 3.2, WIDTH - 30, f"Weights SHA-256 {report.model_sha256}", 7)
    sheet.write_text(MARGIN + WIDTH - 30, y, 30, "Page 1 of 1", 7, align="R")
