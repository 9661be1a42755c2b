"""What can be wrong with a text to be written."""

from cxr_core.errors import SecondLookError


class ReportingError(SecondLookError):
    """A text cannot be written."""
