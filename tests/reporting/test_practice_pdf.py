"""The sheet of a practise series."""

import io
from datetime import datetime, timezone

import pypdf
import pytest

from cxr_core.practice import score_reader
from cxr_core.reporting import practice_pdf
from tests.practice.answering import drawn_sheet

WHEN = datetime(2026, 1, 2, 3, 4, tzinfo=timezone.utc)


@pytest.mark.parametrize(("films", "revised", "pages"), [(4, False, 1), (100, True, 3)])
def test_sheet_holds_figures_and_films(films, revised, pages):
    sheet = drawn_sheet("Reader 7", films, revised=revised)
    written = pypdf.PdfReader(io.BytesIO(practice_pdf(sheet, WHEN)))
    text = " ".join(page.extract_text() for page in written.pages)
    assert len(written.pages) == pages
    assert "Reader Reader 7, 2026-01-02 03:04. Series 7" in text
    assert str(score_reader(sheet.answers, "any disease").sensitivity) in text
    assert all(answer.fingerprint in text for answer in sheet.answers)
    assert ("It misled" in text) is revised


def test_same_answers_give_the_same_bytes():
    assert practice_pdf(drawn_sheet(films=6), WHEN) == practice_pdf(drawn_sheet(films=6), WHEN)
