"""`python -m cxr_core`: the command line, and how it ends. Whatever happens, that is an exit code and a sentence, never a traceback."""

import signal

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # until `main` looks after it: Ctrl-C ends the process silently

import _thread
import errno
import os
import sys
import threading
from contextlib import suppress
from types import FrameType
from typing import Any, TextIO

STOPPED = 130
"""Exit code after Ctrl-C, as shells have it."""

_interrupts: list[int] = []


def main() -> None:
    """Run a command and exit.

    Ctrl-C stops it after what must be put in order, and pressed once more at once. Python's own tracebacks come with `python -X dev`.
    """
    open_closed_streams()
    signal.signal(signal.SIGINT, interrupt)
    if not sys.flags.dev_mode:
        sys.unraisablehook = pass_interrupts_on
        threading.excepthook = lambda failed: None  # what a library's thread died of is said where its work is missed
    code = 1
    try:
        code = run()
    except BaseException as error:
        if sys.flags.dev_mode:
            raise
        code = told(error)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # what is left to do takes no time, and must not be interrupted by a traceback
        code = flushed(code)
    sys.exit(code)


def run() -> int:
    """Run the command; return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot show a letter
    from cxr_core.cli import app

    try:
        app(prog_name="python -m cxr_core")
    except SystemExit as ended:
        if isinstance(getattr(ended.__context__, "__cause__", None), KeyboardInterrupt):
            say("Stopped.")  # it came before or after the command itself, and typer says nothing
        return ended.code if isinstance(ended.code, int) else 0
    return 0


def told(error: BaseException) -> int:
    """Say in a line what ended a command that no command foresaw, and return its exit code. Nothing of a file is quoted."""
    if _interrupts or isinstance(error, KeyboardInterrupt):  # libraries make other errors of an interrupt
        say("Stopped.")
        return STOPPED
    if isinstance(error, OSError):
        if error.errno != errno.EPIPE:
            say(f"error: {error.strerror or type(error).__name__}.")
        return 1
    if isinstance(error, MemoryError):
        say("error: The memory of this computer does not suffice. Close other programs, or give fewer or smaller films.")
        return 1
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = "" if trace is None else f" in {os.path.basename(trace.tb_frame.f_code.co_filename)}, line {trace.tb_lineno}"
    say(
        f"error: {type(error).__name__}{where}: this should not happen. Please report it with the command that you gave. "
        "'python -X dev -m cxr_core' shows more."
    )
    return 1


def say(sentence: str) -> None:
    """Write to stderr, if it takes anything."""
    with suppress(OSError, ValueError):
        print(sentence, file=sys.stderr, flush=True)


def interrupt(number: int, frame: FrameType | None) -> None:
    """Stop the command at the first Ctrl-C, and the process at the next."""
    _interrupts.append(number)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    raise KeyboardInterrupt


def pass_interrupts_on(unraisable: Any) -> None:
    """Raise an interrupt once more that Python met where it can raise nothing, such as while it frees an object."""
    if unraisable.exc_type is KeyboardInterrupt:
        signal.signal(signal.SIGINT, interrupt)
        # A moment later and from beside: raised at once, it would end in this function, where it is lost again.
        again = threading.Timer(0.01, _thread.interrupt_main)
        again.daemon = True
        again.start()


def open_closed_streams() -> None:
    """Open what the shell has closed, so that no file of ours gets the number of a stream that libraries write to."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, closefd=False))  # noqa: SIM115


def flushed(code: int) -> int:
    """Write what is left of the output; return the exit code, which is 1 where it cannot be written. One that failed has said why."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError as error:
            if error.errno != errno.EPIPE and not code:
                say(f"error: The output cannot be written: {error.strerror}.")
            drop(stream)
            code = code or 1
    return code


def drop(stream: TextIO) -> None:
    """Let what a stream still holds go nowhere: Python would try to write it once more."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
        stream.flush()


if __name__ == "__main__":
    main()
