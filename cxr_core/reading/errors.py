"""What can go wrong where films are decoded in processes of their own."""

from cxr_core.errors import SecondLookError

SET_ASIDE = "The film was set aside:"
"""How the message of such an error begins, wherever only its text is left."""


class FilmSetAsideError(SecondLookError):
    """A film crashes or hangs whatever decodes it, each time that it is tried."""


class DecoderStartError(ChildProcessError):
    """A process that decodes films does not start. No `SecondLookError`: those are reported with a film, and this is no film's fault."""
