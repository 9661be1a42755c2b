"""Many films in one session: read one after another in a thread, shown as a table, opened again, taken away together."""

from typing import TYPE_CHECKING

from cxr_core.lazy import lazily

if TYPE_CHECKING:
    from cxr_core.worklist.entry import Entry
    from cxr_core.worklist.export import MOST_PAGES, BookJob, csv_of, json_lines
    from cxr_core.worklist.figures import Figures
    from cxr_core.worklist.order import GATES, ORDERS
    from cxr_core.worklist.rows import Wanted, choose, hides, row_of
    from cxr_core.worklist.sources import MOST_FILMS, MOST_ZIP_BYTES
    from cxr_core.worklist.work import Work
    from cxr_core.worklist.worklist import Worklist

__all__ = [
    "GATES",
    "MOST_FILMS",
    "MOST_PAGES",
    "MOST_ZIP_BYTES",
    "ORDERS",
    "BookJob",
    "Entry",
    "Figures",
    "Wanted",
    "Work",
    "Worklist",
    "choose",
    "csv_of",
    "hides",
    "json_lines",
    "row_of",
]

__getattr__ = lazily(
    __name__,
    {
        "BookJob": "export",
        "Entry": "entry",
        "Figures": "figures",
        "GATES": "order",
        "MOST_FILMS": "sources",
        "MOST_PAGES": "export",
        "MOST_ZIP_BYTES": "sources",
        "ORDERS": "order",
        "Wanted": "rows",
        "Work": "work",
        "Worklist": "worklist",
        "choose": "rows",
        "csv_of": "export",
        "hides": "rows",
        "json_lines": "export",
        "row_of": "rows",
    },
)
