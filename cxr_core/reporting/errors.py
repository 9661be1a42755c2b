"""What can be wrong with a thing to be taken away."""

from cxr_core.errors import SecondLookError


class ReportingError(SecondLookError):
    """A report cannot be written."""


class OpinionError(ReportingError):
    """An opinion is incomplete or out of range."""
