"""Why nothing is looked for among the films of a folder. Each message says what is wrong and what to do."""

from cxr_core.errors import SecondLookError


class SimilarError(SecondLookError):
    """The films of a folder cannot be searched."""
