"""What can be wrong with an input gate on disk."""

from cxr_core.artifacts import ModelError


class GateMissingError(ModelError):
    """A model folder has no input gate."""


class GateDamagedError(ModelError):
    """The file of an input gate cannot be read, or was fitted for other weights than those beside it."""
