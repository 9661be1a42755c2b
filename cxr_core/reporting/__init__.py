"""What a user takes away: text, tables and what they mean, and the report of one read."""

from cxr_core.reporting.errors import OpinionError, ReportingError
from cxr_core.reporting.markdown import card_markdown, replace_figures
from cxr_core.reporting.opinion import CONFIDENCE_WORDS, Opinion, agreement
from cxr_core.reporting.read_pdf import report_pdf
from cxr_core.reporting.read_report import (
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
    report_json,
)
from cxr_core.reporting.secondary_capture import secondary_capture

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
    "ReportingError",
    "SaliencyShown",
    "agreement",
    "card_markdown",
    "replace_figures",
    "report_json",
    "report_pdf",
    "secondary_capture",
]
