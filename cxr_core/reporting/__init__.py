"""The card's figures in words and tables, and what each means."""

from cxr_core.reporting.errors import ReportingError
from cxr_core.reporting.markdown import card_markdown, replace_figures

__all__ = ["ReportingError", "card_markdown", "replace_figures"]
