"""What can be wrong with a data set or a run."""

from cxr_core.errors import SecondLookError


class DataSetError(SecondLookError):
    """A data folder cannot be used for training or evaluation."""


class RunError(SecondLookError):
    """A training run cannot be started or resumed."""
