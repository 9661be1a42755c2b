"""What a user takes away: text, tables and what they mean."""

from cxr_core.reporting.errors import ReportingError
from cxr_core.reporting.markdown import card_markdown, replace_figures

__all__ = ["ReportingError", "card_markdown", "replace_figures"]
