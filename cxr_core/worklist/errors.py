"""What can go wrong with a worklist as a whole. What is wrong with one film stands in its row."""

from cxr_core.errors import SecondLookError


class WorklistError(SecondLookError):
    """A folder cannot be listed, or holds no films or too many."""
