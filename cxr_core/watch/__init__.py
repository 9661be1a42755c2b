"""A folder that films come into: each is read once, as soon as it is whole. Names are imported when they are first used."""

from typing import TYPE_CHECKING

from cxr_core.lazy import lazily

if TYPE_CHECKING:
    from cxr_core.watch.run import check_watchable, watch_folder

__all__ = ["check_watchable", "watch_folder"]

__getattr__ = lazily(__name__, {"check_watchable": "run", "watch_folder": "run"})
