"""What a header offers to make greys of its samples: modality and VOI tables, and windows."""

from dataclasses import dataclass

import numpy as np

from cxr_core.imaging.dicom.terms import WINDOW_NAMES
from cxr_core.imaging.dicom.values import SENSELESS, Values
from cxr_core.imaging.errors import InconsistentHeaderError

_TABLE_LACKS = 16
"""A table may lack one in so many of its entries: its last one then goes on."""


@dataclass(frozen=True, eq=False)
class Table:
    """A look-up table: what `first` and the integers after it become; values before and after it become the first and last entry.

    `first` is unsigned, as it stands in the file; whether it means a signed number depends on what is looked up. `bits` is what the
    file says of the entries, which they need not keep to. `name` is what the file calls the table, where that is a known term.
    """

    first: int
    entries: np.ndarray
    bits: int
    name: str = ""


@dataclass(frozen=True)
class Window:
    """A window: its centre, its width, which of the standard's functions it is, which of those it is that the file offers, its name.

    `name` is what the file calls it, where that is a known term.
    """

    centre: float
    width: float
    function: str
    number: int
    offered: int
    name: str = ""


def modality_table(header: Values) -> Table | None:
    """Read the table that comes before all others; None if there is none.

    Raises
    ------
    InconsistentHeaderError
        There is one that cannot be read. All greys depend on it, so that it cannot be left out.
    """
    for item in header.items("ModalityLUTSequence")[:1]:
        table = _table(item)
        if table is None:
            raise InconsistentHeaderError(SENSELESS.format(what="modality table"))
        return table
    return None


def voi_tables(header: Values) -> list[Table]:
    """Read the tables of values of interest that can be read, in the file's order."""
    tables = []
    for item in header.items("VOILUTSequence"):
        table = _table(item)
        if table is None:
            header.is_faulty("VOI table")
        else:
            tables.append(table)
    return tables


def windows(header: Values) -> list[Window]:
    """Read the windows that have an extent, in the file's order."""
    centres, widths = header.decimals("WindowCenter"), header.decimals("WindowWidth")
    function = "_".join(header.text("VOILUTFunction").replace("-", " ").replace("_", " ").split())
    if function not in ("LINEAR_EXACT", "SIGMOID"):
        if function not in ("", "LINEAR"):
            header.is_faulty("VOI function")
        function = "LINEAR"
    narrowest = 1 if function == "LINEAR" else 1e-9
    pairs = [(centre, width) for centre, width in zip(centres, widths, strict=False) if centre is not None and width is not None]
    names = header.text("WindowCenterWidthExplanation").split("\\")
    called = [WINDOW_NAMES.get(name.strip(), "") for name in names] if len(names) == len(pairs) else [""] * len(pairs)
    return [
        Window(centre, width, function, number, len(pairs), called[number - 1])
        for number, (centre, width) in enumerate(pairs, 1)
        if width >= narrowest  # some machines write a width of 0
    ]


def _table(item: Values) -> Table | None:
    """Read a table. How many bits its entries have is seen from their number and bytes: writers put what they like into the descriptor."""
    descriptor, raw = item.integers("LUTDescriptor"), item.raw("LUTData")
    if len(descriptor) != 3 or not raw:
        return None
    length, first, bits = descriptor[0] or 2**16, descriptor[1], descriptor[2]
    entries = np.array(item.integers("LUTData"))
    if len(raw) in (length, length + 1):
        # One in each byte, which is what a descriptor of 8 bits means; of another one only if that makes a curve.
        bytewise = np.frombuffer(raw[:length], np.uint8).astype(np.int64)
        rises = np.diff(bytewise)
        if bits <= 8 or (rises >= 0).all() or (rises <= 0).all():
            entries = bytewise
    entries = entries[:length]
    missing = length - len(entries)
    if missing:
        if len(entries) < 2 or (descriptor[0] and missing > max(1, length // _TABLE_LACKS)):
            return None
        item.notes.append("look-up table lacks entries: its last one goes on")
    return Table(first, entries.astype(np.float64), bits, WINDOW_NAMES.get(item.text("LUTExplanation"), ""))
