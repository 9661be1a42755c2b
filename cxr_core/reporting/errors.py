"""What can be wrong with the report of a read."""

from cxr_core.errors import SecondLookError


class ReadReportError(SecondLookError):
    """A report cannot be written."""


class OpinionError(ReadReportError):
    """An opinion is incomplete or out of range."""
