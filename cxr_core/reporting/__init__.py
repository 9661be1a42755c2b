"""The report of one read, with the clinician's own opinion: as a page, as data and as DICOM. Needs no TensorFlow."""

from cxr_core.reporting.as_seen import Look, picture_as_seen
from cxr_core.reporting.book import ReportBook, report_pdf
from cxr_core.reporting.data import report_json
from cxr_core.reporting.document import (
    MOST_LABEL,
    Coverage,
    FilmFacts,
    ReadDocument,
    SaliencyShown,
)
from cxr_core.reporting.letters import in_ascii
from cxr_core.reporting.opinion import CONFIDENCE_WORDS, Opinion, agreement
from cxr_core.reporting.pdf import placing
from cxr_core.reporting.practice_pdf import practice_pdf
from cxr_core.reporting.report import MapShown, ReadReport, coverage_of, report_of
from cxr_core.reporting.reporter import Reporter
from cxr_core.reporting.secondary_capture import capture_image, secondary_capture
from cxr_core.reporting.strip import map_texts
from cxr_core.reporting.told import document_of, document_of_error

__all__ = [
    "CONFIDENCE_WORDS",
    "MOST_LABEL",
    "Coverage",
    "FilmFacts",
    "Look",
    "MapShown",
    "Opinion",
    "ReadDocument",
    "ReadReport",
    "ReportBook",
    "Reporter",
    "SaliencyShown",
    "agreement",
    "capture_image",
    "coverage_of",
    "document_of",
    "document_of_error",
    "in_ascii",
    "map_texts",
    "picture_as_seen",
    "placing",
    "practice_pdf",
    "report_json",
    "report_of",
    "report_pdf",
    "secondary_capture",
]
