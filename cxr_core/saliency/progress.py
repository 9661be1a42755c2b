"""How a slow method says how far it is, and how it is stopped."""

from collections.abc import Callable

from cxr_core.errors import SecondLookError

OnStep = Callable[[int, int], None]
"""Called with the steps done and all of them, from none done to the last; it may raise `Cancelled`."""


class Cancelled(SecondLookError):  # noqa: N818 - nothing went wrong
    """The user stopped a method before it was through."""
