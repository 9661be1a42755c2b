"""Texts as a PDF's own fonts can write them."""

import io

import pytest
from pypdf import PdfReader

from cxr_core.reporting.sheet import LONGEST_TEXT, MARGIN, WIDTH, Sheet, latin


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("sensitivity ≥ 0.95 \u2013 “quoted” …", 'sensitivity >= 0.95 - "quoted" ...'),
        ("Łódź, Škoda, déjà vu", "?ódz, Skoda, déjà vu"),
        ("肺 \U0001fac1", "? ?"),
        ("two\nlines\tand  a\x00zero", "two lines and a?zero"),
        ("ﬁlm", "film"),
    ],
)
def test_letters_that_the_fonts_lack_are_written_otherwise(text, written):
    assert latin(text) == written
    written.encode("latin-1")
    sheet = Sheet(1.0)
    sheet.write_text(MARGIN, MARGIN, WIDTH, text)
    assert written in PdfReader(io.BytesIO(bytes(sheet.output()))).pages[0].extract_text()


def test_long_text_is_cut():
    assert latin("x" * 1000) == "x" * (LONGEST_TEXT - 3) + "..."
    assert len(latin("x" * LONGEST_TEXT)) == LONGEST_TEXT
