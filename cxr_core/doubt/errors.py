"""What can keep doubt from being fitted."""

from cxr_core.errors import SecondLookError


class DoubtFitError(SecondLookError):
    """The films do not allow what is to be fitted on them."""
