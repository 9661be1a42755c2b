"""The card's figures in words and tables, and what each means; a module a part of the card."""

from cxr_core.model_card import (
    calibration_card,
    elsewhere_card,
    gate_card,
    helps_card,
    report,
    results_card,
    saliency_card,
    shortcuts_card,
    site_card,
    study_card,
    tables,
)
from cxr_core.model_card.finding import AuditFinding
from cxr_core.model_card.markdown import replace_figures
from cxr_core.model_card.trust import answers, at_home

__all__ = [
    "AuditFinding",
    "answers",
    "at_home",
    "calibration_card",
    "elsewhere_card",
    "gate_card",
    "helps_card",
    "replace_figures",
    "report",
    "results_card",
    "saliency_card",
    "shortcuts_card",
    "site_card",
    "study_card",
    "tables",
]
