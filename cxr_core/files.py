"""Files that are complete or absent, and folders that one run has to itself."""

import fcntl
import glob
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from cxr_core.errors import FolderInUseError


def replace_file(path: Path, write: Callable[[Path], Any]) -> None:
    """Let `write` make a file under another name in the same folder, then put it in `path`'s place in one step.

    Processes that replace the same file at once do not meet: the last one's stays. What a killed one has left is removed by the next.
    """
    for left in path.parent.glob(f"partial-*-{glob.escape(path.name)}"):
        if not _lives(left.name.split("-")[1]):
            left.unlink(missing_ok=True)
    partial = path.with_name(f"partial-{os.getpid()}-{path.name}")
    try:
        write(partial)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def sole_use(folder: Path) -> Iterator[None]:
    """Hold a folder, made where it is missing, for one run. The system gives it back however the process ends.

    One that was made for a run that fails before it writes anything is removed.

    Raises
    ------
    FolderInUseError
        Another run holds it.
    """
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    held = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FolderInUseError(f"Another run writes into {folder}. Wait for it, or name another folder.") from error
        except OSError:
            pass  # some file systems of networks have no locks
        yield
    except BaseException:
        if is_new:
            with suppress(OSError):  # it holds something
                folder.rmdir()
        raise
    finally:
        os.close(held)


def _lives(process: str) -> bool:
    """Whether there is a process of this number; true of what is no number, so that no file of a user's is removed."""
    try:
        os.kill(int(process), 0)  # sends nothing
    except ProcessLookupError:
        return False
    except (ValueError, OverflowError, PermissionError):
        return True
    return True
