"""What can go wrong where films are decoded in processes of their own."""

from cxr_core.errors import SecondLookError
from cxr_core.imaging import TOO_LITTLE_MEMORY

SET_ASIDE = "The film was set aside:"
"""How the message of such an error begins, wherever only its text is left."""


class FilmSetAsideError(SecondLookError):
    """A film crashes or hangs whatever decodes it, each time that it is tried."""


def set_aside(error: Exception) -> FilmSetAsideError:
    """Return what is told of an error that nobody foresaw: its type alone, for its message may quote the film's file.

    Parameters
    ----------
    error : Exception
        What was raised while a film was read: a fault of ours, but one film must not end a list.
    """
    if isinstance(error, MemoryError):
        return FilmSetAsideError(TOO_LITTLE_MEMORY)
    return FilmSetAsideError(f"{SET_ASIDE} reading it failed with {type(error).__name__}.")


class DecoderStartError(ChildProcessError):
    """A process that decodes films does not start. No `SecondLookError`: those are reported with a film, and this is no film's fault."""
