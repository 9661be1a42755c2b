"""What can be wrong with a practise series."""

from cxr_core.errors import SecondLookError


class PracticeError(SecondLookError):
    """A series cannot be drawn, or a file of answers cannot be used."""
