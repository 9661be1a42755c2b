"""Empty A4 pages and how texts are put on them."""

import unicodedata
from collections.abc import Sequence
from typing import Final

from fpdf import FPDF

from cxr_core.reporting.letters import in_ascii

MARGIN: Final = 15.0
WIDTH: Final = 210.0 - 2 * MARGIN
GAP: Final = 6.0

LONGEST_TEXT: Final = 260

INK: Final = (22, 33, 43)
QUIET: Final = (95, 105, 115)
ACCENT: Final = (15, 110, 140)

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
            letter = in_ascii(letter)
        letters.append(letter if letter.isprintable() else "?")
    text = "".join(letters)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 3].rstrip() + "..."


class Sheet(FPDF):
    """Empty pages; `scale` multiplies the size of all text below the pictures.

    `pages_planned` is how many there will be, `picture_side` the longest side of a picture, in pixels.
    """

    def __init__(self, scale: float, pages_planned: int = 1, picture_side: int = 0) -> None:
        super().__init__(format="A4")
        self.scale, self.pages_planned, self.picture_side = scale, pages_planned, picture_side
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
