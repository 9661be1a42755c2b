"""What can be wrong with a run."""

from cxr_core.errors import SecondLookError


class RunError(SecondLookError):
    """A training run cannot be started or resumed."""
