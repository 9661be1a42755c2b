"""Why a folder cannot be watched."""

from cxr_core.errors import SecondLookError


class WatchError(SecondLookError):
    """The root of these errors."""


class WatchfilesMissingError(WatchError):
    """The package that tells of changes is not installed."""


class FolderGoneError(WatchError):
    """The folder is not there, or no longer."""
