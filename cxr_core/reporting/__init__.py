"""What a user takes away."""

from cxr_core.reporting.markdown import card_markdown, replace_figures

__all__ = ["card_markdown", "replace_figures"]
