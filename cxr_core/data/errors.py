"""What can be wrong with a data set."""

from cxr_core.errors import SecondLookError


class DataSetError(SecondLookError):
    """A data folder cannot be used for training or evaluation."""
