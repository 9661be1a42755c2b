"""What can be wrong with the lung network on disk."""

from cxr_core.artifacts import ModelError


class LungNetworkMissingError(ModelError):
    """There is no lung network."""


class LungNetworkDamagedError(ModelError):
    """The file of the lung network cannot be read, or is not the one that its card pins."""
