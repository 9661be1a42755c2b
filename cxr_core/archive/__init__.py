"""Any number of films to Parquet, on one machine or on many; stopped and gone on with at any moment. Names are imported when first used."""

from typing import TYPE_CHECKING

from cxr_core.lazy import lazily

if TYPE_CHECKING:
    from cxr_core.archive.engine import Engine, ReadOptions, local_engine
    from cxr_core.archive.listing import list_archive
    from cxr_core.archive.on_ray import RayEngine
    from cxr_core.archive.rows import Row
    from cxr_core.archive.run import read_archive

__all__ = [
    "Engine",
    "RayEngine",
    "ReadOptions",
    "Row",
    "list_archive",
    "local_engine",
    "read_archive",
]

__getattr__ = lazily(
    __name__,
    {
        "Engine": "engine",
        "RayEngine": "on_ray",
        "ReadOptions": "engine",
        "Row": "rows",
        "list_archive": "listing",
        "local_engine": "engine",
        "read_archive": "run",
    },
)
