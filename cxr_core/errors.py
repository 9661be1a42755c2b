"""The root of every error that Second Look raises on purpose."""


class SecondLookError(Exception):
    """An error whose message is a sentence for the user: what is wrong and what to do about it."""


class FolderInUseError(SecondLookError):
    """Another run writes into the folder."""
