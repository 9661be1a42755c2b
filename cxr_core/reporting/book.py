"""Reports as a PDF file, a page each: of one read, or of many."""

from typing import Final

from cxr_core import __version__
from cxr_core.reporting.errors import ReadReportError
from cxr_core.reporting.pdf import FOOTER, draw_page
from cxr_core.reporting.pictures import BOOK_PICTURE_SIDE, PICTURE_SIDE
from cxr_core.reporting.report import ReadReport
from cxr_core.reporting.sheet import Sheet

PLANS: Final = tuple(
    (side, scale)
    for scales in ((1.0, 0.92), (0.84, 0.76))
    for side in (108.0, 102.0, 96.0, 91.0, 86.0, 76.0, 66.0, 56.0)
    for scale in scales
)
"""Greatest height of a picture in mm, and size of the text below it, in the order in which they are tried until everything fits."""


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
    ReadReportError
        The texts do not fit the page, which only texts far beyond those of this app could bring about.
    """
    book = ReportBook(1, PICTURE_SIDE)
    book.add(report)
    return book.pdf()


class ReportBook:
    """Reports of many reads as one PDF file, an A4 page each.

    It holds nothing but what the reports do, and is dated by the first of them.

    Parameters
    ----------
    planned : int
        Pages that it is to have, for their numbers.
    picture_side : int
        Longest side, in pixels, of an embedded picture.
    """

    def __init__(self, planned: int, picture_side: int = BOOK_PICTURE_SIDE) -> None:
        self._planned, self._picture_side = planned, picture_side
        self._sheet: Sheet | None = None

    @property
    def pages(self) -> int:
        """How many there are."""
        return 0 if self._sheet is None else self._sheet.page_no()

    def add(self, report: ReadReport) -> None:
        """Add a page.

        Raises
        ------
        ReadReportError
            As `report_pdf`.
        """
        for side, scale in PLANS:
            if draw_page(Sheet(scale), report, side, finished=False) <= FOOTER:
                break
        else:
            raise ReadReportError("The report's texts do not fit one page. Take the JSON instead, which holds all of them.")
        if self._sheet is None:
            self._sheet = Sheet(scale, self._planned, self._picture_side)
            self._sheet.set_creation_date(report.read_at_utc)
            self._sheet.set_producer(f"Second Look {__version__}")
            self._sheet.set_title("Second reader's report" if self._planned == 1 else "Second reader's reports")
            self._sheet.set_lang("en-GB")
        else:
            self._sheet.scale = scale
            self._sheet.add_page()
        draw_page(self._sheet, report, side, finished=True)

    def pdf(self) -> bytes:
        """Write the file.

        Raises
        ------
        ReadReportError
            It has no page.
        """
        if self._sheet is None:
            raise ReadReportError("There is no page to write: none of the films could be read.")
        return bytes(self._sheet.output())
