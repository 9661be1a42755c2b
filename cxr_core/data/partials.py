"""What runs that were killed while they filled a cache have left in it."""

import os
import shutil
from pathlib import Path


def remove_partials_of_the_dead(cache: Path) -> None:
    """Remove unfinished films and features of processes that are no more; the name of each says whose it is."""
    for partial in cache.glob("*.partial"):
        if not partial.name.startswith(("films-", "features-")):
            continue
        try:
            os.kill(int(partial.name.split(".")[-2]), 0)  # sends nothing: asks whether there is such a process
        except ProcessLookupError:
            if partial.is_dir():
                shutil.rmtree(partial, ignore_errors=True)
            else:
                partial.unlink(missing_ok=True)
        except (ValueError, OverflowError, PermissionError):
            pass  # no file of ours, or of another user's process, which lives
