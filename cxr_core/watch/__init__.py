"""A folder that films come into: each is read once, as soon as it is whole. Names are imported when they are first used."""

from typing import TYPE_CHECKING

from cxr_core.lazy import lazily
from cxr_core.watch.errors import FolderGoneError, WatchError, WatchfilesMissingError

if TYPE_CHECKING:
    from cxr_core.watch.run import SETTLED_SECONDS, check_watchable, watch_folder

__all__ = ["SETTLED_SECONDS", "FolderGoneError", "WatchError", "WatchfilesMissingError", "check_watchable", "watch_folder"]

__getattr__ = lazily(__name__, {"SETTLED_SECONDS": "run", "check_watchable": "run", "watch_folder": "run"})
