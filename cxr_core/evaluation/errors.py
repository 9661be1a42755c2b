"""What can be wrong with a measurement."""

from cxr_core.errors import SecondLookError


class ComparisonError(SecondLookError):
    """Classifiers cannot be compared: they were not measured on the same films."""
