"""The report of one read, with the clinician's own opinion: as a page, as data and as DICOM. Needs no TensorFlow."""

from cxr_core.read_report.data import report_json
from cxr_core.read_report.document import (
    DISCLAIMER,
    SOURCE_LIMIT,
    Call,
    FilmFacts,
    GateResult,
    PredictionSet,
    Probability,
    ReadDocument,
    ReadReport,
    SaliencyShown,
)
from cxr_core.read_report.errors import OpinionError, ReadReportError
from cxr_core.read_report.opinion import CONFIDENCE_WORDS, Opinion, agreement
from cxr_core.read_report.pdf import placing, report_pdf
from cxr_core.read_report.secondary_capture import secondary_capture
from cxr_core.read_report.strip import map_texts, with_text

__all__ = [
    "CONFIDENCE_WORDS",
    "DISCLAIMER",
    "SOURCE_LIMIT",
    "Call",
    "FilmFacts",
    "GateResult",
    "Opinion",
    "OpinionError",
    "PredictionSet",
    "Probability",
    "ReadDocument",
    "ReadReport",
    "ReadReportError",
    "SaliencyShown",
    "agreement",
    "map_texts",
    "placing",
    "report_json",
    "report_pdf",
    "secondary_capture",
    "with_text",
]
